"""What does a shopper's page say, and what does it hear? Its events come in, stripped, in order; the agent's verbs go out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.push.send import wake_live
from oscar_engage.sharing.bodies import pack, unpack
from oscar_engage.sharing.finish import end, end_if_over
from oscar_engage.sharing.lease import MOVING, SILENT
from oscar_engage.sharing.models import Ended, LiveSession, LiveState, Pause, Side
from oscar_engage.sharing.rows import SAID, write_turn
from oscar_engage.sharing.strip import TooManyNodesError, has_snapshot, strip_events
from oscar_engage.sharing.verbs import ShopperSays

MOST_HELD = 1024 * 1024
"""Bytes (compressed) of one page that are held; then the page is asked to begin again with a picture of itself."""

FAR_TOO_MUCH = 3 * MOST_HELD
"""Bytes of one page at which it ends: what goes on after it was asked to begin again is no page of a shop."""

MOST_KEPT = 16 * MOST_HELD
"""Bytes of one recording that is kept, at which it ends, too."""

LATE = timedelta(seconds=3)
"""How long a page that was left may still be heard: its last words come after the next page was asked for."""

STEP = timedelta(seconds=2)
"""How exact we are about when a silent page last spoke: one write in this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a shopper's page is told. ``is_other``: another page of theirs speaks now. ``again``: begin with a whole picture.

    ``is_early``: the shopper is where one pays since a moment ago, and this may be the page before.
    """

    session: LiveSession
    seq: int = 0
    verbs: Sequence[tuple[int, bytes]] = ()
    is_other: bool = False
    again: bool = False
    is_early: bool = False


def hear_shopper(session: LiveSession, says: ShopperSays, *, is_private: bool, bases: Sequence[str], now: datetime) -> Heard:
    """Take what the shopper's page said and return what it is to know; one that is over or another's changes nothing.

    ``is_private``: of the page at ``says.path`` nothing is shown. What comes twice is taken once; where something is missing,
    the page is asked to begin again.
    """
    if end_if_over(session, now=now) or session.state != LiveState.LIVE:
        return Heard(session=session)
    if not says.begins and says.page != session.page:
        return Heard(session=session, is_other=True)
    if session.pause == Pause.PAYMENT and now - session.shopper_at < LATE:
        return Heard(session=session, is_early=True)
    pause = Pause.PRIVATE if is_private else Pause.HIDDEN if says.is_hidden else Pause.NONE
    is_next = says.seq == session.shopper_seq + 1
    content = _content(says, bases) if is_next and not is_private else {}
    if content is None:
        end(session, Ended.TOO_MUCH, now=now)
        return Heard(session=session)
    _keep(session, says, content, pause, now=now)
    if session.held > (MOST_KEPT if session.keeps else FAR_TOO_MUCH):
        end(session, Ended.TOO_MUCH, now=now)
        return Heard(session=session)
    is_missing = says.seq > session.shopper_seq or (session.held > MOST_HELD and not session.keeps)
    again = not is_private and (is_missing or (not session.snapshot_seq and not says.begins))
    return Heard(session=session, seq=session.shopper_seq, verbs=_verbs_after(session, says.after), again=again)


def leave(session: LiveSession, page: str, *, now: datetime) -> None:
    """Note that the page that spoke was left: the next one has ``lease.MOVING`` to go on."""
    said = {"shopper_at": now + MOVING - SILENT, "pause": Pause.NONE}
    live = LiveSession.objects.filter(pk=session.pk, page=page, state=LiveState.LIVE)
    live.exclude(pause=Pause.PAYMENT).update(**said)
    wake_live(session.public_id)


def note_paying(conversation_id: str, *, now: datetime) -> bool:
    """Note that the shopper of the chat is where one pays and nothing of ours speaks, by one guarded UPDATE.

    A shared page waits; a talk ends, as the next who asks finds out.
    """
    live = LiveSession.objects.filter(conversation__public_id=conversation_id, state=LiveState.LIVE)
    return bool(live.update(pause=Pause.PAYMENT, shopper_at=now, page=""))


def _content(says: ShopperSays, bases: Sequence[str]) -> dict[str, Any] | None:
    """Return what is worth a row of what was sent; ``None`` for more than any page has."""
    try:
        events = strip_events(says.events, bases)
    except TooManyNodesError:
        return None
    spot = {"spot": {"x": says.spot.x, "y": says.spot.y}} if says.spot else {}
    return {**({"events": events} if events else {}), **spot}


def _keep(session: LiveSession, says: ShopperSays, content: dict[str, Any], pause: Pause, *, now: datetime) -> None:
    """Write what is new, and move the session if nobody else has; an agent is woken if there is something to look at."""
    moved = session.pause != pause or session.page != says.page
    if not content and says.seq <= session.shopper_seq and not moved and now - session.shopper_at < STEP:
        return
    seq = says.seq if says.seq == session.shopper_seq + 1 else session.shopper_seq
    body = pack(content) if content else b""
    begins = has_snapshot(content.get("events", ()))
    held = len(body) if begins and not session.keeps else session.held + len(body)
    changes: dict[str, Any] = {"pause": pause, "page": says.page, "shopper_at": now, "shopper_seq": seq, "held": held}
    if begins or pause == Pause.PRIVATE:
        changes["snapshot_seq"] = seq if begins else seq + 1
    kept = {"seq": seq, "body": body, "at": now} if body else None
    before = changes["snapshot_seq"] if "snapshot_seq" in changes and not session.keeps else None
    if not write_turn(session, Side.SHOPPER, changes, kept, before=before, wakes=bool(body) or moved):
        return
    for name, value in changes.items():
        setattr(session, name, value)


def _verbs_after(session: LiveSession, after: int) -> list[tuple[int, bytes]]:
    if session.agent_seq <= after:
        return []
    return [(seq, unpack(body)) for seq, body in SAID.rows(session=session.pk, side=Side.AGENT.value, first=after + 1)]


__all__ = ["Heard", "hear_shopper", "leave", "note_paying"]
