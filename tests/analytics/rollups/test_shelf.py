"""Does a shelf answer as single reads do, with one query, and refuse what is not on it?"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.read import Shelf, read_counts

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 1)
UNTIL = FIRST + timedelta(days=10)


@pytest.fixture(autouse=True)
def counted() -> None:
    for back in range(10):
        for name, cells in (("vouchers", [["", back, 0]]), ("satisfaction", [["chat", 3, back % 3]])):
            RollupDay.objects.create(
                rollup=name, day=FIRST + timedelta(days=back), version=1, cells=cells, digest="", filled_at=timezone.now()
            )
    RollupDay.objects.filter(rollup="vouchers", day=FIRST).update(version=0)


@pytest.mark.parametrize("days", [(0, 10), (3, 5), (4, 4)])
def test_shelf__any_days_on_it__answers_as_a_read_does(
    days: tuple[int, int], django_assert_num_queries: Callable[[int], Any]
) -> None:
    since, until = (FIRST + timedelta(days=day) for day in days)
    with django_assert_num_queries(1):
        shelf = Shelf(("vouchers", "satisfaction"), since=FIRST, until=UNTIL)
        found = {name: shelf(name, since=since, until=until) for name in ("vouchers", "satisfaction")}
    assert found == {name: read_counts(name, since=since, until=until) for name in found}


def test_shelf__what_was_not_read__is_refused() -> None:
    shelf = Shelf(("vouchers",), since=FIRST, until=UNTIL)
    with pytest.raises(LookupError):
        shelf("satisfaction", since=FIRST, until=UNTIL)
    with pytest.raises(LookupError, match="which was read"):
        shelf("vouchers", since=FIRST, until=UNTIL + timedelta(days=1))
