"""What did the dialer measure lately? Written once a minute from the shop's own rows, read with one query where it counts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce

from oscar_engage.conf import get_settings
from oscar_engage.desk.dialer.budget import Kept, Target
from oscar_engage.desk.dialer.forecast import Rates, estimate
from oscar_engage.desk.dialer.held import sweep_dead
from oscar_engage.desk.dialer.models import DialerState, Hold, HoldEnd
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

STATE = 1
"""The number of the one row."""

LATEST = 200
"""Invitations and chats that are looked at, the latest."""

LOOK_BACK = timedelta(days=30)
"""Older invitations say nothing of today's shoppers."""

KIND_SWEEP = "desk.sweep_holds"
KIND_MEASURE = "desk.measure_dialer"
SECONDS = 60


def target() -> Target:
    """Return what the shop promises to those who accept."""
    settings = get_settings()
    return Target(share=settings.dialer_late_share, wait=float(settings.dialer_wait_seconds))


def find_state() -> DialerState:
    """Return the row, or what it would be in a new shop; one query."""
    return DialerState.objects.filter(pk=STATE).first() or DialerState(pk=STATE)


def read_state() -> tuple[Rates, Kept]:
    """Return what to expect, and how the target was kept; one query."""
    state = find_state()
    return rates_of(state), Kept(seated=state.seated, late=state.late)


def rates_of(state: DialerState) -> Rates:
    """Return what to expect; before anything was measured, what is assumed of a new shop."""
    measured = {name: getattr(state, name) for name in ("acceptance", "answer", "lead", "talk", "spread")}
    return Rates(**measured) if None not in measured.values() else Rates()


def measure(*, now: datetime) -> DialerState:
    """Measure the latest invitations and chats, write it down and return it; three queries."""
    invited = _read_invited(now)
    answers = [hold for hold in invited if hold.accepted_at or hold.ended_as != HoldEnd.WITHDRAWN]
    asked = [hold for hold in answers if hold.asked_at is not None]
    late = [hold for hold in asked if _is_late(hold, now)]
    accepted = [(hold.accepted_at - hold.offered_at).total_seconds() for hold in answers if hold.accepted_at is not None]
    leads = [(hold.asked_at - hold.offered_at).total_seconds() for hold in asked]
    rates = estimate(answers=len(answers), accepted=accepted, leads=leads, talks=_read_talks())
    known = [hold for hold in asked if hold.seated_at is not None or hold in late]
    measured = {
        "answers": len(answers),
        "accepted": len(accepted),
        "seated": len(known),
        "late": len(late),
        "acceptance": rates.acceptance,
        "answer": rates.answer,
        "lead": rates.lead,
        "talk": rates.talk,
        "spread": rates.spread,
        "measured_at": now,
    }
    state, _is_new = DialerState.objects.update_or_create(pk=STATE, defaults=measured)
    return state


def _read_invited(now: datetime) -> list[Any]:
    over = Hold.objects.filter(ended_at__isnull=False, offered_at__gte=now - LOOK_BACK)
    return list(over.order_by("-offered_at")[:LATEST])


def _is_late(hold: Any, now: datetime) -> bool:
    """Whether the shopper waited too long, or does so now."""
    waited: timedelta = (hold.seated_at or now) - hold.asked_at
    return waited.total_seconds() > get_settings().dialer_wait_seconds


def _read_talks() -> list[float]:
    """Return how long the latest chats took their agents, as far as a closed one tells."""
    over = Conversation.objects.filter(
        kind=ConversationKind.CHAT, status=ConversationStatus.CLOSED, first_reply_at__isnull=False, closed_at__isnull=False
    )
    spans = over.order_by("-pk").values_list(Coalesce("first_reply_at", "created_at"), F("closed_at"))[:LATEST]
    return [(ended - begun).total_seconds() for begun, ended in spans]


@handler(KIND_SWEEP)
def sweep(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Give back the places whose time is over, for when nobody else comes."""
    sweep_dead(now=now)


@handler(KIND_MEASURE)
def remeasure(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Measure, where the predictive dialer asks for it or a supervisor may look."""
    measure(now=now)


for _kind in (KIND_SWEEP, KIND_MEASURE):
    every(_kind, SECONDS)
