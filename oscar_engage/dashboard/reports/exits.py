"""What does the page "When do shoppers leave?" say? For each stage both curves, in numbers and drawn."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from oscar_engage.analytics.exits.curve import FEWEST_VIEWS, Counts, Step, by_idle, by_views, pool
from oscar_engage.analytics.exits.views import LEAVABLE, MOST_VIEWS
from oscar_engage.dashboard.reports.exit_chart import Chart, draw
from oscar_engage.rules.shipped.choices import STAGES

VIEW_MARKS = range(1, MOST_VIEWS + 1)
IDLE_MARKS = range(0, 301, 60)
EXIT_HEAD = ("stage", "by", "at", "at_risk", "left", "share", "low", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One curve: the steps at which somebody was, and the drawing of those of which enough is known."""

    steps: tuple[Step, ...]
    chart: Chart | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageExits:
    """A stage: how many page views were counted there, how many more it takes to say something, and both curves.

    ``half_after``: the page view after which half of the shoppers have left, if nobody moved on. ``idle`` is ``None`` where
    shoppers pay: no script of ours runs on those pages, so nobody knows how idle they are.
    """

    stage: str
    label: Any
    page_views: int
    left: int
    missing: int
    half_after: int | None
    views: Curve
    idle: Curve | None


def describe_exits(counts: Counts) -> tuple[StageExits, ...]:
    """Return what is known of every stage that can be left, in the order in which a visit comes to them."""
    return tuple(_describe(counts, stage) for stage in LEAVABLE)


def _describe(counts: Counts, stage: str) -> StageExits:
    total = pool(counts, stage)
    steps = by_views(counts, stage)
    halves = (step.at for step in steps if step.staying is not None and step.staying.value <= 0.5)  # noqa: PLR2004 - a half
    return StageExits(
        stage=stage,
        label=STAGES.choices[stage],
        page_views=total.all,
        left=total.left,
        missing=max(0, FEWEST_VIEWS - total.all),
        half_after=next(halves, None),
        views=_curve(steps, VIEW_MARKS),
        idle=None if stage == "payment" else _curve(by_idle(counts, stage), IDLE_MARKS),
    )


def _curve(steps: Sequence[Step], marks: Sequence[int]) -> Curve:
    return Curve(steps=tuple(step for step in steps if step.at_risk), chart=draw(steps, marks))


def exit_rows(stages: Iterable[StageExits]) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each step of each curve; shares in [0, 1], none where there is not enough data yet."""
    for stage in stages:
        for by, curve in (("views", stage.views), ("idle_seconds", stage.idle)):
            for step in curve.steps if curve else ():
                rate = step.rate
                shares = ("", "", "") if rate is None else tuple(round(one, 5) for one in (rate.value, rate.low, rate.high))
                yield (stage.stage, by, step.at, step.at_risk, step.left, *shares)
