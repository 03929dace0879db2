"""Of which pages may a copy go with a note, and what becomes of it? Never of private ones; and never at the question's cost."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from django.db import DatabaseError, transaction
from django.urls import Resolver404, ResolverMatch, resolve

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.pages.grammar import LARGEST, RefusedSnapshotError
from oscar_engage.desk.pages.keep import keep_snapshot
from oscar_engage.signals.counters import count
from oscar_engage.signals.faults import note_fault
from oscar_engage.storefront.pages import get_page_facts, is_excluded_path, is_payment_page

WITH_COPY = 256 * 1024 + 2 * LARGEST
"""Bytes of a note's request beside its files: words, and a copy whose quotation marks are escaped."""

_NEVER = ("password", "login", "logout", "register", "account", "order", "address")
"""What begins the names of views whose pages are nobody else's to see, in whatever app a shop has them."""


class Privacy(StrEnum):
    """Whose business a page is: that of whom its shopper lets look, or the shopper's alone, as in the checkout."""

    OPEN = "open"
    PRIVATE = "private"
    CHECKOUT = "checkout"


def may_copy(page_path: str) -> bool:
    """Whether a copy of the page at ``page_path`` may be sent and kept; of a page that we do not know, none."""
    kinds = get_settings().snapshot_pages
    try:
        path = urlsplit(page_path).path
        match = resolve(path) if kinds and path else None
    except (Resolver404, ValueError):
        return False
    if match is None or is_payment_page(match) or is_excluded_path(path):
        return False
    return not _is_private(match) and get_page_facts(match).kind in kinds


def privacy_of(page_path: str) -> Privacy:
    """Return whose business the page at ``page_path`` is while its shopper talks; one that we do not know is private."""
    try:
        match = resolve(urlsplit(page_path).path)
    except (Resolver404, ValueError):
        return Privacy.PRIVATE
    kind = get_page_facts(match).kind
    if kind == "checkout" or is_payment_page(match):
        return Privacy.CHECKOUT
    return Privacy.PRIVATE if kind == "account" or _is_private(match) else Privacy.OPEN


def _is_private(match: ResolverMatch) -> bool:
    return any(name.startswith(_NEVER) for name in (*match.view_name.split(":"), *match.namespaces, *match.app_names))


def keep_copy(conversation: Conversation, cleaned: Mapping[str, Any], *, now: datetime) -> bool:
    """Keep the copy that came with a checked form; return whether nothing was lost, and never raise.

    A form whose page may not be copied has no field for it: what was sent there is not read.
    """
    sent = cleaned.get("page_copy", "") if cleaned.get("with_copy") else ""
    if not sent:
        return True
    try:
        with transaction.atomic(using=get_settings().database):
            keep_snapshot(conversation, sent, now=now)
    except RefusedSnapshotError as error:
        count("refused", f"snapshot_{error.reason.value}")
        return False
    except DatabaseError:
        note_fault("snapshot")
        return False
    return True
