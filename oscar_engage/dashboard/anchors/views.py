"""The pages of picked places: the list, the way to the tool, the tool's own bar, and the end of one."""

import json
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.anchors.forms import PageForm, PickedAnchorForm
from oscar_engage.dashboard.anchors.reading import engagements_at
from oscar_engage.widgets.anchors.check import report_picked
from oscar_engage.widgets.anchors.live import forget_picked
from oscar_engage.widgets.anchors.models import PickedAnchor
from oscar_engage.widgets.anchors.token import PARAMETER, make_token

TEMPLATES = "oscar_engage/dashboard/anchors/"
LIST = "engage_dashboard:engage-anchors"
_OF = "engage-anchor"
"""The parameter of a shop's page that names the place to try or to pick again."""

_MOST_DIGITS = 18
"""Of an id that a database takes."""


class AnchorListView(View):
    """All picked places, broken ones first, and the field that leads to the tool."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return _list(request, PageForm())


class PickView(View):
    """Lead to a page of the shop with the tool on it: a new place, or (``anchor``) one to try or to pick again."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Go there; what is no page of the shop is refused."""
        form = PageForm(request.GET)
        if not form.is_valid():
            return _list(request, form, status=422)
        parts = urlsplit(form.cleaned_data["path"])
        query = QueryDict(parts.query, mutable=True)
        query[PARAMETER] = make_token(request.user.pk, reverse("engage_dashboard:engage-anchor-bar"))
        if anchor := request.GET.get("anchor", ""):
            query[_OF] = str(get_object_or_404(PickedAnchor, pk=_number(anchor)).pk)
        return redirect(urlunsplit(("", "", parts.path, query.urlencode(), "")))


class BarView(View):
    """The tool's bar as a fragment: its words and its form, or what became of it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Begin to pick, or to try the place that the address names."""
        anchor = self._anchor(request)
        return self._bar(PickedAnchorForm(instance=anchor), anchor, begin="saved" if anchor.pk else "pick")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the place, a new one or the one that the address names."""
        anchor = self._anchor(request)
        form = PickedAnchorForm(request.POST, instance=anchor)
        if not form.is_valid():
            return self._bar(form, self._anchor(request), begin="save", status=422)
        now = timezone.now()
        action = f"anchor.{'changed' if anchor.pk else 'picked'}"
        anchor.described, anchor.picked_at = form.cleaned_data["described"], now
        anchor.state, anchor.checked_at = PickedAnchor.State.UNKNOWN, None
        with transaction.atomic(using=get_settings().database):
            form.save()
            record_action(actor=request.user, action=action, object_kind="anchor", object_id=anchor.pk, now=now)
        forget_picked()
        return self._bar(PickedAnchorForm(instance=anchor), anchor, begin="saved")

    def _anchor(self, request: HttpRequest) -> PickedAnchor:
        named = request.GET.get("anchor", "")
        return get_object_or_404(PickedAnchor, pk=_number(named)) if named else PickedAnchor()

    def _bar(self, form: PickedAnchorForm, anchor: PickedAnchor, *, begin: str, status: int = 200) -> HttpResponse:
        query = "?" + urlencode({"anchor": anchor.pk}) if anchor.pk else ""
        context = {
            "form": form,
            "anchor": anchor,
            "begin": begin,
            "kept": json.dumps(anchor.described) if anchor.pk else "",
            "action": reverse("engage_dashboard:engage-anchor-bar") + query,
        }
        return render(self.request, TEMPLATES + "bar.html", context, status=status)


class AnchorDeleteView(View):
    """Delete a picked place that no engagement points to."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it and go back to the list."""
        anchor = get_object_or_404(PickedAnchor, pk=pk)
        if engagements_at([anchor.slot]):
            messages.error(
                request, _("“%(place)s” is still used. Let its engagements point elsewhere first.") % {"place": anchor}
            )
            return redirect(LIST)
        with transaction.atomic(using=get_settings().database):
            record_action(actor=request.user, action="anchor.deleted", object_kind="anchor", object_id=pk, now=timezone.now())
            anchor.delete()
        forget_picked()
        messages.success(request, _("“%(place)s” is deleted.") % {"place": anchor})
        return redirect(LIST)


def _list(request: HttpRequest, form: PageForm, *, status: int = 200) -> HttpResponse:
    reported = report_picked(timezone.now())
    used = engagements_at([one.anchor.slot for one in reported])
    context: dict[str, Any] = {
        "form": form,
        "rows": [(one, used.get(one.anchor.slot, [])) for one in reported],
        "can_edit": request.user.has_perm("oscar_engage.change_engagement"),
    }
    return render(request, TEMPLATES + "list.html", context, status=status)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else 0
