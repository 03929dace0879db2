"""The dry run's pages: begin one, watch it, read it, end it. Everything works by reload; htmx only saves it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.dashboard.dry_runs.forms import DryRunForm
from oscar_engage.dashboard.dry_runs.reading import WIDTH, percent_done, read_result
from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.dashboard.health.state import read_health
from oscar_engage.dashboard.rules.reading import engagement_kinds, words_of
from oscar_engage.decisions.dry_run.models import DryRun
from oscar_engage.decisions.dry_run.run import begin_dry_run, cancel_dry_run, latest_runs
from oscar_engage.rules.life.publish import latest_version
from oscar_engage.rules.models import Rule

TEMPLATES = "oscar_engage/dashboard/dry_runs/"
MOST_RUNS = 10


class RuleDryRunView(View):
    """Try the latest version of a rule on recorded visits."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form, and what was tried before."""
        return self._page(get_object_or_404(Rule, pk=pk), DryRunForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin, and lead to the progress."""
        rule, form = get_object_or_404(Rule, pk=pk), DryRunForm(request.POST)
        version = latest_version(rule)
        if version is None:
            messages.error(request, _("Save the rule first: it has no version yet."))
            return redirect("engage_dashboard:engage-rule-dry-run", rule.pk)
        if not form.is_valid():
            return self._page(rule, form, status=422)
        run = begin_dry_run(
            version, days=form.cleaned_data["days"], engagements=engagement_kinds(), user=request.user, now=timezone.now()
        )
        return redirect("engage_dashboard:engage-dry-run", run.pk)

    def _page(self, rule: Rule, form: DryRunForm, *, status: int = 200) -> HttpResponse:
        version = latest_version(rule)
        context = {
            "rule": rule,
            "version": version,
            "words": words_of(version.document) if version else "",
            "form": form,
            "runs": list(latest_runs(rule.pk, most=MOST_RUNS)),
        }
        return render(self.request, TEMPLATES + "begin.html", context, status=status)


class DryRunView(View):
    """One dry run: its progress while it goes on, then its result."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what was counted so far."""
        run = get_object_or_404(DryRun.objects.select_related("version__rule"), pk=pk)
        context = {
            "run": run,
            "rule": run.version.rule,
            "percent": percent_done(run),
            "result": read_result(run),
            "width": WIDTH,
            "worker_is_quiet": run.is_going_on and read_health(now=timezone.now()).worker_is_quiet,
        }
        return render(request, TEMPLATES + ("_run.html" if is_htmx(request) else "run.html"), context)


class DryRunCancelView(View):
    """End a dry run where it is."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancel it."""
        run = get_object_or_404(DryRun, pk=pk)
        cancel_dry_run(run, now=timezone.now())
        return redirect("engage_dashboard:engage-dry-run", run.pk)
