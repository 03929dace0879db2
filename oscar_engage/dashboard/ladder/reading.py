"""What does the page of the ladder show? Each step with its conditions in words and what it did."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.dashboard.promises.reading import conditions_of
from oscar_engage.dashboard.rules.draft import Raw
from oscar_engage.dashboard.segments.reading import say_text
from oscar_engage.desk.ladder.figures import StepReport, report_on
from oscar_engage.desk.ladder.models import LadderStep
from oscar_engage.desk.ladder.steps import Step
from oscar_engage.desk.ladder.store import read_ladder
from oscar_engage.desk.promises.store import check_conditions
from oscar_engage.modules import is_there
from oscar_engage.rules.segments.store import PATH
from oscar_engage.sharing.figures import step_report
from oscar_engage.voices.figures import step_report as step_report_of_talks


@dataclass(frozen=True, slots=True, kw_only=True)
class RungRow:
    """One line: the step, to whom it is offered in words, and what it did."""

    step: LadderStep
    words: str
    report: StepReport
    price: Decimal | None
    """What a solution costs: that of one use by the share solved; ``None`` where either is not known."""

    is_first: bool
    is_last: bool


def read_rungs(since: datetime, until: datetime) -> list[RungRow]:
    """Return the ladder with what each step did in ``[since, until)``; without the steps of modules that are off."""
    ladder = [row for row in read_ladder() if is_there("steps", row.step)]
    above = {Step.PAGE: step_report(since, until), Step.VOICE: step_report_of_talks(since, until)}
    reports = {**report_on(since, until), **above}
    return [
        RungRow(
            step=row,
            words=say_conditions(row.document),
            report=reports[Step(row.step)],
            price=_price(row, reports[Step(row.step)]),
            is_first=place == 0,
            is_last=place == len(ladder) - 1,
        )
        for place, row in enumerate(ladder)
    ]


def _price(row: LadderStep, report: StepReport) -> Decimal | None:
    if row.cost is None or not report.solved:
        return None
    return (row.cost * report.settled / report.solved).quantize(Decimal("0.01"))


def say_conditions(document: Any) -> str:
    """Return to whom a step is offered, in words."""
    return _("Everybody.") if document is None else say_text(document, {})


def words_of(raw: Raw) -> str:
    """Return to whom the draft offers the step, or how much of it is missing."""
    document, errors = check_conditions(conditions_of(raw), path=PATH, segments={})
    if not errors:
        return say_conditions(document)
    words = ngettext(
        "Not complete yet: %(count)d place to fill in.", "Not complete yet: %(count)d places to fill in.", len(errors)
    )
    return words % {"count": len(errors)}
