"""How does a shop tell us what happened? In one line, wherever it is; it never raises and never makes the shop wait."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from oscar_engage.conf import get_settings
from oscar_engage.signals.buffer import Entry, get_buffer, make_entry
from oscar_engage.signals.faults import note_fault
from oscar_engage.signals.subject import Subject

Deliver = Callable[[Entry], None]
_deliver: list[Deliver] = []  # at most one: packages above this one write, and say so when Django starts


def record(who: HttpRequest | Subject | None, kind: str, /, **data: Any) -> None:
    """Record that ``kind`` happened to ``who``, with its payload in ``data``. Never raises.

    ``who`` is the request of the shopper (``None``: the one being served), or a :class:`Subject` for somebody who is not here:
    ``record(Subject(customer_id=7), "crm.tier_changed", tier="gold")``.

    In a request nothing is queried: the fact is checked and written after the response. Outside one (a command, a worker) a
    fact about a subject is written at once, or when the open transaction commits; without a subject nothing happens.
    """
    try:
        about = who if isinstance(who, Subject) else None
        buffer = get_buffer(None if isinstance(who, Subject) else who)
        if buffer is not None:
            buffer.add(kind, data, about=about)
        elif about is not None and get_settings().enabled:  # who writes it asks the switch, and may look it up
            entry = make_entry(kind, data, about=about)
            transaction.on_commit(partial(_hand_over, entry), robust=True)
    except Exception:  # noqa: BLE001 - called inside the shop's own code, which must not notice
        note_fault("record")


def deliver_to(deliver: Deliver) -> None:
    """Name who writes what is recorded outside requests; called once, when Django starts."""
    _deliver[:] = [deliver]


def _hand_over(entry: Entry) -> None:
    for deliver in _deliver:
        deliver(entry)
