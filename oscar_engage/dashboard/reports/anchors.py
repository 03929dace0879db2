"""The report on the marked places of the shop's pages."""

from collections.abc import Sequence
from typing import Any

from django.views.generic import TemplateView

from oscar_engage.analytics.anchor_report import AnchorReport, report_anchors, report_things
from oscar_engage.dashboard.reports.views import PeriodMixin
from oscar_engage.shop.facts import Thing, category_things, product_things


class AnchorListView(PeriodMixin, TemplateView):
    """Every place: on how many pages it was seen and clicked, and how many questions were asked there."""

    template_name = "oscar_engage/dashboard/reports/places.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the places of the period."""
        period, context = self.period_context()
        return super().get_context_data(**kwargs, **context, reports=report_anchors(since=period.since, until=period.until))


class AnchorView(PeriodMixin, TemplateView):
    """One place: the products and categories on whose pages it was looked at most."""

    template_name = "oscar_engage/dashboard/reports/place.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the things of the period, by their titles."""
        period, context = self.period_context()
        reports = report_things(self.kwargs["slot"], since=period.since, until=period.until)
        return super().get_context_data(**kwargs, **context, rows=_named(reports))


def _named(reports: Sequence[AnchorReport]) -> list[tuple[Thing, AnchorReport]]:
    """Return each report with its thing's title; what the shop does not know (any more) has the name that the page gave it."""
    products, categories = product_things(_ids(reports, "product")), category_things(_ids(reports, "category"))
    known = {f"product:{pk}": thing for pk, thing in products.items()}
    known |= {f"category:{pk}": thing for pk, thing in categories.items()}
    return [(known.get(report.thing) or Thing(report.thing, ""), report) for report in reports]


def _ids(reports: Sequence[AnchorReport], model: str) -> list[int]:
    named = (report.thing.partition(":") for report in reports)
    return [int(number) for name, _colon, number in named if name == model]
