"""Does the page say where the site hurts, at a constant price, in words and as a file?"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.document import write_cells
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.analytics.struggles.count import STRUGGLES
from oscar_engage.analytics.struggles.visit import Ended, Tally, read_story
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visit, Visitor
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/engage/reports/struggles/"


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


def visit_that(*signals: tuple[str, dict[str, Any]], total: float = 80, currency: str = "GBP", days: int = 0) -> Visit:
    """A visit that ended an hour and so many days ago, with something in its basket."""
    at = timezone.now() - timedelta(days=days, hours=1)
    visitor = Visitor.objects.create(consent=3, created_at=at, last_seen_at=at)
    state = {"basket": {"total": total, "currency": currency, "lines": 1}}
    visit = Visit.objects.create(visitor=visitor, started_at=at, last_at=at, state=state)
    SignalRecord.objects.bulk_create(
        SignalRecord(
            event_id=uuid.uuid4(),
            visitor_id=visitor.pk,
            visit_id=visit.pk,
            kind=kind,
            source="server",
            payload=payload,
            at=at + timedelta(seconds=number),
            received_at=at,
        )
        for number, (kind, payload) in enumerate(signals)
    )
    return visit


REFUSED = (("payment.tried", {}), ("payment.failed", {"reason": "declined"}))


def test_struggles__nothing_counted__says_what_to_do(client: Client) -> None:
    page = text_of(client.get(PAGE))
    assert "No visit has been counted in these days" in page
    assert "worker" in page


def test_struggles__no_struggle__says_so(client: Client) -> None:
    visit_that(("page.viewed", {"page": "home"}))
    fill(STRUGGLES, now=timezone.now())
    assert "Nobody struggled in these days" in text_of(client.get(PAGE))


def test_struggles__some__stand_ranked_in_words_with_their_baskets(client: Client) -> None:
    visit_that(*REFUSED, total=120)
    visit_that(("page.rage_clicked", {"place": "size-table|product:3"}), total=30)
    visit_that(("form.invalid", {"form": "shipping", "fields": ["postcode"]}), total=10, currency="EUR")
    fill(STRUGGLES, now=timezone.now())
    page = text_of(client.get(PAGE))
    assert page.index("paying") < page.index("size-table")
    for words in ("£120.00", "£30.00", "payment refused or broken (1)", "clicked in anger (1)", "postcode", "not enough data"):
        assert words in page, words
    assert "/reports/places/size-table/" in page
    assert "product 3" in page
    assert "currency=EUR" in page
    assert "€10.00" in text_of(client.get(PAGE, {"currency": "EUR"}))


@pytest.mark.parametrize("count", [1, 3])
def test_struggles__however_many__takes_the_same_queries(
    count: int, client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(count):
        visit_that(("page.viewed", {"page": "product", "product_id": number + 1}), ("page.sought", {}))
    fill(STRUGGLES, now=timezone.now())
    client.get(PAGE)
    # session, user, permissions (2), savepoints (2), notifications, both periods, products
    with django_assert_num_queries(11):
        client.get(PAGE, {"beside": "before"})


def test_struggles__compared__shows_both(client: Client) -> None:
    visit_that(*REFUSED, total=120)
    visit_that(*REFUSED, total=75, days=9)
    fill(STRUGGLES, now=timezone.now())
    page = text_of(client.get(PAGE, {"days": "7", "beside": "before"}))
    assert "£120.00" in page
    assert "£75.00" in page


def test_struggles__as_a_file__has_every_spot(client: Client) -> None:
    visit_that(*REFUSED)
    visit_that(("search.made", {"query": "x", "results": 0}))
    fill(STRUGGLES, now=timezone.now())
    lines = client.get(PAGE, {"as": "csv"}).content.decode().splitlines()
    assert lines[0].lstrip("\ufeff").startswith("kind,name,visits")
    assert [line.split(",")[:2] for line in lines[1:]] == [["page", "search"], ["step", "payment"]]


def test_struggles__name_from_a_hostile_browser__is_no_address(client: Client) -> None:
    visit_that(("page.rage_clicked", {"place": "a/../<b>"}), ("page.dead_clicked", {"place": "=1+1|x"}))
    fill(STRUGGLES, now=timezone.now())
    page = text_of(client.get(PAGE))
    assert "another page" in page
    assert "<b>" not in page


# Enough of both to be compared


def test_struggles__enough_visits__says_how_much_more_often_they_end_without_an_order(client: Client) -> None:
    tally = Tally()
    struck = read_story([("checkout.step", {"step": "index"}), ("checkout.refused", {"step": "index"})])
    passed = read_story([("checkout.step", {"step": "index"})])
    for number in range(100):
        tally.add(struck, Ended(ordered=number < 20, hundredths=1000, currency="GBP"))
        tally.add(passed, Ended(ordered=number < 60, hundredths=1000, currency="GBP"))
    RollupDay.objects.create(
        rollup="struggles",
        day=timezone.localdate(),
        version=STRUGGLES.version,
        cells=write_cells(STRUGGLES, tally.cells()),
        digest="",
        filled_at=timezone.now(),
    )
    page = text_of(client.get(PAGE))
    assert "+40 points" in page
    assert "It is no proof" in page
