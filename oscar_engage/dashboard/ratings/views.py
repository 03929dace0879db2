"""The page with the figures of conversations: of all, of each agent, and what shoppers said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from oscar_engage.dashboard.reports.period import PERIODS, choose_period
from oscar_engage.desk.ratings.figures import Figures
from oscar_engage.desk.ratings.models import Score
from oscar_engage.desk.ratings.read import Overview, read_overview

_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the table; times in words."""

    name: str
    figures: Figures
    first_response: str
    handle_time: str


class RatingsView(TemplateView):
    """Averages never stand alone: beside each is of how many, and what share of those asked that is."""

    template_name = "oscar_engage/dashboard/ratings/ratings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the lines, the comments and the words for the scores."""
        period = choose_period(self.request.GET.get("days"), now=timezone.now())
        overview = read_overview(period.since, period.until)
        context = {"period": period, "periods": PERIODS, "scale": Score.choices}
        return super().get_context_data(**kwargs, **context, lines=list(_lines(overview)), comments=overview.comments)


def _lines(overview: Overview) -> Iterator[Line]:
    yield _line(_("All"), overview.all)
    for name, figures in overview.of_agents:
        yield _line(name, figures)


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
