"""What is written about shoppers who are somewhere else? An order that was sent, a fact from the shop's other programs."""

import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import DatabaseError
from django.utils import timezone

from oscar_engage.shop.orders import find_owner
from oscar_engage.signals.buffer import Entry
from oscar_engage.signals.faults import note_fault
from oscar_engage.signals.signal import Signal
from oscar_engage.signals.subject import Subject
from oscar_engage.storefront.check import check_entry
from oscar_engage.storefront.switch import follow_without_requests, is_switched_on
from oscar_engage.storefront.turn import BREAKER, write_in_turn
from oscar_engage.visitors.guard import own_transaction
from oscar_engage.visitors.hear import find_visitor_id, hear


def write_absent(entries: Iterable[Entry]) -> None:
    """Write facts about named subjects, if their visitors are known and allow it. Never raises."""
    try:
        write_in_turn(partial(_write, entries, now=timezone.now()))
    except DatabaseError:
        BREAKER.record_failure(now=time.monotonic())
        note_fault("absent")
    except Exception:  # noqa: BLE001 - runs on the shop's thread, or in its own program, which must go on
        note_fault("absent")


def deliver(entry: Entry) -> None:
    """Write one fact that was recorded outside a request, unless we are switched off."""
    follow_without_requests()
    if is_switched_on():
        write_absent([entry])


def _write(entries: Iterable[Entry], *, now: datetime) -> None:
    for subject, signals in _by_subject(entries).items():
        basket_id, customer_id = _owner_of(subject)
        with own_transaction():
            visitor_id = subject.visitor_id or find_visitor_id(basket_id=basket_id, customer_id=customer_id)
            if visitor_id is not None:
                hear(visitor_id, signals, now=now)


def _by_subject(entries: Iterable[Entry]) -> dict[Subject, list[Signal]]:
    found: dict[Subject, list[Signal]] = defaultdict(list)
    for entry in entries:
        signal = check_entry(entry)
        if signal is not None and entry.about is not None:
            found[entry.about].append(signal)
    return found


def _owner_of(subject: Subject) -> tuple[int | None, int | None]:
    """Return the basket and the customer by whom to find the visitor."""
    if subject.visitor_id is None and subject.order_id is not None:
        return find_owner(subject.order_id)
    return None, subject.customer_id
