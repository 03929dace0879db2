"""The sweep over baskets while nobody looks: moved prices and goods gone, each told once."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from oscar.core.loading import get_model
from oscar.test.factories import BasketFactory, create_product

from oscar_engage.jobs.run import run_due
from oscar_engage.models import FillState, SignalRecord, Visit, Visitor, VisitorBasket
from oscar_engage.shop import watch
from oscar_engage.shop.watch import watch_baskets
from oscar_engage.signals import shipped
from oscar_engage.signals.signal import Signal
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.observe import observe
from oscar_engage.visitors.page import UNKNOWN_PAGE

pytestmark = pytest.mark.django_db

NOW = timezone.now()
HOUR = timedelta(hours=1)


def hold(*, quantity: int = 1, seen: timedelta = 2 * HOUR, consent: int = 3, lines: int = 1) -> VisitorBasket:
    """Return the basket, with so many lines at 10 each, of a visitor seen so long ago."""
    basket = BasketFactory()
    for _ in range(lines):
        basket.add_product(create_product(num_in_stock=5, price=10), quantity)
    visitor = Visitor.objects.create(consent=consent, created_at=NOW - seen, last_seen_at=NOW - seen)
    return VisitorBasket.objects.create(visitor=visitor, basket_id=basket.pk, seen_at=NOW - seen)


def change(basket: VisitorBasket, **columns: Any) -> None:
    """Change the stock record behind the basket's lines."""
    stock = get_model("partner", "StockRecord").objects.filter(product__basket_lines__basket_id=basket.basket_id)
    get_model("partner", "StockRecord").objects.filter(pk__in=[record.pk for record in stock]).update(**columns)


def heard(basket: VisitorBasket) -> list[tuple[str, dict[str, Any]]]:
    records = SignalRecord.objects.filter(visitor_id=basket.visitor_id).order_by("pk")
    return [
        (record.kind, {name: value for name, value in record.payload.items() if name != "product_id"}) for record in records
    ]


def begin_visit(basket: VisitorBasket, now: Any) -> Visit:
    viewed = Signal(kind="page.viewed", payload=shipped.PageViewed(), at=now, event_id=uuid.uuid4())
    consent = ConsentLevel.PERSONALISATION
    observed = observe(key=basket.visitor.key, consent=consent, signals=[viewed], page=UNKNOWN_PAGE, now=now)
    assert observed is not None
    return observed.visit


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({}, []),
        (
            {"price": 12},
            [("basket.price_changed", {"before": 10.0, "now": 12.0, "direction": "up", "currency": "GBP"})],
        ),
        (
            {"price": 9},
            [("basket.price_changed", {"before": 10.0, "now": 9.0, "direction": "down", "currency": "GBP"})],
        ),
        ({"num_in_stock": 0}, [("basket.line_unavailable", {"reason": "sold_out"})]),
        ({"num_in_stock": 1}, [("basket.line_unavailable", {"reason": "too_few"})]),
        ({"price": None}, [("basket.line_unavailable", {"reason": "sold_out"})]),
        ({"price": 7, "price_currency": "EUR"}, []),
    ],
    ids=["as it was", "dearer", "cheaper", "sold out", "too few", "no price", "another currency"],
)
def test_watch__line_of_somebody_away__is_told_to_the_log_once(columns: dict[str, Any], told: list[Any]) -> None:
    basket = hold(quantity=2)
    if columns:
        change(basket, **columns)

    first, again = watch_baskets(NOW), watch_baskets(NOW + HOUR)

    assert (first, again) == (len(told), 0)
    assert heard(basket) == told
    assert not SignalRecord.objects.filter(visit_id__isnull=False).exists()


def test_watch__price_that_moves_again__is_told_again() -> None:
    basket = hold()
    for price in (12, 12, 13, 12):
        change(basket, price=price)
        watch_baskets(NOW)

    assert [payload["now"] for _, payload in heard(basket)] == [12.0, 13.0]


@pytest.mark.parametrize("of", [{"seen": timedelta(days=8)}, {"consent": ConsentLevel.FUNCTIONAL}], ids=["gone", "not allowed"])
def test_watch__visitor_gone_or_unwilling__is_not_looked_at(of: dict[str, Any]) -> None:
    basket = hold(**of)
    change(basket, price=12)

    assert watch_baskets(NOW) == 0


def test_watch__basket_that_is_no_longer_open__is_not_looked_at() -> None:
    basket = hold()
    change(basket, price=12)
    get_model("basket", "Basket").objects.update(status="Frozen")

    assert watch_baskets(NOW) == 0


def test_watch__visit_that_runs__knows_at_once_and_forgets_when_it_is_over() -> None:
    basket = hold()
    visit = begin_visit(basket, NOW)
    change(basket, price=12)

    watch_baskets(NOW)
    watch_baskets(NOW)
    visit.refresh_from_db()

    assert [kind for kind, _ in heard(basket)][1:] == ["basket.checked", "basket.price_changed"]
    assert visit.state["basket_check"][2][0][3] == 12

    change(basket, price=10)
    watch_baskets(NOW + timedelta(minutes=10))
    visit.refresh_from_db()
    assert visit.state["basket_check"][2] == []


def test_watch__switched_off__does_nothing(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"WATCH_BASKETS": False}
    basket = hold()
    change(basket, price=12)

    assert watch_baskets(NOW) == 0


def test_watch__more_than_a_sweep_takes__goes_on_behind_and_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LARGEST_SWEEP", 2)
    for basket in [hold() for _ in range(3)]:
        change(basket, price=12)

    assert [watch_baskets(NOW) for _ in range(3)] == [2, 1, 0]
    assert FillState.objects.get(name="baskets.watch").position > 0


def test_watch__strategy_that_fails_for_one_basket__costs_that_basket(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = hold(), hold()
    for basket in (first, second):
        change(basket, price=12)
    look = watch._check

    def fail_once(basket: Any, lines: Any) -> Any:
        if basket.pk == first.basket_id:
            raise AttributeError("the strategy wanted a request")
        return look(basket, lines)

    monkeypatch.setattr(watch, "_check", fail_once)

    assert watch_baskets(NOW) == 1
    assert heard(first) == []


@pytest.mark.parametrize(("baskets", "lines"), [(1, 1), (1, 3), (3, 3)])
def test_watch__nothing_wrong__costs_as_many_queries_for_any_number(
    baskets: int, lines: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(baskets):
        hold(lines=lines)
    FillState.objects.create(name="baskets.watch", filled_at=NOW)

    with django_assert_max_num_queries(9):
        watch_baskets(NOW)


def test_watch__by_the_job__runs() -> None:
    basket = hold()
    change(basket, price=12)

    run_due(now=NOW)

    assert "basket.price_changed" in [kind for kind, _ in heard(basket)]
