"""The sweep over baskets of visitors who have gone: each settled, and told, once."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from oscar.core.loading import get_model
from oscar.test.factories import BasketFactory, create_order, create_product

from oscar_engage.jobs.run import run_due
from oscar_engage.models import SignalRecord, Visit, Visitor, VisitorBasket
from oscar_engage.shop.left_behind import sweep_baskets
from oscar_engage.shop.orders import sweep_orders
from oscar_engage.signals import shipped
from oscar_engage.signals.signal import Signal
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import BasketOutcome
from oscar_engage.visitors.observe import Observed, observe
from oscar_engage.visitors.page import UNKNOWN_PAGE

pytestmark = pytest.mark.django_db

NOW = timezone.now()
HOUR = timedelta(hours=1)


def leave(*, status: str = "Open", filled: bool = True, gone: timedelta = 2 * HOUR, consent: int = 3) -> VisitorBasket:
    """Return a basket in this state, of a visitor last seen so long ago."""
    basket = BasketFactory()
    if filled:
        basket.add_product(create_product(num_in_stock=5, price=10))
    type(basket).objects.filter(pk=basket.pk).update(status=status)
    seen_at = NOW - gone
    visitor = Visitor.objects.create(consent=consent, created_at=seen_at, last_seen_at=seen_at)
    return VisitorBasket.objects.create(visitor=visitor, basket_id=basket.pk, seen_at=seen_at)


def heard(basket: VisitorBasket) -> list[str]:
    return list(SignalRecord.objects.filter(visitor_id=basket.visitor_id).values_list("kind", flat=True))


def come_back(visitor: Visitor, *, now: Any, consent: ConsentLevel = ConsentLevel.PERSONALISATION) -> Observed:
    viewed = Signal(kind="page.viewed", payload=shipped.PageViewed(), at=now, event_id=uuid.uuid4())
    observed = observe(key=visitor.key, consent=consent, signals=[viewed], page=UNKNOWN_PAGE, now=now)
    assert observed is not None
    return observed


@pytest.mark.parametrize(
    ("state", "outcome", "kinds"),
    [
        ({}, BasketOutcome.ABANDONED, ["basket.abandoned"]),
        ({"status": "Frozen"}, BasketOutcome.LOST, ["payment.lost"]),
        ({"status": "Saved"}, BasketOutcome.GONE, []),
        ({"status": "Merged"}, BasketOutcome.GONE, []),
        ({"filled": False}, BasketOutcome.GONE, []),
        ({"filled": False, "status": "Frozen"}, BasketOutcome.GONE, []),
        ({"gone": timedelta(minutes=59)}, BasketOutcome.UNKNOWN, []),
        ({"gone": timedelta(days=8)}, BasketOutcome.UNKNOWN, []),
        ({"consent": ConsentLevel.FUNCTIONAL}, BasketOutcome.ABANDONED, []),
    ],
)
def test_sweep__basket_in_this_state__is_settled_as(state: dict[str, Any], outcome: BasketOutcome, kinds: list[str]) -> None:
    basket = leave(**state)

    sweep_baskets(NOW)

    basket.refresh_from_db()
    assert basket.outcome == outcome
    assert heard(basket) == kinds


def test_sweep__again_and_again__tells_once() -> None:
    basket = leave()

    told = [sweep_baskets(NOW + timedelta(minutes=5 * turn)) for turn in range(3)]

    assert told == [1, 0, 0]
    assert heard(basket) == ["basket.abandoned"]


def test_sweep__two_at_once__tell_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both read the same baskets; only one of them settles each."""
    basket = leave()
    stale = VisitorBasket.objects.get(pk=basket.pk)

    sweep_baskets(NOW)
    monkeypatch.setattr("oscar_engage.shop.left_behind.get_unsettled", lambda **kwargs: [stale])

    assert sweep_baskets(NOW) == 0
    assert heard(basket) == ["basket.abandoned"]


def test_sweep__emptied_then_filled_by_a_visitor_who_came_back__is_looked_at_again() -> None:
    basket = leave(filled=False)
    sweep_baskets(NOW)
    get_model("basket", "Basket").objects.get(pk=basket.basket_id)
    filled = get_model("basket", "Basket").objects.get(pk=basket.basket_id)
    filled.strategy = BasketFactory().strategy
    filled.add_product(create_product(num_in_stock=5, price=10))
    Visitor.objects.filter(pk=basket.visitor_id).update(last_seen_at=NOW + HOUR)

    assert sweep_baskets(NOW + HOUR) == 0
    assert sweep_baskets(NOW + 3 * HOUR) == 1


def test_sweep__ordered__is_not_abandoned() -> None:
    order = create_order()
    visitor = Visitor.objects.create(consent=3, created_at=NOW - 2 * HOUR, last_seen_at=NOW - 2 * HOUR)
    basket = VisitorBasket.objects.create(visitor=visitor, basket_id=order.basket_id, seen_at=NOW - 2 * HOUR)

    sweep_baskets(NOW)

    basket.refresh_from_db()
    assert (basket.outcome, heard(basket)) == (BasketOutcome.ORDERED, [])


@pytest.mark.parametrize(("baskets", "queries"), [(0, 1), (1, 3 + 10), (3, 3 + 30)])
def test_sweep__any_number__costs_three_queries_and_ten_a_basket(
    baskets: int, queries: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(baskets):
        leave()

    with django_assert_max_num_queries(queries):
        sweep_baskets(NOW)


def test_sweep__by_the_job__runs() -> None:
    basket = leave()

    run_due(now=NOW)

    assert heard(basket) == ["basket.abandoned"]


@pytest.mark.parametrize("status", ["Open", "Frozen"])
def test_visit__after_a_basket_left_behind__begins_with_coming_back(status: str) -> None:
    basket = leave(status=status)
    sweep_baskets(NOW)

    observed = come_back(basket.visitor, now=NOW + timedelta(days=3))

    assert observed.state.came_back
    record = SignalRecord.objects.get(kind="visit.came_back")
    assert (record.payload, record.source) == ({"basket_id": basket.basket_id, "days": 3}, "derived")
    assert record.visit_id == Visit.objects.get().pk


def test_visit__after_the_basket_was_ordered__is_no_coming_back() -> None:
    order = create_order()
    visitor = Visitor.objects.create(consent=3, created_at=NOW - HOUR, last_seen_at=NOW - HOUR)
    VisitorBasket.objects.create(
        visitor=visitor, basket_id=order.basket_id, seen_at=NOW - HOUR, outcome=BasketOutcome.LOST, settled_at=NOW - HOUR
    )

    sweep_orders(NOW)

    assert not come_back(visitor, now=NOW + HOUR).state.came_back


def test_visit__below_personalisation__has_no_history() -> None:
    basket = leave()
    sweep_baskets(NOW)

    assert not come_back(basket.visitor, now=NOW + HOUR, consent=ConsentLevel.STATISTICS).state.came_back
