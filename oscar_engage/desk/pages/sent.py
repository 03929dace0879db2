"""What did the browser send as the copy of a page? A document of a fixed shape, with numbers that can be true."""

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from oscar_engage.desk.pages.grammar import LARGEST, Refusal, RefusedSnapshotError, check_markup

MOST_STYLES = 40
"""Stylesheets of one page, at most."""

_FURTHEST = 1_000_000

Pixels = Annotated[int, msgspec.Meta(ge=-_FURTHEST, le=_FURTHEST)]
Length = Annotated[int, msgspec.Meta(ge=0, le=_FURTHEST)]
Address = Annotated[str, msgspec.Meta(max_length=300)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentSnapshot:
    """A copy of a page: markup in our narrow form, paths of stylesheets, and where things were, in CSS pixels.

    ``view`` is the window's width and height, ``scroll`` how far the page was moved, ``pin`` left, top, width and height of the
    element that is asked about, from the page's own corner.
    """

    v: Literal[1]
    html: str
    view: tuple[Length, Length]
    scroll: tuple[Pixels, Pixels]
    styles: Annotated[list[Address], msgspec.Meta(max_length=MOST_STYLES)]
    pin: tuple[Pixels, Pixels, Length, Length] | None = None


_DECODER = msgspec.json.Decoder(SentSnapshot)


def read_snapshot(sent: str) -> SentSnapshot:
    """Return the copy in ``sent``, or raise :class:`RefusedSnapshotError`; nothing of it was parsed as HTML then."""
    if len(sent) > 2 * LARGEST:
        raise RefusedSnapshotError(Refusal.TOO_LARGE)
    try:
        snapshot = _DECODER.decode(sent)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise RefusedSnapshotError(Refusal.MALFORMED) from None
    check_markup(snapshot.html)
    return snapshot
