"""Where do the bars stand? Geometry of a rule's funnel, so that the template only prints."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from oscar_engage.analytics.report import RuleReport
from oscar_engage.analytics.tally import ArmReport

WIDTH = 440
"""Length in SVG units of a bar that stands for every visitor of its arm."""

LEFT = 120
ROW = 46
BAR = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: how many visitors of ``arm`` came so far, and its place in SVG units."""

    arm: str
    visitors: int
    share: float | None
    y: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the funnel with a bar for each arm that can reach it."""

    label: Any
    y: int
    bars: tuple[Bar, ...]


STEPS: tuple[tuple[str, Any, bool], ...] = (
    ("visitors", _("Eligible"), True),
    ("offered", _("Offered"), False),
    ("seen", _("Seen"), False),
    ("accepted", _("Accepted"), False),
    ("buyers", _("Bought"), True),
)
"""Field of :class:`ArmReport`, label, and whether the hold-out has it too."""


def build_funnel(report: RuleReport) -> tuple[Step, ...]:
    """Return the steps of ``report`` from top to bottom; a full bar is all visitors of that arm."""
    return tuple(_step(report, index, *row) for index, row in enumerate(STEPS))


def funnel_height() -> int:
    """Return the height of the drawing in SVG units."""
    return ROW * len(STEPS)


def _step(report: RuleReport, index: int, field: str, label: Any, in_control: bool) -> Step:
    arms = report.arms if in_control else (report.treated,)
    top = index * ROW
    return Step(
        label=label,
        y=top + BAR,
        bars=tuple(_bar(arm, field, top + 3 + offset * (BAR + 3)) for offset, arm in enumerate(arms)),
    )


def _bar(arm: ArmReport, field: str, y: int) -> Bar:
    reached: int = getattr(arm, field)
    share = reached / arm.visitors if arm.visitors else None
    return Bar(arm=arm.arm, visitors=reached, share=share, y=y, width=round(WIDTH * (share or 0)))
