"""When does the clock alone turn a rule on? The seconds until the next moment at which it is worth judging again."""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from oscar_engage.rules.engine.compare import IS_KNOWN, IS_UNKNOWN
from oscar_engage.rules.engine.compile import Choose, IsHidden, IsPossible, compile_document, compile_possible
from oscar_engage.rules.engine.tree import Condition, Document
from oscar_engage.rules.engine.walk import Read

TICK = 0.1
"""Seconds by which we come after a boundary: the resolution of the answer's header, and past every rounding of floats."""

HORIZON = 1800.0
"""Seconds beyond which no wake is promised: by then a visit without activity has ended."""

ReadAt: TypeAlias = Callable[[float], Read]
"""Gives the reader of the moment that many seconds from now, if nothing but time has passed."""


@dataclass(frozen=True, slots=True)
class WakePlan:
    """What is constant about a document and the clock.

    How it chooses, whether it can come to act while nothing but time passes, and the limits (variable, value) that its clock
    variables may pass.
    """

    document: Document
    choose: Choose
    is_possible: IsPossible
    limits: tuple[tuple[str, float], ...]


def plan_wake(document: Document, *, clocks: Container[str], costly: Container[str] = ()) -> WakePlan:
    """Return the plan of ``document``.

    ``clocks`` names the variables that grow by one each second, ``costly`` those that are not read for a mere possibility.
    """
    return WakePlan(
        document=document,
        choose=compile_document(document, costly=costly),
        is_possible=_compile_chance(document, is_hidden=_hides(clocks, costly)),
        limits=limits_of(document, clocks=clocks),
    )


def _hides(clocks: Container[str], costly: Container[str]) -> IsHidden:
    """Return what picks the conditions that are left open when it is asked whether a rule can come to act.

    They are those that the clock changes, and those on costly variables.
    """
    return lambda condition: moves(condition, clocks) or condition.field in costly


def moves(condition: Condition, clocks: Container[str]) -> bool:
    """Whether time can change the condition; whether a clock is known at all does not depend on time."""
    return condition.field in clocks and condition.operator not in {IS_KNOWN, IS_UNKNOWN}


def limits_of(document: Document, *, clocks: Container[str]) -> tuple[tuple[str, float], ...]:
    """Return the clock variables of ``document``, each with a value at which a condition may change."""
    moving = [condition for condition in document.conditions() if condition.field in clocks and moves(condition, clocks)]
    return tuple(dict.fromkeys(limit for condition in moving for limit in _limits(condition))) if moving else ()


def next_wake(plans: Iterable[tuple[WakePlan, int | None]], *, read_at: ReadAt, horizon: float = HORIZON) -> float | None:
    """Return the seconds until one of the rules takes a branch that does something, other than the one it takes now.

    ``plans`` come with the present branch (``None``: silent). ``None`` when time alone changes nothing within ``horizon``.
    A state that lasts shorter than :data:`TICK` may be passed over.
    """
    now = read_at(0.0)
    probes = [
        (seconds, plan, present)
        for plan, present in plans
        if plan.limits and plan.is_possible(now)
        for seconds in _boundaries(plan, now)
        if seconds <= horizon
    ]
    then, read = 0.0, now
    for seconds, plan, present in sorted(probes, key=lambda probe: probe[0]):
        if seconds != then:
            then, read = seconds, read_at(seconds)
        branch = plan.choose(read)
        if branch is not None and branch != present and plan.document.actions(branch):
            return seconds
    return None


def _never(read: Read) -> bool:
    return False


def _compile_chance(document: Document, *, is_hidden: IsHidden) -> IsPossible:
    """Return what says whether the rule can act at all while everything but what is hidden stays as it is."""
    acting = tuple(branch for branch in document.branches if branch.then)
    if not acting and not document.otherwise:
        return _never
    return compile_possible(document.scope, () if document.otherwise else acting, is_hidden=is_hidden)


def _limits(condition: Condition) -> Iterator[tuple[str, float]]:
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    return ((condition.field, value) for value in values if isinstance(value, int | float))


def _boundaries(plan: WakePlan, now: Read) -> Iterator[float]:
    """Yield the seconds, each a tick after a limit is reached, from which some clock condition may read differently."""
    for field, limit in plan.limits:
        actual = now(field)
        if isinstance(actual, int | float) and limit + TICK > actual:
            yield limit - actual + TICK
