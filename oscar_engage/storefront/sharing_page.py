"""Which cookie says on the pages on which one pays that a page is shared, or both talk? Those may ask no table without one."""

import re
from datetime import datetime

from django.db import connections
from django.http import HttpRequest, HttpResponse

from oscar_engage.conf import get_settings
from oscar_engage.sharing.finish import NAMED_BY
from oscar_engage.sharing.models import LiveSession
from oscar_engage.sharing.shopper import note_paying
from oscar_engage.signals.faults import note_fault
from oscar_engage.statements.limits import limited_transaction

COOKIE_NAME = "engage_live"
LOCK_MS = STATEMENT_MS = 200
_PUBLIC_ID = re.compile(r"[\w-]{10,32}", re.ASCII)


def read_shared_chat(request: HttpRequest) -> str:
    """Return the public id of the chat beside which this browser shares its page, by its own word; ``""`` for none."""
    told = request.COOKIES.get(COOKIE_NAME, "")
    return told if _PUBLIC_ID.fullmatch(told) else ""


def note_shared(request: HttpRequest, response: HttpResponse, session: LiveSession) -> None:
    """Have the browser remember that it shares its page, or talks."""
    response.set_cookie(COOKIE_NAME, session.conversation.public_id, httponly=True, samesite="Lax", secure=request.is_secure())


def forget_shared(request: HttpRequest, response: HttpResponse) -> None:
    """Tell the browser to drop the cookie, if it has it."""
    if COOKIE_NAME in request.COOKIES:
        response.delete_cookie(COOKIE_NAME, samesite="Lax")


def forget_if_last(request: HttpRequest, response: HttpResponse, session: LiveSession) -> None:
    """Drop it because ``session`` is over, unless something else goes on beside the same chat."""
    others = (name for kind, name in NAMED_BY.items() if kind != session.kind)
    if not any(getattr(session.conversation, name) for name in others):
        forget_shared(request, response)


def pause_for_payment(request: HttpRequest, *, now: datetime) -> bool:
    """Note that who shares a page is about to see one on which one pays; return whether that is so. Never raises.

    One UPDATE with the database's own short limits, and none at all for everybody else.
    """
    chat = read_shared_chat(request)
    if not chat:
        return False
    try:
        connection = connections[get_settings().database]
        with limited_transaction(connection, lock_ms=LOCK_MS, statement_ms=STATEMENT_MS):
            return note_paying(chat, now=now)
    except Exception:  # noqa: BLE001 - the shop's own payment page must not notice
        note_fault("sharing")
        return False
