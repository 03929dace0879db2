"""How far did engagements come? The page of the funnel, and the drawing that the page of a rule shows too."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from oscar_engage.analytics.funnel import steps
from oscar_engage.analytics.funnel.read import BY, Way, read_funnel
from oscar_engage.analytics.words import say_money, say_number, say_share
from oscar_engage.dashboard.reports.chart import Bars, Value, draw_bars
from oscar_engage.dashboard.reports.sheet import send_sheet
from oscar_engage.dashboard.reports.spanned import SpanMixin
from oscar_engage.decisions.models import Reason
from oscar_engage.rules.models import Rule
from oscar_engage.rules.segments.store import segment_names
from oscar_engage.rules.shipped.choices import DEVICES
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS

LABELS = {
    steps.ELIGIBLE: gettext_lazy("Eligible"),
    steps.HELD_OUT: gettext_lazy("Held out"),
    steps.CAPPED: gettext_lazy("Enough already"),
    steps.NO_AGENT: gettext_lazy("No agent"),
    steps.ADVISED: gettext_lazy("Advised against"),
    steps.LOST: gettext_lazy("Something else first"),
    steps.OTHER: gettext_lazy("Not possible"),
    steps.OFFERED: gettext_lazy("Offered"),
    steps.SEEN: gettext_lazy("Seen"),
    steps.ACCEPTED: gettext_lazy("Accepted"),
    steps.CONNECTED: gettext_lazy("Answered by an agent"),
    steps.RESOLVED: gettext_lazy("Resolved"),
    steps.ORDERED: gettext_lazy("Ordered"),
}
"""What each step is called."""

SHOWN = (steps.ELIGIBLE, *steps.REFUSALS, *steps.WAYS[1:])

TOLD_APART = {
    "engagement": gettext_lazy("engagement"),
    "variant": gettext_lazy("wording"),
    "channel": gettext_lazy("kind of help"),
    "device": gettext_lazy("device"),
    "rule": gettext_lazy("rule"),
    "segment": gettext_lazy("segment"),
}
"""By what the reader can tell funnels apart."""


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One funnel of the table; ``before``: its numbers in the days that are compared with."""

    name: str
    way: Way
    numbers: tuple[int, ...]
    before: tuple[int, ...]

    @property
    def minutes(self) -> str:
        """How long a visit lasted, in words."""
        return (
            "" if self.way.seconds is None else _("%(minutes)s min") % {"minutes": say_number(round(self.way.seconds / 60, 1))}
        )

    @property
    def order_values(self) -> tuple[str, ...]:
        """The average order behind what was offered."""
        return tuple(say_money(value, currency) for currency, value in self.way.order_values)


def draw_way(way: Way) -> Bars | None:
    """Draw a funnel: a bar a step, with its share of all eligible moments; ``None`` where nothing happened."""
    every = way.number(steps.ELIGIBLE)
    if not every:
        return None
    return draw_bars(
        [
            Value(LABELS[step], way.number(step), f"{say_number(way.number(step))} ({say_share(way.number(step) / every)})")
            for step in steps.WAYS
        ]
    )


def reason_rows(way: Way) -> list[tuple[str, int, float]]:
    """Return ``(reason in words, moments, share of all moments)``, the most frequent first."""
    labels, every = dict(Reason.choices), max(1, way.number(steps.ELIGIBLE))
    return [(str(labels.get(reason, reason)), number, number / every) for reason, number in way.reasons]


class FunnelView(SpanMixin, TemplateView):
    """From eligible to ordered, told apart by one of :data:`TOLD_APART`; ``?as=csv`` is a file."""

    template_name = "oscar_engage/dashboard/reports/funnel.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the funnels, the largest first."""
        span, context = self.span_context()
        by = self.request.GET.get("by", "")
        by = by if by in BY else BY[0]
        found = read_funnel(since=span.since, until=span.until, by=by)
        other = read_funnel(since=span.other.since, until=span.other.until, by=by) if span.other else None
        names = _names(by)
        rows = [
            FunnelRow(_name(key, names), way, _numbers(way), _numbers(other.parts.get(key, Way())) if other else ())
            for key, way in sorted(found.parts.items(), key=lambda pair: (-pair[1].number(steps.ELIGIBLE), pair[0]))
        ]
        return super().get_context_data(
            **kwargs,
            **context,
            by=by,
            told_apart=TOLD_APART.items(),
            rows=rows,
            labels=[LABELS[step] for step in SHOWN],
            chart=draw_way(found.whole),
            whole=FunnelRow("", found.whole, _numbers(found.whole), ()),
            filled_at=found.filled_at,
        )

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Return the page, or the file."""
        request: HttpRequest = self.request
        if request.GET.get("as") == "csv":
            return send_sheet("funnel", (context["by"], *SHOWN, "seconds_on_site"), _sheet(context["rows"]))
        return super().render_to_response(context, **response_kwargs)


def _sheet(rows: list[FunnelRow]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield (row.name, *row.numbers, "" if row.way.seconds is None else round(row.way.seconds))


def _numbers(way: Way) -> tuple[int, ...]:
    return tuple(way.number(step) for step in SHOWN)


def _names(by: str) -> dict[str, str]:
    if by in ("engagement", "variant"):
        return dict(Engagement.objects.values_list("slug", "title"))
    if by == "rule":
        return {str(pk): name for pk, name in Rule.objects.values_list("pk", "name")}
    if by == "segment":
        return {**segment_names(), "": _("in none of the segments that rules name")}
    if by == "device":
        return {**{value: str(label) for value, label in DEVICES.choices.items()}, "": _("not known")}
    return {name: str(WIDGETS.get(name).label) for name in WIDGETS.names()}


def _name(key: tuple[str, ...], names: dict[str, str]) -> str:
    first = names.get(key[0], key[0]) or _("without an engagement")
    wording = _("not offered, or the only wording")
    return f"{first}: {key[1] or wording}" if len(key) > 1 else first
