"""How does what one side says reach the rows? In one trip, with the wake, and only while the session stands as it was."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.models import BigIntegerField, CharField

from oscar_engage.conf import get_settings
from oscar_engage.push.send import wake_live, waking_live
from oscar_engage.sharing.models import LiveMessage, LiveSession, LiveState, Side
from oscar_engage.statements.guarded import deleting_below, inserting_while, moving
from oscar_engage.statements.prepared import Given, Prepared
from oscar_engage.statements.together import Statement, run_as_one

MOST_MESSAGES = 60
"""Messages in one answer; the rest comes with the next."""

SAID = Prepared(
    lambda: (
        LiveMessage.objects.filter(
            session=Given("session", BigIntegerField()),
            side=Given("side", CharField()),
            seq__gte=Given("first", BigIntegerField()),
        )
        .order_by("seq")
        .values_list("seq", "body")[:MOST_MESSAGES]
    )
)
"""What a side said from the ``first`` on: numbers and packed bodies."""


def write_turn(
    session: LiveSession,
    side: Side,
    changes: Mapping[str, Any],
    message: Mapping[str, Any] | None,
    *,
    before: int | None = None,
    wakes: bool,
) -> bool:
    """Move ``session``, which goes on, by ``changes``; return whether that was done: not where this side has spoken meanwhile.

    ``message``: what is kept of it. Those of this side before number ``before`` go. With ``wakes`` the other side looks.
    """
    column = f"{side.value}_seq"
    stood = {"id": session.pk, "state": LiveState.LIVE, column: getattr(session, column)}
    stands = {**stood, column: changes[column]}
    own = {"session_id": session.pk, "side": side.value}
    statements = [moving(LiveSession, where=stood, changes=changes)]
    if message is not None:
        statements.append(inserting_while(LiveMessage, {**own, **message}, of=LiveSession, where=stands))
    if before is not None:
        statements.append(deleting_below(LiveMessage, where=own, below=("seq", before), of=(LiveSession, stands)))
    return _run(session, statements, wakes=wakes)


def write_verbs(session: LiveSession, bodies: Sequence[bytes], *, held: int, now: datetime) -> bool:
    """Keep what the agent does on the page, and the last ``held`` of it alone; return whether that was done, as the above."""
    last = session.agent_seq
    changes = {"agent_seq": last + len(bodies)}
    stood = {"id": session.pk, "state": LiveState.LIVE, "agent_seq": last}
    stands = {**stood, **changes}
    own = {"session_id": session.pk, "side": Side.AGENT.value}
    kept = [{**own, "seq": last + number, "body": body, "at": now} for number, body in enumerate(bodies, 1)]
    statements = [
        moving(LiveSession, where=stood, changes=changes),
        *(inserting_while(LiveMessage, row, of=LiveSession, where=stands) for row in kept),
        deleting_below(LiveMessage, where=own, below=("seq", changes["agent_seq"] - held + 1), of=(LiveSession, stands)),
    ]
    return _run(session, statements, wakes=True)


def _run(session: LiveSession, statements: Sequence[Statement], *, wakes: bool) -> bool:
    wake = waking_live(session.public_id) if wakes else None
    (moved, *_others) = run_as_one(connections[get_settings().database], *statements, *([wake] if wake else []))
    if moved and wakes and wake is None:
        wake_live(session.public_id)
    return bool(moved)


__all__ = ["MOST_MESSAGES", "SAID", "write_turn", "write_verbs"]
