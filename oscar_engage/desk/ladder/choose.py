"""Which steps are offered to who asks now? The kept ladder with its conditions judged; what fails falls back to a note."""

import logging

from django.db import DatabaseError, transaction

from oscar_engage.conf import get_settings
from oscar_engage.desk.ladder.models import LadderStep
from oscar_engage.desk.ladder.steps import LAST_RESORT, Asker, Rung, Step, climb
from oscar_engage.desk.ladder.store import read_ladder
from oscar_engage.desk.promises.choose import Tell, read_conditions
from oscar_engage.rules.engine.tree import Group, leaves
from oscar_engage.rules.engine.walk import judge, judging

logger = logging.getLogger(__name__)


def choose_steps(asker: Asker, tell: Tell) -> tuple[Step, ...]:
    """Return the steps to offer, the first to be tried first; one query, more where conditions need it. Never raises."""
    try:
        with transaction.atomic(using=get_settings().database):  # a failed query of a variable must not cost the help
            rows = [row for row in read_ladder() if row.is_active]
            return climb(_rungs(rows, tell), asker)
    except DatabaseError:
        logger.exception("The ladder could not be read.")
        return tuple(step for step in Step if step in asker.here) or (LAST_RESORT,)


def is_answered_first(tell: Tell, *, before: Step = Step.NOTE) -> bool:
    """Whether the ladder has an automatic answer ``before`` the step by which a question comes to an agent.

    What the visitor chose the last time, and what was tried for another question, is no reason to keep an answer back.
    """
    return choose_steps(Asker(here=frozenset({Step.ANSWER, before})), tell)[0] == Step.ANSWER


def _rungs(rows: list[LadderStep], tell: Tell) -> list[Rung]:
    trees = {row.step: _tree(row) for row in rows if row.document is not None}
    asked = {condition.field for tree in trees.values() if tree for condition in leaves(tree)}
    read = tell(asked) if asked else None
    return [
        Rung(
            step=Step(row.step),
            is_meant=row.step not in trees or bool((tree := trees[row.step]) and read and judge(tree, judging(read)) is True),
            not_for=frozenset(row.not_for),
        )
        for row in rows
    ]


def _tree(row: LadderStep) -> Group | None:
    """Return the conditions; ``None`` for what can no longer be read: then the step is meant for nobody, and that is logged."""
    tree, errors = read_conditions(row.document, segments={})
    for error in errors[:1]:
        logger.error("The conditions of the step %s cannot be read: %s", row.step, error.message)
    return None if errors else tree
