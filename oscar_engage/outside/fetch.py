"""How does a conversation stand there? Asked whenever we hear that it may have changed, and now and then in any case.

What is heard may be lost, or come in another order than it happened: an answer after the closing that followed it. What is
asked is in order, so answers are taken in before who has it, and that before its end.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oscar_engage.jobs.registry import in_two_steps
from oscar_engage.outside.adapter import get_desk
from oscar_engage.outside.agents import NobodyHereError
from oscar_engage.outside.carry import place_to_port
from oscar_engage.outside.models import OutsideConversation
from oscar_engage.outside.plan import FETCH, plan_tell
from oscar_engage.outside.port import GoneError, There
from oscar_engage.outside.state import watched
from oscar_engage.outside.take_in import Taken, take_in_assignee, take_in_close, take_in_said


@dataclass(frozen=True, slots=True)
class Found:
    """How the conversation of a row stands there; ``there``: ``None``, it is gone."""

    place: OutsideConversation
    there: There | None


def _read(payload: Mapping[str, Any], *, now: datetime) -> Found | None:
    desk = get_desk()
    rows = OutsideConversation.objects.exclude(outside_id="").filter(conversation__isnull=False)
    place = rows.filter(pk=payload["place"], desk=desk.name if desk else "").first()
    if desk is None or place is None:
        return None
    with watched(desk, now=now):
        try:
            return Found(place, desk.look(place_to_port(place), place.cursor))
        except GoneError:
            return Found(place, None)


def _take_in(found: Found | None, *, now: datetime) -> None:
    """Do here what was done there; the row is written last, since conversations are locked before it."""
    if found is None:
        return
    place, there = found.place, found.there
    seen = {} if there is None or not _take_in_all(place, there, now) else {"cursor": there.cursor[:64]}
    OutsideConversation.objects.filter(pk=place.pk).update(fetched_at=now, **seen)


def _take_in_all(place: OutsideConversation, there: There, now: datetime) -> bool:
    """Do it, and return whether all of it could be done: without an agent here the answers wait to be asked for again."""
    for said in there.said:
        try:
            taken = take_in_said(place, said, now=now)
        except NobodyHereError:
            plan_tell(place, "nobody", said.id, now=now)
            return False
        tell_if_lost(place, said.id, taken, now=now)
    if there.assignee is not None:
        with suppress(NobodyHereError):  # the conversation goes on waiting here, and the page says who is missing
            take_in_assignee(place, there.assignee, now=now)
    if there.is_closed:
        take_in_close(place, now=now)
    return True


def tell_if_lost(place: OutsideConversation, outside_id: str, taken: Taken, *, now: datetime) -> None:
    """Tell whoever wrote it if the shopper did not get it."""
    if taken in {Taken.CLOSED, Taken.EMPTY}:
        plan_tell(place, taken.value, outside_id, now=now)


in_two_steps(FETCH, read=_read, write=_take_in)
