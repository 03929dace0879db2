"""The page "Costs", and the editor of what things cost."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from oscar_engage.analytics.costs.models import CostPeriod
from oscar_engage.analytics.costs.read import CostReport, read_costs
from oscar_engage.analytics.costs.store import delete_period, rates_of, save_period
from oscar_engage.dashboard.costs.forms import CostForm
from oscar_engage.dashboard.costs.reading import cost_lines, describe_costs
from oscar_engage.dashboard.reports.sheet import send_sheet
from oscar_engage.dashboard.reports.spanned import SpanMixin

_PAGE = "engage_dashboard:engage-report-costs"


class CostsView(SpanMixin, TemplateView):
    """What it cost by channel, for each order in addition, and what each unit brought; ``?as=csv``: the table as a file."""

    template_name = "oscar_engage/dashboard/costs/costs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sums of the days, and all periods of costs."""
        span, context = self.span_context()
        periods = list(CostPeriod.objects.order_by("-starts_on"))
        rates = tuple(map(rates_of, periods))
        report = read_costs(span.since, span.until, rates=rates)
        other = read_costs(span.other.since, span.other.until, rates=rates) if span.other else None
        told = {"report": report, "parts": describe_costs(report, other), "periods": periods}
        return super().get_context_data(**kwargs, **context, **told)

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Return the page, or the file."""
        if self.request.GET.get("as") == "csv":
            return send_sheet("costs", ("from", "to", "currency", "what", "number", "cost"), _rows(context["report"]))
        return super().render_to_response(context, **response_kwargs)


def _rows(report: CostReport) -> Iterator[tuple[Any, ...]]:
    since, last = report.service.since, report.service.last
    for currency, cost in report.costs.items():
        for line in cost_lines(cost):
            yield since, last, currency, str(line.name), line.count, f"{line.cost / 100:.2f}"


class CostEditorView(View):
    """One period of costs, new or not."""

    def get_period(self) -> CostPeriod:
        """Return the period in the address; a new one begins as the latest does, from today."""
        if "pk" in self.kwargs:
            return get_object_or_404(CostPeriod, pk=self.kwargs["pk"])
        latest = CostPeriod.objects.order_by("-starts_on").first()
        if latest is None:
            latest = CostPeriod(currency=getattr(django_settings, "OSCAR_DEFAULT_CURRENCY", ""))
        latest.pk, latest.starts_on = None, timezone.localdate()
        latest._state.adding = True
        return latest

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it."""
        return self._page(CostForm(instance=self.get_period()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save it, or say what to type."""
        form = CostForm(request.POST, instance=self.get_period())
        if not form.is_valid():
            return self._page(form, status=422)
        period: CostPeriod = form.save(commit=False)
        save_period(period, user=request.user, now=timezone.now())
        day = date_format(period.starts_on, "DATE_FORMAT")
        messages.success(
            request, _("The costs from %(day)s on are saved. All days from then on are priced by them.") % {"day": day}
        )
        return redirect(_PAGE)

    def _page(self, form: CostForm, *, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "show_form_errors": form.is_bound,
            "is_new": "pk" not in self.kwargs,
            "pk": self.kwargs.get("pk"),
        }
        return render(self.request, "oscar_engage/dashboard/costs/edit.html", context, status=status)


class CostDeleteView(View):
    """Delete a period of costs."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it: its days are priced by those before."""
        period = get_object_or_404(CostPeriod, pk=pk)
        day = date_format(period.starts_on, "DATE_FORMAT")
        delete_period(period, user=request.user, now=timezone.now())
        words = _("The costs from %(day)s on are deleted. Their days are priced by those that were before.")
        messages.success(request, words % {"day": day})
        return redirect(_PAGE)
