"""A queue that takes calls on weekdays, and shoppers who ask for one."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from oscar_engage.desk.calls.ask import CallWish, ask_for_call
from oscar_engage.desk.calls.limits import Caller
from oscar_engage.desk.calls.models import CallTerms, PhoneCall
from oscar_engage.desk.models import Queue
from oscar_engage.desk.promises.models import OpeningHours
from oscar_engage.visitors.models import Visitor

NUMBER = "+442079460018"
OTHER = "+442079460143"

AskCall = Callable[..., PhoneCall]


def at(hour: int, minute: int = 0, *, day: int = 4) -> datetime:
    """Return a time of May 2026, UTC; the 4th is a Monday, and the queue's clock shows UTC."""
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def terms(db: None) -> CallTerms:
    """Return the terms of the default queue: weekdays from nine to five, quarters of an hour, one call in each."""
    hours = OpeningHours.objects.create(name="Office", time_zone="UTC", weekly={"mon-fri": "9:00-17:00"})
    queue = Queue.objects.create(slug="sales", name="Sales", is_default=True)
    return CallTerms.objects.create(queue=queue, opening_hours=hours)


@pytest.fixture
def ask_call(terms: CallTerms, make_visitor: Callable[[], Visitor], now: datetime) -> AskCall:
    """Return what asks for a call as somebody new, unless it is told who."""

    def ask(**wish: Any) -> PhoneCall:
        visitor_id, customer_id = wish.pop("visitor_id", None), wish.pop("customer_id", None)
        caller = Caller(visitor_id=visitor_id or make_visitor().pk, customer_id=customer_id)
        moment = wish.pop("now", now)
        known = {"number": NUMBER, "language": "en", "client_id": uuid.uuid4(), **wish}
        conversation = ask_for_call(CallWish(**known), caller, now=moment)
        return PhoneCall.objects.select_related("conversation").get(conversation=conversation)

    return ask


@pytest.fixture
def customer(db: None) -> Any:
    return get_user_model().objects.create_user("cleo", "cleo@example.com", "secret")
