"""The pages "Service" and "Before and after"."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from oscar_engage.analytics.costs.read import read_savings_of
from oscar_engage.analytics.deflection.history import first_day, read_trend
from oscar_engage.analytics.deflection.read import ServiceReport, read_service
from oscar_engage.analytics.volumes.store import what_is_held
from oscar_engage.dashboard.deflection.reading import describe_service, topic_names
from oscar_engage.dashboard.deflection.trend import describe_trend, week_rows
from oscar_engage.dashboard.reports.sheet import send_sheet
from oscar_engage.dashboard.reports.spanned import SpanMixin

_CONTACTS = ("begun", "self_served", "to_agent", "ended", "told", "first", "once")
_HELP = ("shown", "helped", "quiet", "deflected")


class ServiceView(SpanMixin, TemplateView):
    """Contacts by topic and channel, deflection by step, first-contact resolution; ``?as=contacts`` and ``?as=help``: files."""

    template_name = "oscar_engage/dashboard/deflection/service.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the figures of the days, and of those beside them."""
        span, context = self.span_context()
        report = read_service(span.since, span.until)
        other = read_service(span.other.since, span.other.until) if span.other else None
        page = describe_service(report, other, names=topic_names(), today=timezone.localdate())
        savings = tuple(read_savings_of(report).values())
        return super().get_context_data(**kwargs, **context, page=page, savings=savings)

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Return the page, or a file."""
        asked, report = self.request.GET.get("as"), context["page"].report
        if asked == "contacts":
            return send_sheet(
                "contacts", ("from", "to", "channel", "topic", *_CONTACTS), _contact_rows(report, context["span"])
            )
        if asked == "help":
            return send_sheet("help", ("from", "to", "step", "topic", *_HELP), _help_rows(report, context["span"]))
        return super().render_to_response(context, **response_kwargs)


class TrendView(TemplateView):
    """Contacts before we came beside those since; ``?began=`` names the day of the change, ``?as=csv`` gives both by week."""

    template_name = "oscar_engage/dashboard/deflection/trend.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add both sides, and what was imported."""
        today = timezone.localdate()
        began, error = _read_began(self.request.GET.get("began", ""), today)
        began = began or first_day()
        trend = None if began is None else read_trend(began=began, until=today)
        page = None if trend is None else describe_trend(trend)
        context = {"began": began, "error": error, "trend": trend, "page": page, "held": what_is_held()}
        return super().get_context_data(**kwargs, **context)

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Return the page, or the file."""
        if self.request.GET.get("as") == "csv" and context["trend"] is not None:
            rows = ((week.day, week.contacts, f"{week.line:.1f}", week.side) for week in week_rows(context["trend"]))
            return send_sheet("before-and-after", ("week", "contacts", "line", "side"), rows)
        return super().render_to_response(context, **response_kwargs)


def _read_began(typed: str, today: date) -> tuple[date | None, str]:
    if not typed:
        return None, ""
    try:
        day = parse_date(typed)
    except ValueError:
        day = None
    if day is None or day.year < 2000 or day > today:  # noqa: PLR2004 - safe to count back from
        return None, _("Please give the day as 2026-11-30, not later than today.")
    return day, ""


def _contact_rows(report: ServiceReport, span: Any) -> Iterator[tuple[Any, ...]]:
    for (channel, topic), figures in sorted(report.contacts.items()):
        yield span.since, span.last, channel, topic, *(getattr(figures, name) for name in _CONTACTS)


def _help_rows(report: ServiceReport, span: Any) -> Iterator[tuple[Any, ...]]:
    for (step, topic), figures in sorted(report.help.items()):
        yield span.since, span.last, step, topic, *(getattr(figures, name) for name in _HELP)
