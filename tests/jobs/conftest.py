"""Job kinds of the tests' own, and the moment at which they happen."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from oscar_engage.jobs.periodic import RECURRING, every
from oscar_engage.jobs.registry import HANDLERS, Handler

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins without recurring jobs, and its own kinds are gone afterwards."""
    monkeypatch.setattr(HANDLERS, "_entries", dict(HANDLERS._entries))
    monkeypatch.setattr(RECURRING, "_entries", {})


@pytest.fixture
def register() -> Callable[[str, Handler], None]:
    def add(kind: str, function: Handler) -> None:
        HANDLERS.register(kind, function)

    return add


@pytest.fixture
def recur() -> Callable[[str, int], None]:
    return every


@pytest.fixture
def done(register: Callable[[str, Handler], None]) -> list[Mapping[str, Any]]:
    """What the job kind ``test.work`` was called with."""
    calls: list[Mapping[str, Any]] = []

    def work(payload: Mapping[str, Any], /, *, now: datetime) -> None:
        calls.append(payload)

    register("test.work", work)
    return calls
