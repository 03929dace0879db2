"""What do we show where one pays? No script: a plain link to an open chat, and help when a payment or an order went wrong."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages import constants
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape

from oscar_engage.modules import is_on
from oscar_engage.storefront.joined import has_help
from oscar_engage.storefront.open_chat import read_open_chat
from oscar_engage.storefront.sharing_page import pause_for_payment

MARK = 'id="engage-trouble"'
_BELOW_MESSAGES = b'<div class="sub-header">'  # of Oscar's stock layout of the checkout
_END_OF_BOX = b"</div>"
_TEMPLATE = "oscar_engage/storefront/payment_help.html"


def build_payment_help(request: HttpRequest, context: Mapping[str, Any]) -> str:
    """Return the block that offers help on a page that tells of a refused payment or a failed order; else ``""``.

    ``context`` is the page's own: Oscar's payment pages say what went wrong in ``error``. No query.
    """
    if not has_trouble(request, context) or not has_help():
        return ""
    place = "?" + urlencode({"page_path": request.path}, safe="/")
    has_desk = is_on("desk")
    chat = read_open_chat(request) if has_desk else ""
    addresses = {
        "chat_url": reverse("engage:chat-detail", args=[chat]) if chat else "",
        "help_url": reverse("engage:help") + place,
        "note_url": reverse("engage:note-new") + place if has_desk else "",
    }
    return render_to_string(_TEMPLATE, addresses)


def insert_payment_help(request: HttpRequest, page: bytes, context: Mapping[str, Any], *, charset: str) -> bytes:
    """Return ``page`` with the block near its own words on what went wrong, unless the shop's template has placed it."""
    block = "" if MARK.encode(charset) in page else build_payment_help(request, context)
    place = _find_place(page, context.get("error"), charset) if block else 0
    return page[:place] + block.encode(charset) + page[place:]


def _find_place(page: bytes, error: object, charset: str) -> int:
    """Return where the block goes: below the box with the error, else below the messages, else at the end of the page."""
    words = conditional_escape(str(error)).encode(charset) if error else b""
    after = page.partition(words)[2] if words else b""
    if after.lstrip().startswith(_END_OF_BOX):
        return len(page) - len(after.lstrip()) + len(_END_OF_BOX)
    start = page.find(_BELOW_MESSAGES)
    return start if start >= 0 else page.rfind(b"</body>")


def build_chat_link(request: HttpRequest) -> str:
    """Return a plain link to the chat that is open in this browser; ``""`` when there is none.

    To who shares their page with an agent it says that this one is not seen: the one page of a shared visit that says nothing.
    """
    chat = read_open_chat(request) if is_on("desk") else ""
    if not chat:
        return ""
    is_shared = pause_for_payment(request, now=timezone.now())
    context = {"chat_url": reverse("engage:chat-detail", args=[chat]), "is_shared": is_shared}
    return render_to_string("oscar_engage/storefront/chat_link.html", context)


def has_trouble(request: HttpRequest, context: Mapping[str, Any]) -> bool:
    """Whether the page tells of an error: its own, or one that was waiting for the shopper, as after the bank's page."""
    return bool(context.get("error")) or any(level >= constants.ERROR for level in _shown_levels(request))


def _shown_levels(request: HttpRequest) -> list[int]:
    # Private but stable since Django 1.2: what the page has read; the public way would eat the shopper's messages.
    storage = getattr(request, "_messages", None)
    is_shown = getattr(storage, "used", False)
    return [message.level for message in getattr(storage, "_loaded_data", None) or ()] if is_shown else []
