"""What is gone here goes there: a job deletes it at the outside desk, and then the row that knew where it was."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from oscar_engage.jobs.registry import in_two_steps
from oscar_engage.outside.adapter import configured_desk
from oscar_engage.outside.carry import place_to_port
from oscar_engage.outside.models import OutsideConversation, OutsideState
from oscar_engage.outside.plan import FORGET, plan_forget
from oscar_engage.outside.port import Case, OutsideDesk, OutsideError, Place
from oscar_engage.outside.state import watched
from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import Rows

MOST = 100
"""Conversations that one look plans."""


def _forget_there(payload: Mapping[str, Any], *, now: datetime) -> int | None:
    desk = configured_desk()
    place = OutsideConversation.objects.filter(pk=payload["place"], conversation__isnull=True).first()
    if desk is None or place is None or place.desk != desk.name:
        return None
    if place.lease_until is not None and place.lease_until > now:
        raise OutsideError("somebody writes there")
    if place.outside_id or place.is_opening:
        with watched(desk, now=now):
            desk.forget(_find(desk, place))
    return place.pk


def _find(desk: OutsideDesk, place: OutsideConversation) -> Place:
    """Return where it is; where a worker died when it was opened, what it made is found by opening it again."""
    if place.outside_id:
        return place_to_port(place)
    return desk.open(Case(key=place.key, reference=place.key, person=place.person, facts={}), is_repeat=True)


def _forget_here(place: int | None, *, now: datetime) -> None:
    if place is not None:
        OutsideConversation.objects.filter(pk=place, conversation__isnull=True).delete()


def plan_forgetting(state: OutsideState, *, now: datetime) -> None:
    """Have forgotten there what is gone here."""
    for place in OutsideConversation.objects.filter(conversation__isnull=True, desk=state.desk).order_by("pk")[:MOST]:
        plan_forget(place, state, now=now)


def erase_places(rows: Rows, person: Person, *, now: datetime) -> None:
    """Let go of conversations of ``person`` and have them forgotten there; the row stays until that is done."""
    places = list(rows)
    rows.update(conversation=None)
    for place in places:
        plan_forget(place, None, now=now)


in_two_steps(FORGET, read=_forget_there, write=_forget_here)
