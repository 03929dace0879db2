"""Does the page say what got worse for those who are helped, and how sure that is, at a constant price?"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from oscar_engage.analytics.guardrails.count import COMPLAINTS, ORDERS, SPEED
from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.document import write_cells
from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.rules.models import Rule
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/engage/reports/side-effects/"
Pairs = list[tuple[int, int]]


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


def orders(number: int, back: int) -> Pairs:
    return [(1, 1)] * back + [(0, 1)] * (number - back)


def write(rollup: Any, *cells: tuple[str, str, Pairs, Pairs]) -> None:
    """Write what was counted today: measure, rule, and the units of treated and control."""
    rows = [
        ((measure, rule, arm, "0.9"), Moments.of(pairs).as_numbers())
        for measure, rule, *arms in cells
        for arm, pairs in zip(("treated", "control"), arms, strict=True)
    ]
    RollupDay.objects.create(
        rollup=rollup.name,
        day=timezone.localdate(),
        version=1,
        cells=write_cells(rollup, rows),
        digest="",
        filled_at=timezone.now(),
    )


def test_guardrails__nothing_counted__says_what_to_do(client: Client) -> None:
    assert "Publish a rule" in text_of(client.get(PAGE))


def test_guardrails__returns_are_up__rings_and_says_how_much(client: Client) -> None:
    write(ORDERS, ("returns", "shop", orders(2000, 400), orders(1000, 50)))
    page = text_of(client.get(PAGE))
    assert "1 measure is worse for those who are helped" in page
    assert "+15 points" in page
    assert "400 of 2,000 orders" in page
    assert "engage-badge-late" in page


def test_guardrails__no_difference__says_how_much_worse_it_is_at_most(client: Client) -> None:
    write(ORDERS, ("returns", "shop", orders(2000, 100), orders(1000, 50)))
    write(SPEED, ("speed", "shop", [(1000 + one % 7, 1) for one in range(300)], [(1000 + one % 7, 1) for one in range(300)]))
    write(COMPLAINTS, ("complaints", "shop", [(1, 0)] * 3, [(0, 0)] * 3))
    page = text_of(client.get(PAGE))
    assert "Nothing was found to be worse" in page
    assert "points higher, with 95 % certainty" in page
    assert "0.001 s slower" in page or "0.000 s slower" in page
    assert "1.00 s" in page
    assert "not enough data yet" in page


@pytest.mark.parametrize("count", [1, 3])
def test_guardrails__however_many_rules__takes_the_same_queries(
    count: int, client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    rules = [Rule.objects.create(name=f"Rule {number}") for number in range(count)]
    write(ORDERS, *(("returns", str(rule.pk), orders(200, 20), orders(200, 20)) for rule in rules))
    client.get(PAGE)
    # session, user, permissions (2), savepoints (2), notifications, the rollups of either period, names of rules
    with django_assert_num_queries(10):
        page = text_of(client.get(PAGE, {"beside": "before"}))
    assert all(rule.name in page for rule in rules)


def test_guardrails__as_a_file__has_every_measure(client: Client) -> None:
    write(ORDERS, ("returns", "shop", orders(2000, 400), orders(1000, 50)), ("cancellations", "9", [(0, 1)], [(0, 0)]))
    lines = client.get(PAGE, {"as": "csv"}).content.decode().splitlines()
    assert lines[1].startswith("returns,shop,0.20000,0.05000,0.15000,")
    assert lines[2] == "cancellations,9,0.00000,,,,,not yet,1,0,1,1,0,0"
