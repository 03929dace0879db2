"""What does an agent's page say every second while a page is shared? The same answer by the ordinary view and the fast way."""

from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from oscar_engage.dashboard.sharing.wire import ANSWERS, WrongTurnError, read_body
from oscar_engage.desk.models import Agent
from oscar_engage.sharing.agent import MOST_MESSAGES, hear_agent, names_of_lookers
from oscar_engage.sharing.models import LiveKind, LiveSession, LiveState
from oscar_engage.sharing.verbs import MalformedError, read_agent
from oscar_engage.sharing.words import words_for_agent


def answer_talk(request: HttpRequest, session: LiveSession, agent: Agent) -> HttpResponse:
    """Answer one turn of the talk as JSON; a verb that is not in the list is a bad request."""
    try:
        says = read_agent(read_body(request))
    except (MalformedError, WrongTurnError):
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
    return response


ANSWERS.register(LiveKind.PAGE.value, answer_talk)
