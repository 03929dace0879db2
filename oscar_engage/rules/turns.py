"""When does the clock on the wall turn a rule? At hours, midnights and opening times, when nothing else happens.

A variable that grows by one each second is a *clock*, and ``engine.wake`` works out when it passes a limit. One that stays as
it is until it *turns*, as the hour does, says when: there the browser is asked to come back, if a rule's condition would read
differently then. What else such a rule waits for is worked out at that beat.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import takewhile
from typing import TypeAlias

from oscar_engage.rules.engine.compare import holds
from oscar_engage.rules.engine.tree import Condition, Document
from oscar_engage.rules.engine.wake import HORIZON, TICK
from oscar_engage.rules.engine.walk import Read
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.parameters import bare_name
from oscar_engage.rules.variables import reading
from oscar_engage.signals.counters import count
from oscar_engage.statements.alone import undone_alone

logger = logging.getLogger(__name__)

Turns: TypeAlias = Callable[[Moment, timedelta], Iterable[float]]
"""Gives the seconds after a moment, ascending and no further than a span, at which a variable may turn."""

_TURNS: dict[str, Turns] = {}


def turns_at(name: str, turns: Turns) -> None:
    """Have the variable ``name`` looked at again at its ``turns``; once registered, the last word counts."""
    _TURNS[name] = turns


def is_turning(name: str) -> bool:
    """Whether the variable ``name`` turns."""
    return name in _TURNS


def turning_conditions(document: Document) -> tuple[Condition, ...]:
    """Return the conditions of ``document`` that a turn may change; for most rules none."""
    return tuple(condition for condition in document.conditions() if is_turning(bare_name(condition.field)))


def next_turn(
    conditions: Iterable[Condition], moment: Moment, *, read: Read | None = None, horizon: float = HORIZON
) -> float | None:
    """Return the seconds until a tick after the first turn within ``horizon`` at which a condition reads otherwise than now.

    ``read`` is the reader of ``moment``, if it was read already. Of a variable whose turns cannot be told, which is counted,
    there are none.
    """
    wanted = frozenset(conditions)
    if not wanted:
        return None
    span = timedelta(seconds=horizon)
    names = {bare_name(condition.field) for condition in wanted}
    turns = {seconds for name in names for seconds in _turns_of(name, moment, span)}
    later = (seconds + TICK for seconds in sorted(turns))
    now = reading(moment) if read is None else read
    return next((seconds for seconds in later if _is_turned(wanted, now, reading(moment.later(seconds)))), None)


def _turns_of(name: str, moment: Moment, span: timedelta) -> list[float]:
    most = span.total_seconds()
    try:
        with undone_alone():
            told = takewhile(lambda seconds: seconds <= most, map(float, _TURNS[name](moment, span)))
            return [seconds for seconds in told if seconds > 0]
    except Exception:
        count("fault", "variable", error=name)
        logger.warning("The turns of the variable %s could not be told.", name, exc_info=True)
        return []


def _is_turned(conditions: Iterable[Condition], now: Read, then: Read) -> bool:
    return any(_judge(condition, now) is not _judge(condition, then) for condition in conditions)


def _judge(condition: Condition, read: Read) -> bool | None:
    return holds(condition.operator, read(condition.field), condition.value)
