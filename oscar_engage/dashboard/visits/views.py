"""The list of running visits, and the page that watches one of them. Both work by reload; htmx only saves it."""

import uuid
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from oscar_engage.audit.models import AuditEntry
from oscar_engage.audit.trail import record_action
from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.dashboard.visits.listing import choose_visits, get_handle, read_running
from oscar_engage.dashboard.visits.watch import find_running, watch
from oscar_engage.rules.shipped.choices import STAGES
from oscar_engage.storefront.identity import recognise
from oscar_engage.visitors.models import Visit
from oscar_engage.visitors.running import running_visits

TEMPLATES = "oscar_engage/dashboard/visits/"
_STOP_POLLING = 286  # htmx's own status: take the content and ask no more
_VIEWED = "visit.viewed"


class VisitsView(View):
    """Who is in the shop now."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the running visits that the address asks for, and which of all of them is this very browser's."""
        now, wanted = timezone.now(), choose_visits(request.GET)
        context = {
            "running": read_running(wanted, now=now),
            "wanted": wanted,
            "stages": STAGES.choices.items(),
            "own": _own_visit(request, now),
            "now": now,
            "is_live": _is_live(request),
        }
        return render(request, TEMPLATES + ("_list.html" if is_htmx(request) else "list.html"), context)


class VisitView(View):
    """What engage sees of one visit."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Show it as it stands now, and note once who looked; say so when it is over."""
        now = timezone.now()
        visit = find_running(pk, now=now)
        if visit is None:
            return self._show_end(request)
        note_viewing(request, visit, now)
        context = {"watched": watch(visit, now=now), "now": now, "is_live": _is_live(request)}
        return render(request, TEMPLATES + ("_visit.html" if is_htmx(request) else "visit.html"), context)

    def _show_end(self, request: HttpRequest) -> HttpResponse:
        if is_htmx(request):
            return render(request, TEMPLATES + "_over.html", status=_STOP_POLLING)
        return render(request, TEMPLATES + "over.html", status=HTTPStatus.NOT_FOUND)


def _is_live(request: HttpRequest) -> bool:
    """Whether the page is to refresh itself; whoever wants to read in peace says ``?live=off``."""
    return request.GET.get("live") != "off"


def _own_visit(request: HttpRequest, now: datetime) -> uuid.UUID | None:
    visitor = recognise(request)
    if visitor is None:
        return None
    return running_visits(now).filter(visitor=visitor).order_by("-last_at").values_list("pk", flat=True).first()


def note_viewing(request: HttpRequest, visit: Visit, now: datetime) -> None:
    """Write into the trail that this member of staff looked at the visit, once however often the page refreshes.

    The trail keeps the visit's handle, not its number: it is kept for good, and shoppers are not.
    """
    handle = get_handle(visit)
    looked = AuditEntry.objects.filter(
        at__gte=visit.started_at, actor_id=request.user.pk, action=_VIEWED, object_kind="visit", object_id=handle
    )
    if not looked.exists():
        record_action(actor=request.user, action=_VIEWED, object_kind="visit", object_id=handle, now=now)
