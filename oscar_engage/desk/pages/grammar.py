"""Is this markup in the narrow form that our script writes? Judged before any parser sees it: in one pass, and never deeper."""

import re
from enum import Enum

LARGEST = 512 * 1024
"""Bytes of a copy as it is sent, at most."""

DEEPEST = 100
"""Elements inside each other, at most. Our script stops at 90; what a cleaner does with 50,000 takes it seconds."""

VOID = frozenset({"br", "col", "hr", "img", "wbr"})
"""Elements that have no end."""

_TOKEN = re.compile(
    r"""
    [^<]+
    | <(?P<begun>[a-z][a-z0-9]{0,15})(?:[ ][a-z-]{1,20}="[^"<>]*")*>
    | </(?P<ended>[a-z][a-z0-9]{0,15})>
    """,
    re.VERBOSE,
)


class Refusal(Enum):
    """Why a copy is not kept."""

    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"


class RefusedSnapshotError(ValueError):
    """A copy that is not kept; ``reason`` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def check_markup(html: str) -> None:
    """Raise :class:`RefusedSnapshotError` unless ``html`` is small, flat, and every element in it ends where it must.

    Only plain text and tags with quoted attributes pass: no comment, no declaration, no half a tag. So how deep a parser gets
    can be counted without one.
    """
    if len(html) > LARGEST or len(html.encode(errors="replace")) > LARGEST:
        raise RefusedSnapshotError(Refusal.TOO_LARGE)
    position, inside = 0, list[str]()
    while position < len(html):
        token = _TOKEN.match(html, position)
        if token is None:
            raise RefusedSnapshotError(Refusal.MALFORMED)
        _follow(inside, token["begun"], token["ended"])
        position = token.end()
    if inside:
        raise RefusedSnapshotError(Refusal.MALFORMED)


def _follow(inside: list[str], begun: str | None, ended: str | None) -> None:
    """Go into the element that begins, or out of the one that ends."""
    if begun is not None and begun not in VOID:
        inside.append(begun)
        if len(inside) > DEEPEST:
            raise RefusedSnapshotError(Refusal.TOO_DEEP)
    elif ended is not None and (not inside or inside.pop() != ended):
        raise RefusedSnapshotError(Refusal.MALFORMED)
