"""Are the active engagements known without asking the database at every beat?"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from oscar_engage.widgets.live import KEPT_SECONDS, active_engagements, forget_engagements
from oscar_engage.widgets.models import Engagement

pytestmark = pytest.mark.django_db
CountQueries = Callable[[int], Any]


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    forget_engagements()
    yield
    forget_engagements()


def test_active_engagements__switched_off__left_out() -> None:
    for slug, is_active in (("on", True), ("off", False)):
        Engagement.objects.create(slug=slug, widget="note", title=slug, is_active=is_active)

    assert list(active_engagements()) == ["on"]


def test_active_engagements__within_a_second__one_query(django_assert_num_queries: CountQueries) -> None:
    with django_assert_num_queries(1):
        for moment in (10.0, 10.5, 10.99):
            active_engagements(clock=partial(float, moment))


def test_active_engagements__edited__seen_after_a_second() -> None:
    edited = Engagement.objects.create(slug="help", widget="note", title="Old")
    assert active_engagements(clock=lambda: 10.0)["help"].title == "Old"
    edited.title = "New"
    edited.save()

    assert active_engagements(clock=lambda: 10.0 + KEPT_SECONDS)["help"].title == "New"
