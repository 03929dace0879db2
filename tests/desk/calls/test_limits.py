"""Can somebody be flooded with calls, or a slot be sold twice? Limits by number, person and shop, and seats in any race."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, connections, transaction

from oscar_engage.desk.calls.ask import CallWish, ClosedNowError, NeedsMailError, ask_for_call
from oscar_engage.desk.calls.confirm import GoneError, confirm_call
from oscar_engage.desk.calls.due import open_due
from oscar_engage.desk.calls.limits import Caller, NumberRefusedError
from oscar_engage.desk.calls.models import CallState, CallTerms, PhoneCall
from oscar_engage.desk.calls.offered import NoCallsError, is_offered, offered_at
from oscar_engage.desk.calls.plan import call_off
from oscar_engage.desk.calls.seat import SlotTakenError
from oscar_engage.desk.flood import BusyError, TooManyError
from oscar_engage.desk.models import ConversationStatus
from oscar_engage.jobs.run import run_due
from oscar_engage.visitors.models import Visitor
from tests.desk.calls.conftest import NUMBER, OTHER, AskCall, at

MakeVisitor = Callable[[], Visitor]
RACERS = 8


@pytest.mark.attack("G09")
def test_second_call_in_a_day__confirmed_by_mail_or_not_made(ask_call: AskCall, now: datetime) -> None:
    call_off(ask_call(starts_at=at(11)), now=now)

    with pytest.raises(NeedsMailError):
        ask_call(starts_at=at(11))
    second = ask_call(starts_at=at(11), email="ada@example.com")
    assert (second.state, second.seat) == (CallState.UNCONFIRMED, 0)
    run_due(now=now)
    assert "call/confirm/" in mail.outbox[0].body
    assert confirm_call(second, now=now).state == CallState.PLANNED
    assert confirm_call(second, now=now).state == CallState.PLANNED, "pressing twice changes nothing"


def test_second_call__not_confirmed_in_time__slot_free_and_nobody_called(ask_call: AskCall, now: datetime) -> None:
    call_off(ask_call(starts_at=at(11)), now=now)
    second = ask_call(starts_at=at(11), email="ada@example.com")

    open_due({}, now=now + timedelta(minutes=30))

    second.refresh_from_db()
    assert (second.state, second.seat) == (CallState.EXPIRED, None)
    second.conversation.refresh_from_db()
    assert second.conversation.status == ConversationStatus.CLOSED
    with pytest.raises(GoneError):
        confirm_call(second, now=now + timedelta(minutes=31))


def test_customer__second_call_without_a_mail(ask_call: AskCall, customer: Any, now: datetime) -> None:
    call_off(ask_call(starts_at=at(11)), now=now)

    assert ask_call(starts_at=at(11), customer_id=customer.pk).state == CallState.PLANNED


@pytest.mark.attack("G09")
def test_number__one_call_to_come_three_in_a_day_and_none_after_a_no(ask_call: AskCall, customer: Any, now: datetime) -> None:
    first = ask_call(starts_at=at(11), customer_id=customer.pk)
    with pytest.raises(NumberRefusedError):
        ask_call(starts_at=at(12), email="eve@example.com")
    call_off(first, now=now)
    for _time in range(2):
        call_off(ask_call(starts_at=at(11), customer_id=customer.pk), now=now)
    with pytest.raises((NumberRefusedError, TooManyError)):
        ask_call(starts_at=at(11), customer_id=customer.pk)
    with pytest.raises(NumberRefusedError):
        ask_call(starts_at=at(11), email="eve@example.com")
    PhoneCall.objects.filter(pk=first.pk).update(state=CallState.WRONG)
    with pytest.raises(NumberRefusedError):
        ask_call(now=at(10, day=6), email="eve@example.com")


def test_person_and_shop__so_many_a_day_and_an_hour(ask_call: AskCall, make_visitor: MakeVisitor, settings: Any) -> None:
    visitor_id = make_visitor().pk
    for minute, number in enumerate((NUMBER, OTHER, "+442079460222")):
        ask_call(starts_at=at(11, 15 * minute), number=number, visitor_id=visitor_id)
    with pytest.raises(TooManyError):
        ask_call(starts_at=at(12), number="+442079460333", visitor_id=visitor_id)
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "CALLS_PER_HOUR": 3}
    with pytest.raises(BusyError):
        ask_call(starts_at=at(12), number="+442079460333")


def test_queue__closed_or_taking_none__refused(ask_call: AskCall, terms: CallTerms, now: datetime) -> None:
    with pytest.raises(ClosedNowError):
        ask_call(now=at(20))
    with pytest.raises(SlotTakenError):
        ask_call(starts_at=at(20))
    assert is_offered("/", now=now)
    CallTerms.objects.update(is_active=False)
    assert not is_offered("/", now=now)
    with pytest.raises(NoCallsError):
        ask_call()


def test_slot__full__not_offered_and_not_sold(ask_call: AskCall, terms: CallTerms, now: datetime) -> None:
    ask_call(starts_at=at(11))

    assert at(11) not in [slot.starts_at for slot in offered_at(terms, now=now).slots]
    with pytest.raises(SlotTakenError):
        ask_call(starts_at=at(11), number=OTHER)
    terms.per_slot = 2
    terms.save()
    assert ask_call(starts_at=at(11), number=OTHER).seat == 1


def test_repeat__same_client_id__one_call(ask_call: AskCall, make_visitor: MakeVisitor) -> None:
    visitor_id, client_id = make_visitor().pk, uuid.uuid4()

    first = ask_call(visitor_id=visitor_id, client_id=client_id)
    assert ask_call(visitor_id=visitor_id, client_id=client_id).pk == first.pk


@pytest.mark.attack("N11")
def test_seat__taken_between_look_and_step__the_database_says_no(ask_call: AskCall) -> None:
    ask_call(starts_at=at(11))
    late = ask_call(starts_at=at(11, 15), number=OTHER)

    with pytest.raises(IntegrityError), transaction.atomic():
        PhoneCall.objects.filter(pk=late.pk).update(starts_at=at(11), seat=0)


@pytest.fixture
def on_postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads cannot share SQLite's memory database")


@pytest.mark.attack("N11")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_same_number", [True, False])
def test_race__for_a_slot_of_two_seats_or_one_number__never_sold_twice(
    is_same_number: bool, on_postgres: None, terms: CallTerms, make_visitor: MakeVisitor, now: datetime
) -> None:
    CallTerms.objects.update(per_slot=2 if not is_same_number else RACERS)
    visitors, barrier = [make_visitor().pk for _one in range(RACERS)], threading.Barrier(RACERS)

    def race(place: int) -> bool:
        number = NUMBER if is_same_number else f"+4420794602{place:02}"
        wish = CallWish(number=number, starts_at=at(11), client_id=uuid.uuid4())
        try:
            barrier.wait()
            ask_for_call(wish, Caller(visitor_id=visitors[place]), now=now)
        except (SlotTakenError, NumberRefusedError):
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(RACERS) as pool:
        won = sum(pool.map(race, range(RACERS)))

    assert won == (1 if is_same_number else 2)
    seats = PhoneCall.objects.filter(starts_at=at(11)).values_list("seat", flat=True)
    assert sorted(seat for seat in seats if seat is not None) == list(range(won))
