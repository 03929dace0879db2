"""The report on side effects: what may have got worse for those who are helped."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from oscar_engage.analytics.guardrails.measure import Measure
from oscar_engage.analytics.guardrails.report import Guard, GuardReport, Standing, report_guardrails
from oscar_engage.analytics.guardrails.said import MEASURES
from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.reports.chart import Bars, Value, draw_bars
from oscar_engage.dashboard.reports.sheet import send_sheet
from oscar_engage.dashboard.reports.spanned import SpanMixin
from oscar_engage.dashboard.templatetags.engage_numbers import number, percent, points
from oscar_engage.rules.models import Rule

BADGES: Mapping[Standing, tuple[str, Any]] = {
    Standing.ALARM: ("late", gettext_lazy("worse")),
    Standing.BETTER: ("live", gettext_lazy("better")),
    Standing.OPEN: ("open", gettext_lazy("no difference shown")),
    Standing.NOT_YET: ("off", gettext_lazy("not enough data yet")),
}
_COLUMNS = ("measure", "rule", "treated", "control", "difference", "low", "high", "standing")
_COUNTS = ("treated_units", "treated_y", "treated_x", "control_units", "control_y", "control_x")
_MS = 1000
_DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class GuardLine:
    """A row of the table, in words; ``other`` is the difference in the days that are compared."""

    guard: Guard
    what: Any
    treated: str
    control: str
    treated_of: str
    control_of: str
    difference: str
    interval: str
    badge: str
    standing: Any
    reading: str
    other: str


@dataclass(frozen=True, slots=True)
class GuardGroup:
    """One experiment: the shop as a whole (``rule`` is ``None``) or a rule, and its rows."""

    rule: int | None
    name: str
    lines: Sequence[GuardLine]


class GuardrailsView(SpanMixin, TemplateView):
    """Returns, cancellations, complaints and page speed, treated against control; ``?as=csv`` as a file."""

    template_name = "oscar_engage/dashboard/reports/guardrails.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, or send the table as a file."""
        context = self.get_context_data(**kwargs)
        if request.GET.get("as") == "csv":
            return send_sheet("side-effects", [*_COLUMNS, *_COUNTS], _rows(context["report"]))
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the guards by experiment, and the alarms."""
        span, context = self.span_context()
        report = report_guardrails(since=span.since, until=span.until)
        other = report_guardrails(since=span.other.since, until=span.other.until) if span.other else None
        groups = _group(report, other)
        chosen = get_settings()
        return super().get_context_data(
            **kwargs,
            **context,
            report=report,
            groups=groups,
            alarms=[(group, line) for group in groups for line in group.lines if line.guard.standing is Standing.ALARM],
            bars=_bars(groups),
            attribution_days=chosen.attribution_days,
            open_days=chosen.attribution_days + chosen.return_days,
        )


def _group(report: GuardReport, other: GuardReport | None) -> list[GuardGroup]:
    before = {(guard.rule, guard.measure): guard for guard in other.guards} if other else {}
    ids = sorted({guard.rule for guard in report.guards if guard.rule is not None})
    names = dict(Rule.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    groups: dict[int | None, list[GuardLine]] = {}
    for guard in report.guards:
        groups.setdefault(guard.rule, []).append(_line(guard, before.get((guard.rule, guard.measure))))
    return [
        GuardGroup(rule, _("The shop as a whole") if rule is None else names.get(rule, _("a deleted rule")), lines)
        for rule, lines in groups.items()
    ]


def _line(guard: Guard, other: Guard | None) -> GuardLine:
    badge, standing = BADGES[guard.standing]
    difference = guard.difference
    return GuardLine(
        guard=guard,
        what=MEASURES[guard.measure],
        treated=_say_mean(guard.measure, guard.treated),
        control=_say_mean(guard.measure, guard.control),
        treated_of=_say_of(guard.measure, guard.treated),
        control_of=_say_of(guard.measure, guard.control),
        difference=_say_difference(guard.measure, difference.value) if difference else "",
        interval=f" {_DASH} ".join(_say_difference(guard.measure, end) for end in (difference.low, difference.high))
        if difference
        else "",
        badge=badge,
        standing=standing,
        reading=_read(guard),
        other=_say_difference(guard.measure, other.difference.value) if other and other.difference else _DASH,
    )


def _mean(measure: Measure, arm: Moments) -> float | None:
    of = arm.units if measure is Measure.COMPLAINTS else arm.sum_x
    return arm.sum_y / of if of else None


def _say_mean(measure: Measure, arm: Moments) -> str:
    mean = _mean(measure, arm)
    if mean is None:
        return _DASH
    return _seconds(mean) if measure is Measure.SPEED else percent(mean)


def _say_of(measure: Measure, arm: Moments) -> str:
    """Return of how many the mean is."""
    if measure is Measure.COMPLAINTS:
        return _("%(part)s of %(all)s visitors") % {"part": number(int(arm.sum_y)), "all": number(arm.units)}
    if measure is Measure.SPEED:
        return _("%(pages)s pages of %(all)s visitors") % {"pages": number(int(arm.sum_x)), "all": number(arm.units)}
    return _("%(part)s of %(all)s orders") % {"part": number(int(arm.sum_y)), "all": number(int(arm.sum_x))}


def _say_difference(measure: Measure, value: float) -> str:
    if measure is Measure.SPEED:
        return f"{'+' if value > 0 else ''}{_seconds(value, 3)}"
    return _("%(points)s points") % {"points": points(value)}


def _seconds(milliseconds: float, places: int = 2) -> str:
    return _("%(seconds)s s") % {"seconds": number_format(milliseconds / _MS, places)}


def _read(guard: Guard) -> str:
    """Return the reading of non-inferiority, which is what a guardrail is for."""
    if guard.at_most is None:
        return ""
    if guard.measure is Measure.SPEED:
        return _("At most %(more)s slower, with 95 %% certainty.") % {"more": _seconds(guard.at_most, 3)}
    return _("At most %(more)s points higher, with 95 %% certainty.") % {"more": points(guard.at_most).lstrip("+")}


def _bars(groups: Iterable[GuardGroup]) -> Bars | None:
    """Return the shares of the shop as a whole, in points; speed has another unit, and stands in the table."""
    whole = [line for group in groups if group.rule is None for line in group.lines]
    return draw_bars(
        [
            Value(line.what, one.value, line.difference, one.low, one.high)
            for line in whole
            if line.guard.measure is not Measure.SPEED and (one := line.guard.difference)
        ]
    )


def _rows(report: GuardReport) -> Iterator[Sequence[Any]]:
    for guard in report.guards:
        means = [_mean(guard.measure, arm) for arm in (guard.treated, guard.control)]
        one = guard.difference
        yield (
            *(guard.measure.value, guard.rule or "shop"),
            *("" if mean is None else f"{mean:.5f}" for mean in means),
            *(f"{value:.5f}" for value in ((one.value, one.low, one.high) if one else ())),
            *(() if one else ("", "", "")),
            guard.standing.value,
            *(part for arm in (guard.treated, guard.control) for part in (arm.units, int(arm.sum_y), int(arm.sum_x))),
        )
