"""What does either page say in a talk, and what does it hear? Of each connection two messages: an offer and its answer.

The shopper's page always offers and the agent's answers, so the two never collide. The server numbers the connections: a page
that is new, or whose connection broke, moves the number, and both begin anew. Each description has all its candidates in it,
so that a connection takes two messages whether pages are woken or ask by the clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction

from oscar_engage.conf import get_settings
from oscar_engage.push.send import wake_live
from oscar_engage.sharing.bodies import pack, unpack
from oscar_engage.sharing.finish import end, end_if_over
from oscar_engage.sharing.lease import MOVING, SILENT
from oscar_engage.sharing.models import Ended, LiveMessage, LiveSession, LiveState, Side
from oscar_engage.voices.says import Says
from oscar_engage.voices.sdp import clean_sdp

MOST_GENERATIONS = 40
"""Connections of one talk: at more, the two browsers cannot keep one."""

MOST_TRIES = 5
"""How often what a page said is written, where the other side moved the session in the same moment."""

STEP = timedelta(seconds=2)
"""How exact we are about when a page last spoke: one write in this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a page is told.

    ``is_other``: another page of the same side speaks now. ``sdp``: the other side's description of this generation, if the
    page has it not. ``media``: what the other side sends.
    """

    session: LiveSession
    is_other: bool = False
    sdp: str = ""
    media: Sequence[str] = ()


def hear(session: LiveSession, side: Side, says: Says, *, now: datetime) -> Told:
    """Take what a page of ``side`` said and return what it is to know; raises ``sdp.WrongSdpError``.

    One that is over, or another page's, changes nothing.
    """
    sdp = clean_sdp(says.sdp, relay_only=get_settings().voices_relay_only) if says.sdp else ""
    if end_if_over(session, now=now):
        return Told(session=session)
    own = _Own(session, side)
    if session.state == LiveState.ASKED:
        own.note(now=now)
        return Told(session=session)
    if says.page != own.page and not says.begins:
        return Told(session=session, is_other=True)
    for _turn in range(MOST_TRIES):
        changes = own.changes(says, now=now)
        if changes.get("generation", 0) > MOST_GENERATIONS:
            return Told(session=end(session, Ended.UNCONNECTED, now=now))
        if sdp and own.may_describe(says.generation):
            changes[own.seq] = says.generation
        if not changes or _write(session, own, changes, sdp, now=now) or session.state != LiveState.LIVE:
            break
    return Told(session=session, sdp=_sdp_of_other(session, side, says.has), media=_split(own.other("media")))


def leave(session: LiveSession, side: Side, page: str, *, now: datetime) -> None:
    """Note that the page that spoke was left: the next one has ``lease.MOVING`` to go on."""
    own = _Own(session, side)
    live = LiveSession.objects.filter(pk=session.pk, state=LiveState.LIVE, **{own.page_column: page})
    live.update(**{own.at: now + MOVING - SILENT})


class _Own:
    """One side's columns of a session."""

    def __init__(self, session: LiveSession, side: Side) -> None:
        self._session = session
        self._side = side
        self.at, self.seq = f"{side.value}_at", f"{side.value}_seq"
        self.page_column = "page" if side == Side.SHOPPER else "agent_page"

    @property
    def page(self) -> str:
        """The token of this side's page that speaks."""
        return str(getattr(self._session, self.page_column))

    def other(self, what: str) -> Any:
        """Return a column of the other side."""
        return getattr(self._session, f"{'agent' if self._side == Side.SHOPPER else 'shopper'}_{what}")

    def note(self, *, now: datetime) -> None:
        """Note that who asks is there still, every two seconds at most."""
        if now - (getattr(self._session, self.at) or self._session.asked_at) >= STEP:
            LiveSession.objects.filter(pk=self._session.pk).exclude(state=LiveState.ENDED).update(**{self.at: now})

    def changes(self, says: Says, *, now: datetime) -> dict[str, Any]:
        """Return the columns that move: none where a page says nothing new within two seconds."""
        session, media = self._session, ",".join(sorted(set(says.media)))
        changed: dict[str, Any] = {}
        if says.page != self.page:
            changed[self.page_column] = says.page
            if self.page or not session.generation:
                changed["generation"] = session.generation + 1
        if says.is_broken and says.generation == session.generation:
            changed["generation"] = session.generation + 1
        if says.is_joined and says.generation == session.generation and session.joined_at is None:
            changed["joined_at"] = now
        if media != getattr(session, f"{self._side.value}_media"):
            changed[f"{self._side.value}_media"] = media
        seen = getattr(session, self.at)
        is_silent = seen is None or now - seen >= STEP or seen > now
        return {**changed, self.at: now} if changed or says.sdp or is_silent else {}

    def may_describe(self, generation: int) -> bool:
        """Whether a description of ``generation`` is awaited of this side: the offer first, then the answer, each once."""
        session = self._session
        is_next = generation == session.generation and getattr(session, self.seq) < generation
        return is_next and (self._side == Side.SHOPPER or session.shopper_seq == generation)


def _write(session: LiveSession, own: _Own, changes: dict[str, Any], sdp: str, *, now: datetime) -> bool:
    """Move the session by one guarded UPDATE, and keep a description that was awaited: the last of each side.

    Both pages are woken by the yes and begin in the same moment. Where the other side was first, nothing is written,
    ``session`` is as the other side left it, and the answer is ``False``: what was said is to be looked at anew, or a page that
    has begun would be taken for another's.
    """
    side = Side.SHOPPER if own.seq == "shopper_seq" else Side.AGENT
    with transaction.atomic(using=get_settings().database):
        same = LiveSession.objects.filter(pk=session.pk, state=LiveState.LIVE, generation=session.generation)
        if not same.update(**changes):
            session.refresh_from_db()
            return False
        if own.seq in changes:
            LiveMessage.objects.filter(session=session, side=side).delete()
            LiveMessage.objects.create(session=session, side=side, seq=changes[own.seq], body=pack(sdp), at=now)
    for name, value in changes.items():
        setattr(session, name, value)
    if set(changes) - {own.at}:
        wake_live(session.public_id)
    return True


def _sdp_of_other(session: LiveSession, side: Side, has: int) -> str:
    """Return the other side's description of this generation, unless the page has it; no query where there is none."""
    other = Side.AGENT if side == Side.SHOPPER else Side.SHOPPER
    if getattr(session, f"{other.value}_seq") != session.generation or has >= session.generation:
        return ""
    rows = LiveMessage.objects.filter(session=session, side=other, seq=session.generation)
    body = rows.values_list("body", flat=True).first()
    return "" if body is None else msgspec.json.decode(unpack(body), type=str)


def _split(media: str) -> tuple[str, ...]:
    return tuple(media.split(",")) if media else ()


__all__ = ["Told", "hear", "leave"]
