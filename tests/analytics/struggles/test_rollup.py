"""Are the counts of open days what plain loops over all raw rows say, for any history?"""

import uuid
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from oscar_engage.analytics.models import Conversion, RollupDay
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.analytics.rollups.read import read_counts
from oscar_engage.analytics.struggles.count import STRUGGLES
from oscar_engage.analytics.struggles.report import report_struggles, worst_struggles
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visit, Visitor
from tests.examples import examples

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

SIGNALS: list[tuple[str, dict[str, Any]]] = [
    ("page.viewed", {"page": "basket"}),
    ("page.viewed", {"page": "product", "product_id": 7}),
    ("page.viewed", {"page": "checkout", "step": "shipping-address"}),
    ("page.anchors", {"seen": ["price|product:7", "size-table"]}),
    ("page.rage_clicked", {"place": "price|product:7"}),
    ("page.rage_clicked", {"place": ""}),
    ("page.dead_clicked", {"place": "size-table"}),
    ("form.invalid", {"form": "shipping", "fields": ["postcode", "line1"]}),
    ("form.invalid", {"form": "shipping", "fields": []}),
    ("field.left", {"name": "postcode", "invalid": False}),
    ("field.left", {"name": "line1", "invalid": True}),
    ("checkout.back", {"step": "shipping-address"}),
    ("payment.tried", {}),
    ("payment.failed", {"reason": "declined"}),
    ("search.made", {"query": "x", "results": 0}),
    ("search.made", {"query": "y", "results": 3}),
    ("page.quick_back", {"product_id": 7}),
    ("widget.seen", {"decision": "1"}),
]
VISIT = st.fixed_dictionaries(
    {
        "who": st.integers(0, 3),
        "ended": st.integers(0, 9).map(lambda number: number * 8),
        "lasted": st.sampled_from([0, 1, 8]),
        "signals": st.lists(st.integers(0, len(SIGNALS) - 1), min_size=1, max_size=8),
        "basket": st.sampled_from([None, (1999, "GBP"), (5000, "EUR"), (1, "GBP")]),
    }
)
ORDER = st.tuples(st.integers(0, 3), st.integers(0, 12).map(lambda number: number * 8))  # a coarse grid: edges are met
KINDS = st.lists(st.sampled_from(["shopper", "shopper", "staff", "automaton", "second device"]), min_size=4, max_size=4)


@pytest.fixture(autouse=True)
def utc(settings: Any) -> None:
    settings.TIME_ZONE = "UTC"


def make_visitor(kind: str, first: Visitor | None) -> Visitor:
    return Visitor.objects.create(
        consent=3,
        created_at=NOW,
        last_seen_at=NOW,
        is_staff=kind == "staff",
        is_automaton=kind == "automaton",
        unit_of=first.pk if first and kind == "second device" else None,
    )


def hear(visit: Visit, number: int, kind: str, payload: dict[str, Any]) -> None:
    at = visit.started_at + timedelta(seconds=number)
    SignalRecord.objects.create(
        event_id=uuid.uuid4(),
        visitor_id=visit.visitor_id,
        visit_id=visit.pk,
        kind=kind,
        source="browser",
        payload=payload,
        at=at,
        received_at=at,
    )


def make_visit(visitor: Visitor, made: dict[str, Any]) -> Visit:
    last_at = NOW - made["ended"] * HOUR
    state: dict[str, Any] = {}
    if made["basket"]:
        hundredths, currency = made["basket"]
        state = {"basket": {"total": hundredths / 100, "currency": currency, "lines": 1}}
    visit = Visit.objects.create(visitor=visitor, started_at=last_at - made["lasted"] * HOUR, last_at=last_at, state=state)
    for number, index in enumerate(made["signals"]):
        hear(visit, number, *SIGNALS[index])
    return visit


def order(visitor: Visitor, hours_ago: int) -> None:
    Conversion.objects.create(
        visitor_id=visitor.pk, total=Decimal(10), currency="GBP", placed_at=NOW - hours_ago * HOUR, order_number="1"
    )


def spots_of(index: int, page: tuple[str, str], product: int | None, before: str) -> tuple[list[Any], list[Any]]:
    """Return ``(struggles, reached)`` of a signal, written down again from the words of the documentation."""
    kind, payload = SIGNALS[index]
    thing = [("product", "7")]
    on = [("product", str(product))] if product else []
    told: dict[str, tuple[list[Any], list[Any]]] = {
        "page.anchors": ([], [("place", "price"), ("place", "size-table")]),
        "checkout.back": ([(("step", "shipping-address"), "back_step")], []),
        "payment.tried": ([], [("step", "payment")]),
        "payment.failed": ([(("step", "payment"), "payment_failed")], []),
        "page.dead_clicked": ([(spot, "dead") for spot in [("place", "size-table"), *on]], []),
        "page.quick_back": ([(spot, "quick_back") for spot in [("page", "product"), *thing]], []),
        "widget.seen": ([], []),
    }
    if kind == "page.rage_clicked":
        spots = [("place", "price"), *thing] if payload["place"] else [page, *on]
        return [(spot, "rage") for spot in spots], []
    if kind == "form.invalid":
        return [(("field", name), "field_error") for name in payload["fields"] or ["shipping"]], []
    if kind == "field.left":
        spot = ("field", payload["name"])
        return ([(spot, "field_error")] if payload["invalid"] else []), [spot]
    if kind == "search.made":
        spot = ("page", "search")
        return ([(spot, "nothing_found")] if not payload["results"] else []), [spot]
    return told[kind]


