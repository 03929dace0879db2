"""What does an agent's page say while both talk? The same answer by the ordinary view and the fast way."""

from http import HTTPStatus

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from oscar_engage.dashboard.sharing.wire import ANSWERS, WrongTurnError, read_body
from oscar_engage.desk.models import Agent
from oscar_engage.sharing.models import LiveKind, LiveSession, Side
from oscar_engage.voices.says import MalformedError, read_says
from oscar_engage.voices.sdp import WrongSdpError
from oscar_engage.voices.talk import hear, leave
from oscar_engage.voices.tell import tell
from oscar_engage.voices.words import words_for_agent

_META = "HTTP_ENGAGE_LIVE"


def answer_talk(request: HttpRequest, session: LiveSession, agent: Agent) -> HttpResponse:
    """Answer one turn of the talk as JSON; what no page of ours sends is a bad request."""
    now = timezone.now()
    if session.agent_id != agent.pk:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    try:
        says = read_says(read_body(request))
        if request.META.get(_META) == "leave":
            leave(session, Side.AGENT, says.page, now=now)
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        heard = hear(session, Side.AGENT, says, now=now)
    except (MalformedError, WrongSdpError, WrongTurnError):
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    told = tell(heard, words=words_for_agent(heard.session))
    response = HttpResponse(msgspec.json.encode(told), content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    return response


ANSWERS.register(LiveKind.VOICE.value, answer_talk)
