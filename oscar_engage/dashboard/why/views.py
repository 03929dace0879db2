"""The pages that say why: of one visit all rules, of one rule the visits to choose from."""

import uuid
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.generic import View

from oscar_engage.dashboard.rules.reading import engagement_kinds
from oscar_engage.dashboard.visits.listing import get_handle
from oscar_engage.dashboard.visits.moment import fill_in
from oscar_engage.dashboard.visits.views import note_viewing
from oscar_engage.dashboard.visits.watch import CONSENT_LABELS, find_running
from oscar_engage.dashboard.why.reading import read_choices, read_rules, read_times
from oscar_engage.decisions.why.account import explain_visit, read_visit
from oscar_engage.learning.words.spoken import read_log
from oscar_engage.rules.models import Rule
from oscar_engage.visitors.stored import read_state

TEMPLATES = "oscar_engage/dashboard/why/"


class VisitRulesView(View):
    """Why does each rule show to this visitor, or not?"""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Explain the visit now, or at the time in ``at``; with ``rule``, that one alone. Who looked is noted once."""
        now = timezone.now()
        visit = read_visit(pk)
        if visit is None:
            return render(request, "oscar_engage/dashboard/visits/over.html", status=HTTPStatus.NOT_FOUND)
        note_viewing(request, visit, now)
        rule = _chosen_rule(request.GET.get("rule", ""))
        at = _chosen_time(request.GET.get("at", ""), visit.last_at if find_running(pk, now=now) is None else None)
        account = explain_visit(visit, at=at, now=now, engagements=engagement_kinds(), rule=rule, present=fill_in)
        currency = read_state(visit).basket.currency
        log = read_log(visit.pk, consent=visit.visitor.consent, currency=currency, now=now)
        context = {
            "visit": visit,
            "handle": get_handle(visit),
            "consent": CONSENT_LABELS[visit.visitor.consent],
            "account": account,
            "rules": read_rules(account, log),
            "rule": rule,
            "times": read_times(visit, at),
        }
        return render(request, TEMPLATES + "visit.html", context)


class RuleWhyView(View):
    """Why did this rule not show? Choose a visit."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """List the latest visits."""
        rule = get_object_or_404(Rule, pk=pk)
        return render(request, TEMPLATES + "rule.html", {"rule": rule, "choices": read_choices(rule, now=timezone.now())})


def _chosen_rule(text: str) -> Rule | None:
    return Rule.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) <= 18 else None  # noqa: PLR2004 - digits


def _chosen_time(text: str, otherwise: datetime | None) -> datetime | None:
    """Return the time that was asked for; of a visit that is over its end, of one that goes on now (``None``)."""
    try:
        chosen = parse_datetime(text)
    except ValueError:
        chosen = None
    if chosen is None:
        return otherwise
    return chosen if timezone.is_aware(chosen) else timezone.make_aware(chosen)
