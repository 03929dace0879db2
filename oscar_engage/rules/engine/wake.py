"""When does the clock alone turn a rule on? The seconds until the next moment at which it is worth judging again."""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from oscar_engage.rules.engine.compare import IS_KNOWN, IS_UNKNOWN
from oscar_engage.rules.engine.compile import Choose, Judge, compile_document, compile_node
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
    """What is constant about a document and the clock: its judges, and the limits that its clock variables may pass.

    ``scope`` and ``acting`` (the branches that do something) take every clock condition as unknown: what is false
    nevertheless stays false, whatever the time.
    """

    document: Document
    choose: Choose
    scope: Judge | None
    acting: tuple[Judge, ...]
    limits: tuple[tuple[str, float], ...]


def plan_wake(document: Document, *, clocks: Container[str]) -> WakePlan:
    """Return the plan of ``document``; ``clocks`` names the variables that grow by one each second."""

    def moves(condition: Condition) -> bool:
        """Whether time can change the condition; whether a clock is known at all does not depend on time."""
        return condition.field in clocks and condition.operator not in {IS_KNOWN, IS_UNKNOWN}

    return WakePlan(
        document=document,
        choose=compile_document(document),
        scope=None if document.scope is None else compile_node(document.scope, is_hidden=moves),
        acting=tuple(compile_node(branch.when, is_hidden=moves) for branch in document.branches if branch.then),
        limits=tuple(limit for condition in document.conditions() if moves(condition) for limit in _limits(condition)),
    )


def next_wake(plans: Iterable[tuple[WakePlan, int | None]], *, read_at: ReadAt, horizon: float = HORIZON) -> float | None:
    """Return the seconds until one of the rules takes a branch that does something, other than the one it takes now.

    ``plans`` come with the present branch (``None``: silent). ``None`` when time alone changes nothing within ``horizon``.
    A state that lasts shorter than :data:`TICK` may be passed over.
    """
    now = read_at(0.0)
    probes = [
        (seconds, plan, present)
        for plan, present in plans
        if plan.limits and _is_possible(plan, now)
        for seconds in _boundaries(plan, now)
        if seconds <= horizon
    ]
    for seconds, plan, present in sorted(probes, key=lambda probe: probe[0]):
        branch = plan.choose(read_at(seconds))
        if branch is not None and branch != present and plan.document.actions(branch):
            return seconds
    return None


def _limits(condition: Condition) -> Iterator[tuple[str, float]]:
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    return ((condition.field, value) for value in values if isinstance(value, int | float))


def _is_possible(plan: WakePlan, now: Read) -> bool:
    """Whether the rule can act at all while everything but the clock stays as it is."""
    if plan.scope is not None and plan.scope(now) is False:
        return False
    return bool(plan.document.otherwise) or any(judge(now) is not False for judge in plan.acting)


def _boundaries(plan: WakePlan, now: Read) -> Iterator[float]:
    """Yield the seconds, each a tick after a limit is reached, from which some clock condition may read differently."""
    for field, limit in plan.limits:
        actual = now(field)
        if isinstance(actual, int | float) and limit + TICK > actual:
            yield limit - actual + TICK
