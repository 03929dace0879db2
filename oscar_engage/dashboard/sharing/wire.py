"""How does an agent's page speak that takes part in something live? By a pass before all middleware, or by the ordinary view.

The pass is bound to the session's cookie and counts for 15 seconds; then the ordinary view looks at session and permissions,
and gives a new one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac

from oscar_engage.core.registry import Registry
from oscar_engage.desk.changes import asked_along_is_active
from oscar_engage.desk.models import Agent
from oscar_engage.modules import is_on
from oscar_engage.sharing.access import session_of_staff
from oscar_engage.sharing.models import LiveSession
from oscar_engage.signals.faults import note_fault

HEADER = "Engage-Pass"
_META = "HTTP_ENGAGE_PASS"
_SALT = "oscar_engage.live"
PASS_SECONDS = 15
"""Less than an agent's presence lasts, which the ordinary view renews: who looks at a shopper's page is there."""

LARGEST = 64 * 1024
"""Bytes of what an agent's page sends at once."""

Answer = Callable[[HttpRequest, LiveSession, Agent], HttpResponse]
"""Answers one turn of the talk."""

ANSWERS: Registry[Answer] = Registry("talk of an agent's page")
"""By the kind of the session (``sharing.models.LiveKind``)."""

_ADDRESS = re.compile(r"/(?P<kind>shared|voice)/(?P<public_id>[\w-]{1,32})/talk/$")
_MODULES = {"shared": "shared_page", "voice": "voices"}


class WrongTurnError(ValueError):
    """Something that no page of ours sends."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Who may speak for which session."""

    user_id: Any
    agent_id: int
    session_id: str


def make_pass(request: HttpRequest, session: LiveSession, agent: Agent) -> str:
    """Return what the page of ``request`` shows to be answered fast."""
    return signing.dumps([request.user.pk, agent.pk, session.public_id, _digest(request)], salt=_SALT)


def serve_talk_fast(request: HttpRequest) -> HttpResponse | None:
    """Answer what the page of somebody with a fresh pass says; ``None`` for every other request."""
    if _META not in request.META or request.method != "POST":
        return None
    found = _ADDRESS.search(request.path_info)
    try:
        shown = _read_pass(request, found["public_id"]) if found and is_on(_MODULES[found["kind"]]) else None
        if shown is None:
            return None
        with asked_along_is_active(shown.user_id) as is_active:
            session = session_of_staff(shown.session_id)
            if not is_active():
                return None
        agent = session.agent if session.agent_id == shown.agent_id else Agent.objects.get(pk=shown.agent_id)
        if agent is None:
            return None
        with translation.override(translation.get_language_from_request(request)):
            return ANSWERS.get(session.kind)(request, session, agent)
    except Exception:  # noqa: BLE001 - the ordinary view gets its turn
        note_fault("sharing")
        return None


def read_body(request: HttpRequest) -> bytes:
    """Return what the page sent, or raise :class:`WrongTurnError` for more than any sends."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise WrongTurnError from None
    if length > LARGEST:
        raise WrongTurnError
    return request.body


def _read_pass(request: HttpRequest, public_id: str) -> Pass | None:
    try:
        shown = signing.loads(request.META[_META], salt=_SALT, max_age=PASS_SECONDS)
        user_id, agent_id, session_id, digest = shown
    except (signing.BadSignature, ValueError, TypeError):
        return None
    is_same = session_id == public_id and constant_time_compare(digest, _digest(request))
    return Pass(user_id, agent_id, session_id) if is_same else None


def _digest(request: HttpRequest) -> str:
    cookie: Any = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return salted_hmac(_SALT, cookie, algorithm="sha256").hexdigest()[:32]
