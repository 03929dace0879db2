"""Are the active engagements known without asking the database at every beat?"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from oscar_engage.widgets.live import KEPT_SECONDS, active_engagements, forget_engagements
from oscar_engage.widgets.models import Engagement

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CountQueries = Callable[[int], Any]


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    forget_engagements()
    yield
    forget_engagements()


def test_active_engagements__switched_off__left_out() -> None:
    for slug, is_active in (("on", True), ("off", False)):
        Engagement.objects.create(slug=slug, widget="note", title=slug, is_active=is_active)

    assert list(active_engagements(now=NOW)) == ["on"]


def test_active_engagements__within_a_second__one_query(django_assert_num_queries: CountQueries) -> None:
    Engagement.objects.create(slug="sale", widget="note", title="Sale", starts_at=NOW)
    with django_assert_num_queries(1):
        for moment in (10.0, 10.5, 10.99):
            active_engagements(now=NOW, clock=partial(float, moment))


def test_active_engagements__edited__seen_after_a_second() -> None:
    edited = Engagement.objects.create(slug="help", widget="note", title="Old")
    assert active_engagements(now=NOW, clock=lambda: 10.0)["help"].title == "Old"
    edited.title = "New"
    edited.save()

    assert active_engagements(now=NOW, clock=lambda: 10.0 + KEPT_SECONDS)["help"].title == "New"


@pytest.mark.parametrize(
    ("starts", "ends", "is_offered"),
    [(0, None, True), (1, None, False), (None, 0, False), (None, 1, True), (-1, 1, True), (None, None, True)],
)
def test_active_engagements__with_times__from_the_start_on_and_before_the_end(
    starts: int | None, ends: int | None, is_offered: bool
) -> None:
    times = {
        name: None if by is None else NOW + timedelta(microseconds=by) for name, by in (("starts", starts), ("ends", ends))
    }
    Engagement.objects.create(slug="sale", widget="note", title="Sale", starts_at=times["starts"], ends_at=times["ends"])

    assert list(active_engagements(now=NOW)) == (["sale"] if is_offered else [])


def test_active_engagements__border_within_the_remembered_second__holds_at_once() -> None:
    Engagement.objects.create(slug="over", widget="note", title="Over", ends_at=NOW)
    Engagement.objects.create(slug="next", widget="note", title="Next", starts_at=NOW)

    before = active_engagements(now=NOW - timedelta(microseconds=1), clock=lambda: 10.0)
    after = active_engagements(now=NOW, clock=lambda: 10.0)

    assert (list(before), list(after)) == (["over"], ["next"])
