"""What is laid beside what? The truth of the last run, the lift that reports measured, and the segments that were learnt."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oscar_engage.analytics.lift.cells import BUYERS
from oscar_engage.analytics.lift.judge import Judged
from oscar_engage.analytics.lift.read import read_lift, read_names
from oscar_engage.analytics.words import say_points
from oscar_engage.dashboard.simulator.picture import Measured, Picture, draw
from oscar_engage.simulation.models import SimulationRun
from oscar_engage.simulation.report import SHOP

PER_CENT = 100

MOST_RUNS = 50
"""Runs whose truth is added up, the latest."""

KINDS: Mapping[str, str | Promise] = {
    "persuadable": _("Persuadable: help makes them buy"),
    "self_server": _("Self-servers: buy without us"),
    "lost_cause": _("Lost causes: never buy"),
    "do_not_disturb": _("Do not disturb: help puts them off"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One rule, or the whole shop (``rule_id`` is ``None``); effects in points of a hundred shoppers.

    ``truth`` is the effect on the treated. ``value``, ``low``, ``high`` are what was measured, ``None`` as long as that cannot
    be said; ``is_covered``: whether the interval holds the truth.
    """

    rule_id: int | None
    name: str
    units: int
    truth: float
    value: float | None
    low: float | None
    high: float | None
    is_covered: bool | None

    @property
    def said(self) -> Mapping[str, str]:
        """Return the numbers as one reads them, with their signs; what cannot be said is not there."""
        found = {name: getattr(self, name) for name in ("truth", "value", "low", "high")}
        return {name: say_points(value / PER_CENT) for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Share:
    """One kind: its true share of the shoppers in per cent."""

    label: str | Promise
    count: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorPage:
    """The last run that came to its end, with what the page shows of it."""

    run: SimulationRun
    lines: tuple[Line, ...]
    kinds: tuple[Share, ...]
    covered: int
    compared: int
    picture: Picture | None


def read_page(*, today: date) -> SimulatorPage | None:
    """Return the page as it stands ``today`` by the shop's clock; ``None`` before the first run. Three queries.

    Reports measure all that was simulated into the same tables, so the truth is that of all runs together.
    """
    runs = list(SimulationRun.objects.filter(ended_at__isnull=False).order_by("-started_at")[:MOST_RUNS])
    if not runs:
        return None
    run, names, truths = runs[0], dict(read_names()), _together(run.document["truths"] for run in runs)
    since = min(run.started_at.date() - timedelta(days=run.document["days"] + 1) for run in runs)
    report = read_lift(since=since, until=run.started_at.date() + timedelta(days=1), today=today)
    lines = [
        _line(int(rule), names[int(rule)], truth, report.rule(int(rule)))
        for rule, truth in sorted(truths.items(), key=lambda item: -item[1]["units"])
        if rule != SHOP and int(rule) in names
    ]
    if SHOP in truths:
        lines.insert(0, _line(None, "", truths[SHOP], report.shop))
    compared = [line for line in lines if line.is_covered is not None]
    return SimulatorPage(
        run=run,
        lines=tuple(lines),
        kinds=_shares(run.document["kinds"]),
        covered=sum(bool(line.is_covered) for line in compared),
        compared=len(compared),
        picture=draw([one for line in compared if (one := _measured(line))]),
    )


def _together(runs: Iterable[Mapping[str, Any]]) -> dict[str, Counter[str]]:
    """Return the sums of the runs' truths, by rule."""
    found: dict[str, Counter[str]] = {}
    for truths in runs:
        for rule, truth in truths.items():
            found.setdefault(rule, Counter()).update({name: truth[name] for name in ("units", "treated_units", "gained")})
    return found


def _line(rule_id: int | None, name: str, truth: Mapping[str, int], judged: Judged) -> Line:
    true = PER_CENT * truth["gained"] / truth["treated_units"] if truth["treated_units"] else 0.0
    lift = judged.outcome(BUYERS).lift
    found = None if lift is None else lift.difference.times(PER_CENT)
    return Line(
        rule_id=rule_id,
        name=name,
        units=truth["units"],
        truth=true,
        value=found.value if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        is_covered=found.low <= true <= found.high if found else None,
    )


def _measured(line: Line) -> Measured | None:
    if line.value is None or line.low is None or line.high is None:
        return None
    name = line.name if line.rule_id else gettext("The whole shop")
    return Measured(name=name, truth=line.truth, value=line.value, low=line.low, high=line.high)


def _shares(kinds: Mapping[str, int]) -> tuple[Share, ...]:
    counts = Counter(kinds)
    everybody = counts.total()
    return tuple(
        Share(label, counts[kind], PER_CENT * counts[kind] / everybody if everybody else 0.0) for kind, label in KINDS.items()
    )
