"""May we talk? What differs from a shared page: a microphone that was not given, the servers, the words at the end."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from oscar_engage.conf import get_settings
from oscar_engage.core.pushing import LIVE
from oscar_engage.desk.models import Conversation
from oscar_engage.sharing.models import Ended, LiveKind, LiveSession, Starter
from oscar_engage.storefront.page_copy import Privacy, privacy_of
from oscar_engage.storefront.views_live import Live
from oscar_engage.storefront.voices_talk import answer_talk
from oscar_engage.voices.begin import agree, ask_agent, can_talk
from oscar_engage.voices.servers import servers_for
from oscar_engage.voices.words import words_for_shopper


def _context(request: HttpRequest, conversation: Conversation, session: LiveSession | None) -> dict[str, Any]:
    servers = servers_for(session.public_id if session else conversation.public_id, now=timezone.now())
    privacy = privacy_of(request.GET.get("page", "")[:500])
    return {
        "servers": json.dumps(servers),
        "relay_only": get_settings().voices_relay_only,
        "may_show_screen": privacy == Privacy.OPEN,
        "page_privacy": privacy,
        "other_name": conversation.agent.display_name if conversation.agent else "",
        "topic": f"{LIVE}{session.public_id}" if session else "",
    }


def _tell_end(session: LiveSession) -> HttpResponse:
    return JsonResponse({"words": words_for_shopper(session)})


VOICE = Live(
    kind=LiveKind.VOICE,
    template="oscar_engage/storefront/voice.html",
    noes={"no": Ended.REFUSED, "denied": Ended.SHOPPER_DENIED},
    ends={"": Ended.SHOPPER, "denied": Ended.SHOPPER_DENIED, "unconnected": Ended.UNCONNECTED},
    can=can_talk,
    agree=lambda _request, session, now: agree(session, by=Starter.SHOPPER, now=now),
    begin=lambda _request, conversation, now: ask_agent(conversation, now=now),
    context=_context,
    tell_end=_tell_end,
    talk=answer_talk,
)
"""A talk."""
