"""Which chat is open in this browser? A cookie says so to the pages on which we may ask no table and run no script."""

import re

from django.http import HttpRequest, HttpResponse

from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus

COOKIE_NAME = "engage_chat"
_PUBLIC_ID = re.compile(r"[\w-]{10,32}", re.ASCII)


def read_open_chat(request: HttpRequest) -> str:
    """Return the public id of the chat that was open when it was last shown here, or ``""``.

    It is the browser's word: good for a link, whose page asks again whose chat it is.
    """
    told = request.COOKIES.get(COOKIE_NAME, "")
    return told if _PUBLIC_ID.fullmatch(told) else ""


def note_open_chat(request: HttpRequest, response: HttpResponse, conversation: Conversation) -> None:
    """Have the browser remember the chat that ``response`` shows, until it is closed; writes a cookie only for a change."""
    if conversation.kind != ConversationKind.CHAT:
        return
    is_open = conversation.status != ConversationStatus.CLOSED
    known = read_open_chat(request)
    if is_open and known != conversation.public_id:
        secure = request.is_secure()
        response.set_cookie(COOKIE_NAME, conversation.public_id, httponly=True, samesite="Lax", secure=secure)
    elif not is_open and known == conversation.public_id:
        forget_open_chat(response)


def forget_open_chat(response: HttpResponse) -> None:
    """Tell the browser to drop the cookie."""
    response.delete_cookie(COOKIE_NAME, samesite="Lax")
