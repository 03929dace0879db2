"""The page with the figures of articles, and the same as a file."""

import csv
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from oscar_engage.analytics.interval import Rate
from oscar_engage.dashboard.reports.period import PERIODS, choose_period
from oscar_engage.helpcenter.figures import ArticleReport, report_articles

_COLUMNS = ("slug", "opened", "judged", "helped", "asked_anyway", "lost", "ordered")
_RATES = ("helped_rate", "asked_rate", "lost_rate")


class ArticleFiguresView(View):
    """What each article does; ``?as=csv`` is the same table as a file."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the articles that are live."""
        period = choose_period(request.GET.get("days"), now=timezone.now())
        reports = report_articles(since=period.since, until=period.until)
        if request.GET.get("as") == "csv":
            return _file(reports)
        context = {"reports": reports, "period": period, "periods": PERIODS}
        return render(request, "oscar_engage/helpcenter/dashboard/figures.html", context)


def _file(reports: Sequence[ArticleReport]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="articles.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    writer = csv.writer(response)
    ends = ("", "_low", "_high")
    writer.writerow([*_COLUMNS, "languages", *(f"{name}{end}" for name in _RATES for end in ends)])
    for report in reports:
        rates = [number for name in _RATES for number in _numbers(getattr(report, name))]
        writer.writerow([*(getattr(report, name) for name in _COLUMNS), " ".join(report.languages), *rates])
    return response


def _numbers(rate: Rate | None) -> tuple[str, ...]:
    return ("", "", "") if rate is None else tuple(f"{one:.4f}" for one in (rate.value, rate.low, rate.high))
