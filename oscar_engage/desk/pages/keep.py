"""How does the copy of a page come to its question? Checked, stripped, compressed; a refused one leaves the question alone."""

import zlib
from datetime import datetime

from oscar_engage.desk.models import Conversation
from oscar_engage.desk.pages.grammar import Refusal, RefusedSnapshotError
from oscar_engage.desk.pages.models import PageSnapshot
from oscar_engage.desk.pages.sent import read_snapshot
from oscar_engage.desk.pages.strip import own_paths, strip_html

LARGEST_KEPT = 128 * 1024
"""Bytes of one copy in the database, at most; a product page takes about 5 KB."""


def keep_snapshot(conversation: Conversation, sent: str, *, now: datetime) -> None:
    """Keep ``sent``, what the browser says its page looked like; a repeat changes nothing.

    Raises :class:`RefusedSnapshotError`; then nothing is kept. Nothing that the copy names is fetched.
    """
    snapshot = read_snapshot(sent)
    html = strip_html(snapshot.html).encode()
    packed = zlib.compress(html, 6)
    if len(packed) > LARGEST_KEPT:
        raise RefusedSnapshotError(Refusal.TOO_LARGE)
    PageSnapshot.objects.get_or_create(
        conversation=conversation,
        defaults={
            "html": packed,
            "styles": own_paths(snapshot.styles),
            "width": snapshot.view[0],
            "height": snapshot.view[1],
            "scroll_x": snapshot.scroll[0],
            "scroll_y": snapshot.scroll[1],
            "pin": snapshot.pin,
            "size": len(html),
            "at": now,
        },
    )
