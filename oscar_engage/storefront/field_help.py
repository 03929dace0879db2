"""Which help with fields is there? All of it, in one language: nothing personal, so that caches may keep the answer."""

import re
from datetime import datetime

from django.conf import settings as django_settings
from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from oscar_engage.signals.faults import note_fault
from oscar_engage.switch.state import is_on
from oscar_engage.widgets.field_help import FieldHelp
from oscar_engage.widgets.filling import fill_engagement
from oscar_engage.widgets.live import active_engagements
from oscar_engage.widgets.scene import scene_of_nobody

KEPT_SECONDS = 300
"""How long a browser or a cache may keep the answer."""

MOST = 100
"""Fields that are helped with; more would be a long answer on every page with a form."""


_ENDING = re.compile(r"/fields/([\w-]{1,16})/\Z", re.ASCII)


@non_atomic_requests
@require_safe
def field_help(request: HttpRequest, language: str) -> JsonResponse:
    """Answer with the help of every field in ``language``; before any consent as well, for nobody is recognised here."""
    chosen = language if language in dict(django_settings.LANGUAGES) else django_settings.LANGUAGE_CODE
    with translation.override(chosen):
        response = JsonResponse({"ask": _("Help with this field"), "fields": _read(chosen, timezone.now())})
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    response["X-Frame-Options"] = "DENY"  # no middleware of the shop's sees it
    return response


def serve_field_help(request: HttpRequest) -> HttpResponse | None:
    """Answer before any other middleware, so that the answer varies by nobody's cookie; ``None`` for every other request."""
    found = _ENDING.search(request.path_info) if request.method == "GET" else None
    if found is None:
        return None
    try:
        address = reverse("engage:field-help", args=[found[1]])
    except NoReverseMatch:  # the shop has not mounted our addresses
        return None
    return field_help(request, found[1]) if request.path == address else None


def _read(language: str, now: datetime) -> list[dict[str, str]]:
    try:
        return read_field_help(language, now=now) if is_on() else []
    except Exception:  # noqa: BLE001 - a form without our help is still a form
        note_fault("field_help")
        return []


def read_field_help(language: str, *, now: datetime) -> list[dict[str, str]]:
    """Return mark, words and short name of each, by name; what lacks a value is left out."""
    scene, found = scene_of_nobody(language, now), []
    for slug, engagement in sorted(active_engagements(now=now).items()):
        filled = fill_engagement(engagement, scene) if engagement.widget == FieldHelp.name and engagement.anchor else None
        if filled is not None:
            words = filled.words
            found.append({"slug": slug, "field": engagement.anchor, "title": words.title, "body": words.body})
    return found[:MOST]
