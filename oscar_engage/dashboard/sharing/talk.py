"""What does an agent's page say every second? The same answer by the ordinary view and before all middleware.

The pass that lets a page speak before the middleware is bound to the session's cookie and counts for 15 seconds; then the
ordinary view looks at session and permissions, and gives a new one.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac

from oscar_engage.desk.changes import is_active
from oscar_engage.desk.models import Agent
from oscar_engage.sharing.agent import MOST_MESSAGES, hear_agent, names_of_lookers
from oscar_engage.sharing.models import LiveSession, LiveState
from oscar_engage.sharing.verbs import AgentSays, MalformedError, read_agent
from oscar_engage.sharing.words import words_for_agent
from oscar_engage.signals.faults import note_fault

HEADER = "Engage-Pass"
_META = "HTTP_ENGAGE_PASS"
_SALT = "oscar_engage.live"
PASS_SECONDS = 15
"""Less than an agent's presence lasts, which the ordinary view renews: who looks at a shopper's page is there."""
LARGEST = 16 * 1024
_ADDRESS = re.compile(r"/shared/(?P<public_id>[\w-]{1,32})/talk/$")


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
        shown = _read_pass(request, found["public_id"]) if found else None
        if shown is None or not is_active(shown.user_id):
            return None
        session = LiveSession.objects.select_related("conversation", "agent").get(public_id=shown.session_id)
        agent = session.agent if session.agent_id == shown.agent_id else Agent.objects.get(pk=shown.agent_id)
        if agent is None:
            return None
        with translation.override(translation.get_language_from_request(request)):
            return answer_talk(request, session, agent, new_pass="")
    except Exception:  # noqa: BLE001 - the ordinary view gets its turn
        note_fault("sharing")
        return None


def answer_talk(request: HttpRequest, session: LiveSession, agent: Agent, *, new_pass: str) -> HttpResponse:
    """Answer one turn of the talk as JSON; a verb that is not in the list is a bad request."""
    try:
        says = _read(request)
    except MalformedError:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    now = timezone.now()
    seen = hear_agent(session, agent, says, now=now)
    told: dict[str, Any] = {
        "state": session.state,
        "pause": session.pause,
        "words": words_for_agent(session),
        "lookers": [] if session.state == LiveState.ENDED else names_of_lookers(session, now=now),
        "messages": [[seq, msgspec.Raw(body)] for seq, body in seen.messages],
    }
    if len(seen.messages) == MOST_MESSAGES:
        told["more"] = True
    response = HttpResponse(msgspec.json.encode(told), content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    if new_pass:
        response[HEADER] = new_pass
    return response


def _read(request: HttpRequest) -> AgentSays:
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise MalformedError from None
    if length > LARGEST:
        raise MalformedError
    return read_agent(request.body)


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
    return salted_hmac(_SALT, cookie).hexdigest()[:32]