def brute_force() -> dict[Any, dict[Any, list[int]]]:
    """Return, by day, the cells that plain loops over all rows come to."""
    days: dict[Any, dict[Any, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0] * 5))

    def unit(visitor_id: uuid.UUID) -> uuid.UUID:
        return Visitor.objects.get(pk=visitor_id).unit_of or visitor_id

    for visit in Visit.objects.all():
        if visit.last_at >= NOW - timedelta(minutes=30):
            continue
        cells = days[visit.last_at.date()]
        if visit.visitor.is_staff or visit.visitor.is_automaton:
            cells["left out", "staff" if visit.visitor.is_staff else "automata", "any", ""][1] += 1
            continue
        own = list(SignalRecord.objects.filter(visit_id=visit.pk).order_by("at"))
        own = [row for row in own if row.kind != "widget.seen"]
        if not own:
            continue
        page, product, before = ("page", "other"), None, "other"
        struggles: Counter[Any] = Counter()
        reached: set[Any] = set()
        for row in own:
            if row.kind == "page.viewed":
                product = row.payload.get("product_id")
                page = ("step", row.payload["step"]) if "step" in row.payload else ("page", row.payload["page"])
                reached |= {page} | ({("product", str(product))} if product else set())
                continue
            index = next(i for i, (kind, payload) in enumerate(SIGNALS) if (kind, payload) == (row.kind, row.payload))
            bad, there = spots_of(index, page, product, before)
            struggles.update(bad)
            reached |= set(there)
        bought = any(
            unit(one.visitor_id) == unit(visit.visitor_id)
            and visit.started_at <= one.placed_at < visit.last_at + timedelta(days=1)
            for one in Conversion.objects.all()
        )
        basket = visit.state.get("basket")
        total, currency = (round(basket["total"] * 100), basket["currency"]) if basket else (0, "")
        lost = 0 if bought else total
        ending = [1, int(bought), int(lost > 0), lost]
        marks: list[tuple[Any, int]] = [(("visits", "", "any"), 0)]
        marks += [((*spot, struggle), times) for (spot, struggle), times in struggles.items()]
        hurt = {spot for spot, _struggle in struggles}
        marks += [((*spot, "any"), sum(times for (other, _s), times in struggles.items() if other == spot)) for spot in hurt]
        marks += [((*spot, "none"), 0) for spot in reached - hurt]
        for key, times in marks:
            values = cells[(*key, currency)]
            for place, number in enumerate([times, *ending]):
                values[place] += number
    return days


class TestOracle(TestCase):  # type: ignore[misc]  # hypothesis has no type for it
    @settings(max_examples=examples(150), deadline=None)
    @given(KINDS, st.lists(VISIT, min_size=2, max_size=8), st.lists(ORDER, max_size=6))
    def test_count__any_history__is_what_plain_loops_say(
        self, kinds: list[str], visits: list[dict[str, Any]], orders: list[tuple[int, int]]
    ) -> None:
        people: list[Visitor] = []
        for kind in kinds:
            people.append(make_visitor(kind, people[0] if people else None))
        for made in visits:
            make_visit(people[made["who"]], made)
        for who, hours_ago in orders:
            order(people[who], hours_ago)
        fill(STRUGGLES, now=NOW)
        counts = read_counts("struggles", since=date(2026, 6, 1), until=date(2026, 7, 1))
        found = {day: {key: list(values) for key, values in cells.items()} for day, cells in counts.days.items() if cells}
        expected = {day: {key: list(values) for key, values in cells.items()} for day, cells in brute_force().items()}
        assert found == {day: cells for day, cells in expected.items() if cells}


@pytest.mark.django_db
@pytest.mark.attack("O04")
def test_count__visit_erased_after_its_day_closed__stays_counted() -> None:
    visitor = make_visitor("shopper", None)
    make_visit(visitor, {"ended": 24 * 5, "lasted": 0, "signals": [12, 13], "basket": (5000, "EUR")})
    make_visit(make_visitor("shopper", None), {"ended": 1, "lasted": 0, "signals": [0], "basket": None})
    fill(STRUGGLES, now=NOW)
    before = RollupDay.objects.get(day=(NOW - timedelta(days=5)).date()).cells
    visitor.delete()
    SignalRecord.objects.all().delete()
    fill(STRUGGLES, now=NOW + HOUR)
    assert RollupDay.objects.get(day=(NOW - timedelta(days=5)).date()).cells == before != []


@pytest.mark.django_db
def test_report__struggle_that_cost_a_basket__is_ranked_by_it(django_assert_num_queries: Any) -> None:
    shopper = make_visitor("shopper", None)
    make_visit(shopper, {"ended": 2, "lasted": 0, "signals": [12, 13, 13], "basket": (1999, "GBP")})
    make_visit(make_visitor("shopper", None), {"ended": 3, "lasted": 0, "signals": [14], "basket": (5000, "GBP")})
    make_visit(make_visitor("staff", None), {"ended": 3, "lasted": 0, "signals": [14], "basket": (9000, "GBP")})
    fill(STRUGGLES, now=NOW)
    with django_assert_num_queries(2):
        report, worst = worst_struggles(since=NOW.date(), until=NOW.date() + timedelta(days=1))
    assert [(hurt.kind, hurt.name, hurt.at_stake) for hurt in worst] == [
        ("page", "search", Decimal(50)),
        ("step", "payment", Decimal("19.99")),
    ]
    assert (report.visits, report.staff, report.currency) == (2, 1, "GBP")
    assert worst[1].times == 2
    assert worst[1].more_lost is None  # one visit says nothing
    assert report.find("step", "payment") == worst[1]


@pytest.mark.django_db
def test_report__nothing_counted__is_empty() -> None:
    report = report_struggles(since=NOW.date(), until=NOW.date() + timedelta(days=1))
    assert (report.spots, report.counted_at, report.currency) == ((), None, "")
