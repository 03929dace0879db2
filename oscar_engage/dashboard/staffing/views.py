"""The pages with service times: of the desk for who reads reports, of agents for supervisors, and for agents their own."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from oscar_engage.analytics.staffing.figures import load_by_weekday, queues_in
from oscar_engage.analytics.staffing.read import CHANNELS, Desk, read_agents, read_desk, read_queue_names
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.navigation import may_open
from oscar_engage.dashboard.reports.sheet import send_sheet
from oscar_engage.dashboard.reports.span import Span
from oscar_engage.dashboard.reports.spanned import SpanMixin
from oscar_engage.dashboard.staffing.heat import HOURS, draw_heat
from oscar_engage.dashboard.staffing.reading import (
    AGENT_COLUMNS,
    HOUR_COLUMNS,
    QUEUE_COLUMNS,
    WEEKDAYS,
    Column,
    agent_figures,
    hour_figures,
    queue_figures,
    rows_of,
    tiles_of,
)

AGENTS_PAGE = "engage_dashboard:engage-ratings"
"""Who may open it sees the figures of all agents: a supervisor."""


class ServiceTimesView(SpanMixin, TemplateView):
    """The desk's figures: tiles, the week as a picture, queues, hours, and for supervisors agents; six queries at most."""

    template_name = "oscar_engage/dashboard/staffing/service_times.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, or send one of its tables (``?as=csv&table=queues``)."""
        if request.GET.get("as") == "csv":
            return self._send(request.GET.get("table", "queues"))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the figures in words."""
        span, shown = self.span_context()
        desk, other = _read(span), _read(span.other) if span.other else None
        context = {
            **shown,
            "is_empty": not desk.total and not desk.staff.online,
            "tiles": tiles_of(desk, other),
            "queue_columns": QUEUE_COLUMNS,
            "queues": rows_of(QUEUE_COLUMNS, queue_figures(desk, other, _names(desk))),
            "hour_columns": HOUR_COLUMNS,
            "hours": rows_of(HOUR_COLUMNS, hour_figures(desk, other)),
            **_week(desk),
            **self._agents(span),
            "left_out": desk.left_out,
            "filled_at": desk.filled_at,
        }
        return super().get_context_data(**kwargs, **context)

    def _agents(self, span: Span) -> dict[str, Any]:
        if not may_open(self.request.user, AGENTS_PAGE):
            return {"may_see_agents": False}
        return {
            "may_see_agents": True,
            "agent_columns": AGENT_COLUMNS,
            "agents": rows_of(AGENT_COLUMNS, _read_agents(span)),
            "kept_days": get_settings().retention_days,
        }

    def _send(self, table: str) -> HttpResponse:
        span, _shown = self.span_context()
        if table == "agents" and may_open(self.request.user, AGENTS_PAGE):
            return _sheet("agents", _("Agent"), AGENT_COLUMNS, _read_agents(span))
        desk = _read(span)
        if table == "hours":
            return _sheet("hours", _("Hour"), HOUR_COLUMNS, hour_figures(desk, None))
        return _sheet("queues", _("Queue"), QUEUE_COLUMNS, queue_figures(desk, None, _names(desk)))


class MyFiguresView(SpanMixin, TemplateView):
    """What is kept about the agent who reads it: the same row that a supervisor sees, and no other."""

    template_name = "oscar_engage/dashboard/staffing/my_figures.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, or send its table (``?as=csv``)."""
        if request.GET.get("as") == "csv":
            span, _shown = self.span_context()
            return _sheet("mine", _("Agent"), AGENT_COLUMNS, _read_agents(span, user_id=request.user.pk))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the reader's own row."""
        span, shown = self.span_context()
        rows = rows_of(AGENT_COLUMNS, _read_agents(span, user_id=self.request.user.pk))
        context = {"agent_columns": AGENT_COLUMNS, "agents": rows, "kept_days": get_settings().retention_days}
        return super().get_context_data(**kwargs, **shown, **context)


def _read(span: Span) -> Desk:
    return read_desk(since=span.since, until=span.until)


def _names(desk: Desk) -> Any:
    return read_queue_names(queues_in(desk.total))


def _read_agents(span: Span, user_id: int | None = None) -> list[tuple[str, Any, Any]]:
    periods = [(one.since, one.until) for one in (span, span.other) if one]
    agents, *others = read_agents(*periods, user_id=user_id)
    return agent_figures(agents, others[0] if others else None)


def _week(desk: Desk) -> dict[str, Any]:
    """Return the picture of the week, and its numbers as the rows of a table."""
    load = load_by_weekday(((day.weekday(), cells) for day, cells in desk.hours.days.items()), CHANNELS)
    words = {
        (weekday, hour): f"{WEEKDAYS[weekday]} {hour:02d}:00: {_conversations(load.get((weekday, hour), 0))}"
        for weekday in range(len(WEEKDAYS))
        for hour in range(HOURS)
    }
    rows = [(name, [load.get((weekday, hour), 0) for hour in range(HOURS)]) for weekday, name in enumerate(WEEKDAYS)]
    return {
        "heat": draw_heat(load, weekdays=WEEKDAYS, words=words),
        "week": rows,
        "day_hours": [f"{h:02d}" for h in range(HOURS)],
    }


def _conversations(number: int) -> str:
    return ngettext("%(number)d conversation", "%(number)d conversations", number) % {"number": number}


def _sheet(name: str, first: str, columns: tuple[Column, ...], figures: list[tuple[str, Any, Any]]) -> HttpResponse:
    def lines() -> Iterator[list[Any]]:
        for label, here, _other in figures:
            yield [label, *(column.plain(here) for column in columns)]

    return send_sheet(f"service-times-{name}", [first, *(str(column.label) for column in columns)], lines())
