"""The report on where the site hurts: spots ranked by the baskets that were lost at them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from oscar.templatetags.currency_filters import currency as say_money

from oscar_engage.analytics.struggles.rank import Hurt
from oscar_engage.analytics.struggles.report import StruggleReport, report_struggles
from oscar_engage.analytics.struggles.said import KINDS, say_ways
from oscar_engage.analytics.struggles.spots import SpotKind
from oscar_engage.dashboard.reports.chart import Bars, Line, Lines, Value, draw_bars, draw_lines
from oscar_engage.dashboard.reports.sheet import send_sheet
from oscar_engage.dashboard.reports.span import Span
from oscar_engage.dashboard.reports.spanned import SpanMixin
from oscar_engage.dashboard.reports.struggle_words import name_spot
from oscar_engage.dashboard.templatetags.engage_numbers import number
from oscar_engage.shop.facts import Thing, product_things

MOST_BARS = 10
MOST_PRODUCTS = 20
_COLUMNS = ("kind", "name", "visits", "times", "ordered", "not_ordered", "baskets_lost", "value_lost", "currency", "passed")


@dataclass(frozen=True, slots=True)
class HurtLine:
    """A row of the table: the spot in words, and what it was in the days that are compared."""

    hurt: Hurt
    kind: Any
    name: str
    ways: Sequence[tuple[Any, int]]
    slot: str
    other: Hurt | None


class StrugglesView(SpanMixin, TemplateView):
    """Where shoppers struggle and what was in their baskets; ``?currency=EUR`` for another one, ``?as=csv`` as a file."""

    template_name = "oscar_engage/dashboard/reports/struggles.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, or send the table as a file."""
        context = self.get_context_data(**kwargs)
        if request.GET.get("as") == "csv":
            return send_sheet("struggles", [*_COLUMNS, "passed_ordered", "struggles"], _rows(context["report"]))
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the report, its lines and pictures."""
        span, context = self.span_context()
        asked = self.request.GET.get("currency", "")
        report = report_struggles(since=span.since, until=span.until, currency=asked)
        other = (
            report_struggles(since=span.other.since, until=span.other.until, currency=report.currency) if span.other else None
        )
        products = product_things([int(hurt.name) for hurt in report.products[:MOST_PRODUCTS] if not hurt.is_rest])
        lines = [_line(hurt, other, products) for hurt in report.spots]
        return super().get_context_data(
            **kwargs,
            **context,
            report=report,
            other=other,
            lines=lines,
            products=[_line(hurt, other, products) for hurt in report.products[:MOST_PRODUCTS]],
            bars=_bars(lines, report),
            curve=_curve(span, report, other),
            lost_sum=sum(report.lost_by_day.values(), Decimal(0)),
            other_sum=sum(other.lost_by_day.values(), Decimal(0)) if other else None,
        )


def _line(hurt: Hurt, other: StruggleReport | None, products: Mapping[int, Thing]) -> HurtLine:
    slot = hurt.name if hurt.kind == SpotKind.PLACE and not hurt.is_rest else ""
    before = other.find(hurt.kind, hurt.name) if other else None
    return HurtLine(hurt, KINDS[hurt.kind], name_spot(hurt, products), say_ways(hurt), slot, before)


def _bars(lines: Iterable[HurtLine], report: StruggleReport) -> Bars | None:
    worst = [line for line in lines if line.hurt.at_stake and not line.hurt.is_rest][:MOST_BARS]
    return draw_bars(
        [Value(line.name, float(line.hurt.at_stake), say_money(line.hurt.at_stake, report.currency)) for line in worst]
    )


def _curve(span: Span, report: StruggleReport, other: StruggleReport | None) -> Lines | None:
    if not any(report.lost_by_day.values()):
        return None
    lines = [Line(_("these days"), _by_day(span, report))]
    if other and span.other:
        lines.append(Line(_("the days compared with"), _by_day(span.other, other)))
    days = [span.since + timedelta(days=number) for number in range(span.length)]
    return draw_lines(
        days,
        lines,
        say=lambda value: number(round(value)),  # with its currency it would not fit; the table has that
        say_day=lambda day: date_format(day, "SHORT_DATE_FORMAT"),
    )


def _by_day(span: Span, report: StruggleReport) -> list[float | None]:
    days = (span.since + timedelta(days=number) for number in range(span.length))
    return [float(lost) if (lost := report.lost_by_day.get(day)) is not None else None for day in days]


def _rows(report: StruggleReport) -> Iterator[Sequence[Any]]:
    for hurt in (*report.spots, *report.products):
        yield (
            *(hurt.kind, hurt.name, hurt.visits, hurt.times, hurt.ordered, hurt.lost, hurt.baskets),
            *(f"{hurt.at_stake:.2f}", report.currency, hurt.passed, hurt.passed_ordered),
            "; ".join(f"{way.struggle} {way.visits}" for way in hurt.ways),
        )
