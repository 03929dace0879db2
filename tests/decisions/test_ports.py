"""May a shop's desk answer as it always did, and does one that knows skills hear of them?"""

from datetime import UTC, datetime

import pytest
from django.test import override_settings

from oscar_engage.decisions.ports import get_availability

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


class OldDesk:
    """As before there were skills."""

    def free_agents(self, *, now: datetime) -> int:
        return 2


class NewDesk:
    def free_agents(self, *, now: datetime, skill: int | None = None, language: str | None = None) -> int:
        return 5 if skill is None else skill


class AnyDesk:
    def free_agents(self, **asked: object) -> int:
        return len(asked)


@pytest.mark.parametrize(
    ("name", "of_all", "of_skill"),
    [("OldDesk", 2, 2), ("NewDesk", 5, 1), ("AnyDesk", 1, 3)],
)
def test_get_availability__own_class__is_asked_what_it_understands(name: str, of_all: int, of_skill: int) -> None:
    with override_settings(OSCAR_ENGAGE={"AVAILABILITY": f"{__name__}.{name}"}):
        desk = get_availability()
        assert desk.free_agents(now=NOW) == of_all
        assert desk.free_agents(now=NOW, skill=1, language="de") == of_skill


@override_settings(OSCAR_ENGAGE={"AVAILABILITY": "oscar_engage.decisions.ports.NobodyAvailable"})
def test_get_availability__switched_off__nobody_for_anything() -> None:
    assert get_availability().free_agents(now=NOW, skill=1, language="de") == 0
