"""Which places of a text are to be filled in? Names between double braces, from a closed list; nothing is called or looked up.

``{{ product.title }}`` is such a place, and ``{{ customer.first_name | "there" }}`` one that says what stands there when the
value is not known. There are no calls, filters, attributes or loops: what is not a listed name is refused.
"""

import difflib
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

MOST = 50
"""Placeholders in one text; more are refused before the text is taken apart."""

LONGEST_VALUE = 200
"""Characters of one value."""

_TEMPLATE = re.compile(r"\{%.{0,40}", re.DOTALL)
_BREAKS = re.compile(r"[^\S\xa0]+")
_FALLBACK = re.compile(r'([^|]*)\|\s*(?:"([^"{}|]*)"|“([^”{}|]*)”|„([^“”{}|]*)[“”])\s*')
_SHOWN = 40  # characters of a wrong placeholder that are named in the reason


class PlaceholderError(ValueError):
    """A text not to be saved. ``found``: what is wrong in it; ``near``: the known name most like it, or an empty text.

    ``reason`` is ``unknown``, ``nested``, ``unclosed``, ``template`` (a tag of a template language) or ``too_many``.
    """

    def __init__(self, reason: str, found: str, near: str = "") -> None:
        super().__init__(f"{reason}: {found}")
        self.reason, self.found, self.near = reason, found, near


@dataclass(frozen=True, slots=True)
class Place:
    """What stands between two pairs of braces; ``fallback`` is what its author wants there when there is no value."""

    name: str
    fallback: str | None = None
    raw: str = ""
    """As it is written, without the braces."""


def check(text: str, known: Collection[str], *, with_fallbacks: bool = False) -> None:
    """Raise :class:`PlaceholderError` for the first thing in double braces that is not one of ``known``."""
    if text.count("{{") > MOST:
        raise PlaceholderError("too_many", str(MOST))
    found = _TEMPLATE.search(text)
    if found:
        raise PlaceholderError("template", found[0])
    for piece in _pieces(text):
        if piece.is_placeholder:
            _check_piece(piece, known, with_fallbacks)


def names_in(text: str) -> frozenset[str]:
    """Return the names that a text asks for, known or not."""
    if "{{" not in text:
        return frozenset()
    return frozenset(_place(piece.text).name for piece in _pieces(text) if piece.is_placeholder)


def put_in(text: str, put: Callable[[Place], str]) -> str:
    """Return ``text`` with ``put(place)`` in each place, once: a value that looks like a placeholder stays as it is."""
    return "".join(put(_place(piece.text)) if piece.is_placeholder else piece.text for piece in _pieces(text))


def plain(value: str) -> str:
    """Return ``value`` on one line, and not longer than :data:`LONGEST_VALUE`; a space that holds an amount together stays."""
    return _BREAKS.sub(" ", value).strip()[:LONGEST_VALUE]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of plain text, or what stands after two opening braces; ``is_open``: nothing closes them."""

    text: str
    is_placeholder: bool = False
    is_open: bool = False


def _check_piece(piece: _Piece, known: Collection[str], with_fallbacks: bool) -> None:
    shown = piece.text.strip()[:_SHOWN]
    if piece.is_open:
        raise PlaceholderError("unclosed", shown)
    if "{" in piece.text:
        raise PlaceholderError("nested", shown)
    place = _place(piece.text)
    if place.name not in known or (place.fallback is not None and not with_fallbacks):
        near = difflib.get_close_matches(place.name[:_SHOWN], list(known), n=1)
        raise PlaceholderError("unknown", shown, near[0] if near else "")


def _place(raw: str) -> Place:
    found = _FALLBACK.fullmatch(raw)
    if found is None:
        return Place(raw.strip(), raw=raw)
    return Place(found[1].strip(), next(text for text in found.groups()[1:] if text is not None).strip(), raw)


def _pieces(text: str) -> Iterator[_Piece]:
    """Cut ``text`` at its braces."""
    at = 0
    while (start := text.find("{{", at)) >= 0:
        yield _Piece(text[at:start])
        end = text.find("}}", start + 2)
        if end < 0:
            yield _Piece(text[start + 2 :], is_placeholder=True, is_open=True)
            return
        yield _Piece(text[start + 2 : end], is_placeholder=True)
        at = end + 2
    yield _Piece(text[at:])
