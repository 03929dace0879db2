"""Opening, continuing and folding a visit, and what each consent level keeps."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from oscar_engage.signals import shipped
from oscar_engage.signals.kinds import Payload
from oscar_engage.signals.models import SignalRecord
from oscar_engage.signals.shipped_visits import VisitBegan
from oscar_engage.signals.signal import Signal, Source
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor, VisitorBasket
from oscar_engage.visitors.observe import Observed, observe
from oscar_engage.visitors.page import UNKNOWN_PAGE
from oscar_engage.visitors.state import from_ms
from oscar_engage.visitors.take import remember_holding

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.get_fixed_timezone(0))
ALL = ConsentLevel.PERSONALISATION


def made(payload: Payload, *, kind: str = "page.exit_intent", at: datetime = NOW, **changes: Any) -> Signal:
    return Signal(**{"kind": kind, "payload": payload, "at": at, "event_id": uuid.uuid4(), "source": Source.BROWSER, **changes})


def left() -> Signal:
    return made(shipped.ExitIntent())


def measured(total: float, *, basket_id: int = 5, at: datetime = NOW) -> Signal:
    payload = shipped.BasketMeasured(basket_id=basket_id, total=total, currency="GBP", lines=1, quantity=1)
    return made(payload, kind="basket.measured", at=at, source=Source.SERVER)


def watch(*signals: Signal, key: str | None = None, now: datetime = NOW, **changes: Any) -> Observed | None:
    arguments = {"consent": ALL, "page": UNKNOWN_PAGE, **changes}
    with transaction.atomic():
        return observe(key=key, signals=signals, now=now, **arguments)


def seen(*signals: Signal, **changes: Any) -> Observed:
    observed = watch(*signals, **changes)
    assert observed is not None
    return observed


def test_observe__without_consent__keeps_nothing() -> None:
    assert watch(left(), consent=ConsentLevel.NONE, basket_id=5) is None
    assert not Visitor.objects.exists()


def test_observe__functional__keeps_the_visit_but_no_log_and_no_join() -> None:
    observed = seen(left(), measured(5), consent=ConsentLevel.FUNCTIONAL, basket_id=5, customer_id=7)

    assert observed.state.exit_intents == 1
    assert (SignalRecord.objects.count(), VisitorBasket.objects.count()) == (0, 0)
    assert Visitor.objects.get().customer_id is None


def test_observe__new_visitor__is_new_once() -> None:
    first = seen(left())
    second = seen(left(), key=first.visitor.key)

    assert (first.is_new_visitor, second.is_new_visitor) == (True, False)
    assert second.visit.pk == first.visit.pk
    assert second.state.exit_intents == 2


@pytest.mark.parametrize(("minutes", "visits"), [(29, 1), (30, 2), (31, 2)])
def test_observe__after_a_pause__opens_a_visit_from_half_an_hour_on(minutes: int, visits: int) -> None:
    visitor = seen(left()).visitor

    later = seen(left(), key=visitor.key, now=NOW + timedelta(minutes=minutes))

    assert Visit.objects.count() == visits
    assert later.state.number == visits


def test_observe__nothing_happened_and_no_visit_runs__opens_none() -> None:
    visitor = seen(left()).visitor

    assert watch(key=visitor.key, now=NOW + timedelta(hours=1)) is None


def test_observe__waiting_without_signals__does_not_prolong_the_visit() -> None:
    visitor = seen(left()).visitor

    seen(key=visitor.key, now=NOW + timedelta(minutes=20))

    assert Visit.objects.get().last_at == NOW


def test_observe__repeated_signal__is_folded_and_logged_once() -> None:
    signal = left()
    visitor = seen(signal, signal).visitor

    observed = seen(signal, key=visitor.key)

    assert (observed.state.exit_intents, SignalRecord.objects.count()) == (1, 1)


def test_observe__one_of_two_is_a_repeat__the_row_counts_the_new_one_alone() -> None:
    repeated = left()
    visitor = seen(repeated).visitor

    observed = seen(repeated, left(), key=visitor.key)

    assert observed.state.exit_intents == 2
    assert Visit.objects.get().state["exit_intents"] == 2


def test_observe__nothing_but_a_repeat__leaves_the_row_as_it_was() -> None:
    repeated = left()
    visitor = seen(repeated).visitor
    before = Visit.objects.values().get()

    seen(repeated, key=visitor.key, now=NOW + timedelta(minutes=5))

    assert Visit.objects.values().get() == before


def test_observe__what_follows__is_logged_as_derived_and_folded_in() -> None:
    observed = seen(measured(10), left())

    assert observed.state.abandoning == ("basket",)
    record = SignalRecord.objects.get(kind="visit.abandoning")
    assert (record.source, record.payload) == ("derived", {"stage": "basket", "because": "exit_intent"})


def test_observe__repeat_that_would_now_lead_further__leads_nowhere() -> None:
    """The first time there was no basket to be abandoned."""
    early = left()
    visitor = seen(early, measured(10)).visitor

    observed = seen(early, key=visitor.key)

    assert (observed.state.exit_intents, observed.state.abandoning) == (1, ())
    assert not SignalRecord.objects.filter(kind="visit.abandoning").exists()
    assert Visit.objects.get().state["signals"] == 2


def test_observe__basket_measured_the_same__keeps_the_time_of_its_change() -> None:
    visitor = seen(measured(10)).visitor
    later = NOW + timedelta(minutes=5)

    same = seen(measured(10, at=later), key=visitor.key, now=later)
    changed = seen(measured(12, at=later), key=visitor.key, now=later)

    assert same.state.basket.changed_at == NOW
    assert changed.state.basket.changed_at == later


def test_observe__basket_seen_by_another_visitor_first__stays_theirs() -> None:
    first = seen(measured(10)).visitor

    seen(measured(10))

    assert VisitorBasket.objects.get().visitor_id == first.pk


def test_observe__order_of_a_basket_never_measured__is_joined_all_the_same() -> None:
    seen(made(shipped.OrderPlaced(order_id=1, basket_id=9), kind="order.placed", source=Source.SERVER))

    assert VisitorBasket.objects.get().basket_id == 9


def test_observe__consent_grows__joins_the_basket_seen_before() -> None:
    visitor = seen(measured(10), consent=ConsentLevel.FUNCTIONAL).visitor

    seen(left(), key=visitor.key, basket_id=5)

    assert VisitorBasket.objects.get().basket_id == 5
    assert Visitor.objects.get().consent == ALL


@pytest.mark.parametrize(("consent", "customer_id"), [(ConsentLevel.STATISTICS, None), (ALL, 7)])
def test_observe__customer__is_linked_with_personalisation_only(consent: ConsentLevel, customer_id: int | None) -> None:
    seen(left(), consent=consent, customer_id=7)

    observed = seen(left(), key=Visitor.objects.get().key, consent=consent, customer_id=7)

    assert observed.visitor.customer_id == customer_id


def test_remember_holding__changed__is_read_back_and_unchanged_writes_nothing(django_assert_num_queries: Any) -> None:
    observed = seen(left())
    with django_assert_num_queries(1):
        state = remember_holding(observed.visit, observed.state, (3, 4))
    with django_assert_num_queries(0):
        remember_holding(observed.visit, state, (3, 4))

    again = seen(left(), key=observed.visitor.key)
    assert again.state.holding == (3, 4)
    assert again.state.exit_intents == 2


class AnyOrderTest(TestCase):
    """Beats arrive late, twice and in any order; the counts of a visit do not depend on it."""

    @pytest.mark.attack("M16")
    @settings(deadline=None)
    @given(data=st.data(), size=st.integers(1, 6))
    def test_observe__permuted_and_repeated__counts_the_same(self, data: st.DataObject, size: int) -> None:
        payloads: list[Payload] = [shipped.ExitIntent(), shipped.PageHidden(seconds=3), shipped.PageViewed()]
        sent = [made(payloads[number % 3], at=NOW + timedelta(seconds=number)) for number in range(size)]
        arriving = data.draw(st.permutations(sent + data.draw(st.lists(st.sampled_from(sent), max_size=4))))

        in_order = seen(*sent)
        # The same signals of another visitor: event ids are unique over all of them.
        twins = {signal.event_id: uuid.uuid4() for signal in sent}
        state = in_order.state
        key = None
        for signal in arriving:
            twin = made(signal.payload, at=signal.at, event_id=twins[signal.event_id])
            observed = seen(twin, key=key)
            key, state = observed.visitor.key, observed.state

        expected = in_order.state
        assert (state.signals, state.pages, state.exit_intents, state.tabs_away, state.last_at) == (
            expected.signals,
            expected.pages,
            expected.exit_intents,
            expected.tabs_away,
            expected.last_at,
        )


def test_observe__visit_after_another__knows_when_that_ended_and_how_itself_began() -> None:
    first = seen(left(), began=lambda: VisitBegan(host="blog.example", device="phone"))
    later = NOW + timedelta(days=3)

    again = seen(
        made(shipped.ExitIntent(), at=later), key=first.visitor.key, now=later, began=lambda: VisitBegan(device="desktop")
    )

    assert (first.state.previous_at, from_ms(again.state.previous_at)) == (0, NOW)
    assert (first.state.arrival.host, first.state.arrival.device) == ("blog.example", "phone")
    assert (again.state.number, again.state.arrival.device, from_ms(again.state.arrival.at)) == (2, "desktop", later)


def test_observe__functional__keeps_how_the_visit_began_in_the_visit_alone() -> None:
    observed = seen(left(), consent=ConsentLevel.FUNCTIONAL, began=lambda: VisitBegan(source="newsletter"))

    assert observed.state.arrival.source == "newsletter"
    assert not SignalRecord.objects.exists()
