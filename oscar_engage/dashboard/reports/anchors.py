"""The report on the marked places of the shop's pages."""

import csv
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from oscar_engage.analytics.anchor_report import (
    AnchorReport,
    order_by_lost,
    order_by_questions,
    report_all_baskets,
    report_anchors,
    report_things,
)
from oscar_engage.analytics.interval import Rate
from oscar_engage.audit.trail import record_action
from oscar_engage.dashboard.reports.period import Period, PeriodMixin
from oscar_engage.desk.access import VIEW_PERMISSION, visible_to
from oscar_engage.desk.queries import asked_at
from oscar_engage.shop.facts import Thing, category_things, product_things

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = ("seen", "clicked", "asked", "at_once", "to_agent", "rated", "helped", "lost", "ordered")
_RATES = ("question_rate", "at_once_rate", "helped_rate", "lost_rate")


_ORDERS: dict[str, Callable[[Sequence[AnchorReport]], Sequence[AnchorReport]]] = {
    "": lambda reports: reports,
    "rate": order_by_questions,
    "lost": order_by_lost,
}
_ORDER_NAMES = (("rate", _("Most questions for each view first")), ("lost", _("Most baskets lost afterwards first")))


class AnchorListView(PeriodMixin, TemplateView):
    """Every place: on how many pages it was seen and clicked, how many questions were asked there, and what became of them.

    ``?by=rate`` puts those first that cause most questions for each view, ``?by=lost`` those after which most baskets are lost;
    ``?as=csv`` is the same table as a file.
    """

    template_name = "oscar_engage/dashboard/reports/places.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the places of the period."""
        period, context = self.period_context()
        reports = report_anchors(since=period.since, until=period.until)
        by = self.request.GET.get("by", "")
        by = by if by in _ORDERS else ""
        shown = _ORDERS[by](reports)
        orders = (("", _("Most questions first")), *_ORDER_NAMES)
        everything = report_all_baskets(since=period.since, until=period.until)
        more = {"by": by, "orders": orders, "everything": everything}
        return super().get_context_data(**kwargs, **context, reports=shown, **more)

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Return the page, or the file."""
        if self.request.GET.get("as") == "csv":
            return _file(context["reports"])
        return super().render_to_response(context, **response_kwargs)


class AnchorView(PeriodMixin, TemplateView):
    """One place: the products and categories on whose pages it was looked at most, and what was asked there.

    Shoppers' words are for who may read conversations; that they were read is noted.
    """

    template_name = "oscar_engage/dashboard/reports/place.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the things of the period, by their titles."""
        period, context = self.period_context()
        reports = report_things(self.kwargs["slot"], since=period.since, until=period.until)
        return super().get_context_data(**kwargs, **context, rows=_named(reports), questions=self._questions(period))

    def _questions(self, period: Period) -> list[Any]:
        if not self.request.user.has_perm(VIEW_PERMISSION):
            return []
        asked = asked_at(self.kwargs["slot"], visible_to(self.request.user), since=period.since, until=period.until)
        if asked:
            record_action(
                actor=self.request.user,
                action="conversations.place_read",
                object_kind="report",
                object_id="place",
                now=period.until,
                detail={"questions": len(asked)},
            )
        return asked


def _file(reports: Sequence[AnchorReport]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="places.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    ends = ("", "_low", "_high")
    writer = csv.writer(response)
    writer.writerow(["place", *_COLUMNS, *(f"{name}{end}" for name in _RATES for end in ends)])
    for report in reports:
        slot = f"'{report.slot}" if report.slot.startswith(_FORMULA) else report.slot  # no spreadsheet takes it for a formula
        rates = [number for name in _RATES for number in _numbers(getattr(report, name))]
        writer.writerow([slot, *(getattr(report, name) for name in _COLUMNS), *rates])
    return response


def _numbers(rate: Rate | None) -> tuple[str, ...]:
    return ("", "", "") if rate is None else tuple(f"{one:.4f}" for one in (rate.value, rate.low, rate.high))


def _named(reports: Sequence[AnchorReport]) -> list[tuple[Thing, AnchorReport]]:
    """Return each report with its thing's title; what the shop does not know (any more) has the name that the page gave it."""
    products, categories = product_things(_ids(reports, "product")), category_things(_ids(reports, "category"))
    known = {f"product:{pk}": thing for pk, thing in products.items()}
    known |= {f"category:{pk}": thing for pk, thing in categories.items()}
    return [(known.get(report.thing) or Thing(report.thing, ""), report) for report in reports]


def _ids(reports: Sequence[AnchorReport], model: str) -> list[int]:
    named = (report.thing.partition(":") for report in reports)
    return [int(number) for name, _colon, number in named if name == model]
