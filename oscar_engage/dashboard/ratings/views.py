"""The page with the figures of conversations: of all, of each agent, what shoppers said, and how each step of help does."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from oscar_engage.analytics.interval import Rate, wilson
from oscar_engage.dashboard.reports.period import PERIODS, Period, choose_period
from oscar_engage.dashboard.reports.sheet import send_sheet
from oscar_engage.desk.ratings.figures import Figures
from oscar_engage.desk.ratings.judge import read_steps
from oscar_engage.desk.ratings.models import Score, Step
from oscar_engage.desk.ratings.read import Overview, read_overview
from oscar_engage.desk.ratings.steps import StepFigures, by_whom
from oscar_engage.modules import has_feature
from oscar_engage.sharing.figures import shared_pages
from oscar_engage.voices.figures import Talks, talks

_MINUTE = 60
_COLUMNS = ("asked", "answered", "resolved", "rateable", "rated", "average", "first_response", "handle_time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the table; times in words."""

    name: str
    figures: Figures
    first_response: str
    handle_time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """A row of the table of steps."""

    name: str
    figures: StepFigures
    rate: Rate | None


class RatingsView(TemplateView):
    """Averages never stand alone: beside each is of how many, and what share of those asked that is; ``?as=csv``: as a file."""

    template_name = "oscar_engage/dashboard/ratings/ratings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the lines, the comments and the words for the scores."""
        period = choose_period(self.request.GET.get("days"), now=timezone.now())
        overview = read_overview(period.since, period.until)
        context: dict[str, Any] = {"period": period, "periods": PERIODS, "scale": Score.choices, **_steps(period)}
        return super().get_context_data(**kwargs, **context, lines=list(_lines(overview)), **_beside(overview, period))

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Return the page, or the file."""
        if self.request.GET.get("as") == "csv":
            return send_sheet("conversations", ("agent", *_COLUMNS), (_row(line) for line in context["lines"]))
        return super().render_to_response(context, **response_kwargs)


def _beside(overview: Overview, period: Period) -> dict[str, Any]:
    return {"comments": overview.comments, "shared": shared_pages(period.since, period.until), "talked": _talked(period)}


def _talked(period: Period) -> Talks | None:
    """Return what there was of talks in the browser; ``None`` where the shop has them off."""
    return talks(period.since, period.until) if has_feature("voices") else None


def _row(line: Line) -> tuple[Any, ...]:
    """Return a row of the file; times in seconds."""
    return line.name, *("" if (value := getattr(line.figures, name)) is None else round(value, 2) for name in _COLUMNS)


def _lines(overview: Overview) -> Iterator[Line]:
    yield _line(_("All"), overview.all)
    for name, figures in overview.of_agents:
        yield _line(name, figures)


def _steps(period: Period) -> dict[str, list[StepLine]]:
    """Return each step that was judged, and those without an agent beside those with one."""
    of = read_steps(period.since, period.until)
    steps = [_step_line(str(step.label), of[step]) for step in Step if step in of]
    alone, served = by_whom(of)
    sums = [_step_line(_("Without an agent"), alone), _step_line(_("With an agent"), served)]
    return {"steps": steps, "step_sums": sums if steps else []}


def _step_line(name: str, figures: StepFigures) -> StepLine:
    return StepLine(name=name, figures=figures, rate=wilson(figures.helped, figures.judged) if figures.judged else None)


def _line(name: str, figures: Figures) -> Line:
    return Line(
        name=name,
        figures=figures,
        first_response=_in_words(figures.first_response),
        handle_time=_in_words(figures.handle_time),
    )


def _in_words(seconds: float | None) -> str:
    if seconds is None:
        return ""
    now = timezone.now()
    return timesince(now - timedelta(seconds=seconds), now) if seconds >= _MINUTE else _("less than a minute")
