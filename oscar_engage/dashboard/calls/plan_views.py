"""The calls to come, for supervisors: whose each is, and calling one off; and how a queue takes calls."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.calls.forms import CallTermsForm, KeepForm
from oscar_engage.dashboard.calls.shown import show_number
from oscar_engage.desk.calls.models import CallState, CallTerms, PhoneCall
from oscar_engage.desk.calls.offered import opening_for
from oscar_engage.desk.calls.plan import call_off, keep_for, planned_calls
from oscar_engage.desk.calls.words import say_when
from oscar_engage.desk.models import Agent, Queue

TEMPLATES = "oscar_engage/dashboard/calls/"
LIST = "engage_dashboard:engage-calls"

MOST_SHOWN = 200
"""Calls in the list, those first that come next."""


class CallsView(View):
    """All calls to come, the next one first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them, with as many queries for many as for one."""
        terms = {
            one.queue_id: one for one in CallTerms.objects.select_related("opening_hours", "queue").order_by("queue__name")
        }
        rows = [self._row(call, terms) for call in planned_calls()[:MOST_SHOWN]]
        agents = list(Agent.objects.order_by("display_name", "pk"))
        context = {"rows": rows, "agents": agents, "terms": list(terms.values()), "now": timezone.now()}
        return render(request, TEMPLATES + "list.html", context)

    def _row(self, call: PhoneCall, terms: dict[int, CallTerms]) -> dict[str, Any]:
        zone = opening_for(terms.get(call.queue_id or 0)).zone
        is_planned = call.state in {CallState.UNCONFIRMED, CallState.PLANNED}
        return {
            "call": call,
            "when": say_when(call, zone=zone),
            "number": show_number(call.number, self.request.user),
            "can_keep": is_planned,
        }


class CallKeepView(View):
    """Choose who gets a call."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep it for the agent, or for anybody."""
        call, form = get_object_or_404(PhoneCall, pk=pk), KeepForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("This agent is gone. Choose another one."))
        elif keep_for(call, form.cleaned_data["agent"], user=request.user, now=timezone.now()):
            messages.success(
                request, _("The call is given to %(agent)s.") % {"agent": form.cleaned_data["agent"] or _("anybody")}
            )
        else:
            messages.error(request, _("This call is due already, or over. Hand it on at the desk."))
        return redirect(LIST)


class CallOffView(View):
    """Call a call off."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it; the shopper is told by mail."""
        call = get_object_or_404(PhoneCall, pk=pk)
        if call_off(call, user=request.user, is_staff=True, now=timezone.now()):
            messages.success(request, _("The call is called off."))
        else:
            messages.error(request, _("This call is over already."))
        return redirect(LIST)


class CallTermsView(View):
    """How one queue takes calls."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show its form; a queue that takes none yet has the usual terms in it."""
        queue = get_object_or_404(Queue, pk=pk)
        return self._page(queue, CallTermsForm(instance=_terms_of(queue)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save it, or say what to type; what was agreed already stays."""
        queue, now = get_object_or_404(Queue, pk=pk), timezone.now()
        form = CallTermsForm(request.POST, instance=_terms_of(queue))
        if not form.is_valid():
            return self._page(queue, form, status=422)
        with transaction.atomic(using=get_settings().database):
            form.save()
            record_action(actor=request.user, action="queue.calls", object_kind="queue", object_id=queue.pk, now=now)
        messages.success(request, _("How “%(queue)s” takes calls is saved. What was agreed stays.") % {"queue": queue})
        return redirect(LIST)

    def _page(self, queue: Queue, form: CallTermsForm, *, status: int = 200) -> HttpResponse:
        context = {"queue": queue, "form": form, "show_form_errors": form.is_bound}
        return render(self.request, TEMPLATES + "terms.html", context, status=status)


def _terms_of(queue: Queue) -> CallTerms:
    return CallTerms.objects.filter(queue=queue).first() or CallTerms(queue=queue)
