"""The report pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import TemplateView

from oscar_engage.analytics.exits.curve import FEWEST_VIEWS
from oscar_engage.analytics.exits.kept import WINDOW, read_counts
from oscar_engage.analytics.exits.views import MOST_VIEWS
from oscar_engage.analytics.report import report_rule, report_rules
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.reports.exits import describe_exits
from oscar_engage.dashboard.reports.funnel import LEFT, WIDTH, build_funnel, funnel_height
from oscar_engage.dashboard.reports.period import PERIODS, Period, choose_period
from oscar_engage.rules.models import Rule


class PeriodMixin:
    """The chosen period, and what every report page shows of it."""

    request: Any

    def period_context(self) -> tuple[Period, dict[str, Any]]:
        """Return the period and the template's names for it."""
        period = choose_period(self.request.GET.get("days"), now=timezone.now())
        attribution_days = get_settings().attribution_days
        return period, {"period": period, "periods": PERIODS, "attribution_days": attribution_days}


class ReportListView(PeriodMixin, TemplateView):
    """Every rule that was ever live, with its key figures."""

    template_name = "oscar_engage/dashboard/reports/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add a report for each rule."""
        period, context = self.period_context()
        rules = list(Rule.objects.filter(published__isnull=False).order_by("priority", "pk"))
        reports = report_rules(rules, since=period.since, until=period.until, attribution_days=context["attribution_days"])
        return super().get_context_data(**kwargs, **context, rows=list(zip(rules, reports, strict=True)))


class ReportView(PeriodMixin, TemplateView):
    """One rule: both arms side by side, the funnel, and why moments were or were not used."""

    template_name = "oscar_engage/dashboard/reports/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the report and the geometry of its funnel."""
        period, context = self.period_context()
        rule = get_object_or_404(Rule, pk=self.kwargs["pk"])
        report = report_rule(rule, since=period.since, until=period.until, attribution_days=context["attribution_days"])
        drawing = {"steps": build_funnel(report), "height": funnel_height(), "left": LEFT, "bar_width": WIDTH}
        return super().get_context_data(**kwargs, **context, rule=rule, report=report, **drawing)


class ExitsView(TemplateView):
    """When shoppers leave: by page views and by idle seconds, stage by stage."""

    template_name = "oscar_engage/dashboard/reports/exits.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is known of each stage."""
        now = timezone.now()
        context = {"since": now - WINDOW, "fewest": FEWEST_VIEWS, "most": MOST_VIEWS}
        return super().get_context_data(**kwargs, **context, stages=describe_exits(read_counts(now=now)))
