"""The health page, the switch, and the second chance of a dead job."""

from typing import Any

from django.contrib import messages
from django.db import DatabaseError, connections, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.health.state import read_health
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.run import retry
from oscar_engage.statements.limits import limited_transaction
from oscar_engage.switch.state import turn

LOCK_MS, STATEMENT_MS = 500, 5000
"""Milliseconds that the health page waits for a lock, and for each of its queries (PostgreSQL)."""


class HealthView(TemplateView):
    """Counters, jobs, worker, live rules; and where they cannot be read, just that."""

    template_name = "oscar_engage/dashboard/health/health.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the state of now; 503 when our tables are missing or locked."""
        now = timezone.now()
        try:
            # One of its own, for the page around needs the shop's; and limited, for a table that is locked answers nobody.
            with limited_transaction(connections[get_settings().database], lock_ms=LOCK_MS, statement_ms=STATEMENT_MS):
                health = read_health(now=now)
        except DatabaseError:
            return render(request, "oscar_engage/dashboard/health/unreadable.html", status=503)
        return self.render_to_response(self.get_context_data(**kwargs, health=health, now=now))


class SwitchView(View):
    """Switch everything off, or on again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Turn the switch to ``position`` and say what follows."""
        position, now = request.POST.get("position"), timezone.now()
        if position not in {"on", "off"}:
            return HttpResponseBadRequest("position: on, off", content_type="text/plain")
        with transaction.atomic(using=get_settings().database):
            if turn(is_on=position == "on", now=now):
                record_action(actor=request.user, action=f"switch.{position}", object_kind="switch", object_id=1, now=now)
        if position == "off":
            messages.warning(request, _("Switched off: within five seconds nothing of ours is in the shop any more."))
        else:
            messages.success(request, _("Switched on: within five seconds we are in the shop again."))
        return redirect("engage_dashboard:engage-health")


class RetryJobView(View):
    """Give a dead job its tries back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Revive the job and say so."""
        job = get_object_or_404(Job, pk=pk)
        now = timezone.now()
        with transaction.atomic(using=get_settings().database):
            revived = retry(job, now=now)
            if revived:
                record_action(actor=request.user, action="job.retried", object_kind="job", object_id=job.pk, now=now)
        if revived:
            messages.success(request, _("The job %(kind)s will be tried again.") % {"kind": job.kind})
        else:
            messages.warning(request, _("The job %(kind)s was not dead any more.") % {"kind": job.kind})
        return redirect("engage_dashboard:engage-health")
