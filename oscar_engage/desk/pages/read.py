"""What did the shopper see? The kept copy as a document that acts on nothing, and its facts without the document."""

import zlib
from datetime import datetime
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from oscar_engage.desk.models import Conversation, ConversationKind
from oscar_engage.desk.pages.models import PageSnapshot
from oscar_engage.desk.pages.strip import own_paths

POLICY = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""The ``Content-Security-Policy`` under which a copy may be shown: no script, no form, nothing from elsewhere."""

_DOCUMENT = '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title>{}</head><body>{}</body></html>'
_STYLE = '<link rel="stylesheet" href="{}">'


class PageFacts(NamedTuple):
    """Of what size the shopper's window was, and when; in CSS pixels."""

    width: int
    height: int
    at: datetime
    has_pin: bool


def page_facts_of(conversation: Conversation) -> PageFacts | None:
    """Return the facts of the copy that went with ``conversation``, or ``None``; a chat has none, and costs no query."""
    if conversation.kind != ConversationKind.NOTE:
        return None
    rows = PageSnapshot.objects.filter(conversation=conversation)
    row = rows.values_list("width", "height", "at", "pin").first()
    return None if row is None else PageFacts(row[0], row[1], row[2], row[3] is not None)


def document_of(snapshot: PageSnapshot, *, pin_style: str) -> str:
    """Return the copy as a page of its own, with the stylesheet at ``pin_style``, which draws the pin, as its last.

    It has to be answered under :data:`POLICY`.
    """
    conversation = snapshot.conversation
    styles = format_html_join("", _STYLE, ((path,) for path in [*own_paths(snapshot.styles), pin_style]))
    html = mark_safe(read_html(snapshot))  # noqa: S308 - stripped by nh3 before it was stored, and answered under POLICY
    return format_html(_DOCUMENT, conversation.language, conversation.page_title, styles, html)


def read_html(snapshot: PageSnapshot) -> str:
    """Return the markup of the copy; empty for a row without one."""
    return zlib.decompress(bytes(snapshot.html)).decode() if snapshot.html else ""
