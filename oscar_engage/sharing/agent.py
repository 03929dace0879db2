"""What does an agent's page say, and what does it show? It points, and gets what the shopper's page sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from oscar_engage.desk.models import Agent
from oscar_engage.push.send import wake_live
from oscar_engage.sharing.bodies import pack, unpack
from oscar_engage.sharing.finish import end_if_over
from oscar_engage.sharing.lease import SILENT
from oscar_engage.sharing.models import LiveSession, LiveState, Side
from oscar_engage.sharing.rows import MOST_MESSAGES, SAID, write_verbs
from oscar_engage.sharing.verbs import AgentSays, AgentVerb, Point

MOST_TRIES = 3
"""How often verbs are written, where another tab of the agent wrote in the same moment."""

VERBS_HELD = 50
"""Verbs of the agent that are held: who was away longer needs none of them."""

STEP = 2.0
"""Seconds in which it is written once that somebody looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What an agent's page is told: the session, and what came after what it has, as JSON by number."""

    session: LiveSession
    messages: Sequence[tuple[int, bytes]] = ()


def hear_agent(session: LiveSession, agent: Agent, says: AgentSays, *, now: datetime) -> Seen:
    """Take what the page of ``agent`` said and return what it is to show.

    That ``agent`` looks is noted for the shopper to see. Only who has the conversation may point; what others do is dropped.
    """
    if end_if_over(session, now=now) or session.state != LiveState.LIVE:
        return Seen(session=session)
    is_own = session.agent_id == agent.pk
    note_look(session, agent, is_own=is_own, now=now)
    if says.verbs and is_own:
        _send(session, says.verbs, now=now)
    return Seen(session=session, messages=messages_after(session, says.after))


def messages_after(session: LiveSession, after: int) -> list[tuple[int, bytes]]:
    """Return the shopper's messages after number ``after``, at most :data:`MOST_MESSAGES`, as JSON.

    While it goes on, none before the last whole picture: a replay begins with that. No query where there is nothing new.
    """
    first = max(after + 1, session.snapshot_seq) if session.state == LiveState.LIVE else after + 1
    if first > session.shopper_seq or not session.shopper_seq:
        return []
    return [(seq, unpack(body)) for seq, body in SAID.rows(session=session.pk, side=Side.SHOPPER.value, first=first)]


def note_look(session: LiveSession, agent: Agent, *, is_own: bool, now: datetime) -> None:
    """Note that ``agent`` looks now, for the shopper to read the name; written every two seconds at most."""
    seconds, key = now.timestamp(), str(agent.pk)
    known = session.lookers.get(key)
    if known and seconds - known[1] < STEP and (session.agent_at is not None or not is_own):
        return
    there = {one: seen for one, seen in session.lookers.items() if seconds - seen[1] < SILENT.total_seconds()}
    session.lookers = {**there, key: [agent.display_name, seconds]}
    changes = {"lookers": session.lookers, **({"agent_at": now} if is_own else {})}
    LiveSession.objects.filter(pk=session.pk, state=LiveState.LIVE).update(**changes)
    if is_own:
        session.agent_at = now
    if known is None:
        wake_live(session.public_id)


def names_of_lookers(session: LiveSession, *, now: datetime) -> list[str]:
    """Return who looks now, by name."""
    since = now.timestamp() - SILENT.total_seconds()
    return sorted(name for name, seen in session.lookers.values() if seen >= since)


def _send(session: LiveSession, verbs: Sequence[AgentVerb], *, now: datetime) -> None:
    """Write the verbs one after the other; of several positions of the hand, the last."""
    hands = [verb for verb in verbs if isinstance(verb, Point)]
    wanted = [verb for verb in verbs if not isinstance(verb, Point) or verb is hands[-1]]
    bodies = [pack(msgspec.to_builtins(verb)) for verb in wanted]
    for _turn in range(MOST_TRIES):
        if write_verbs(session, bodies, held=VERBS_HELD, now=now):
            session.agent_seq += len(bodies)
            return
        session.refresh_from_db(fields=["agent_seq", "state"])  # a second tab of the same agent was first, or it is over
        if session.state != LiveState.LIVE:
            return


__all__ = ["MOST_MESSAGES", "Seen", "hear_agent", "messages_after", "names_of_lookers", "note_look"]
