"""Which places of a ready-made text are filled in, and with what? A closed list of names; nothing is called."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

KNOWN = (
    "customer.first_name",
    "customer.name",
    "agent.name",
    "conversation.reference",
    "page.title",
    "basket.total",
    "basket.pieces",
    "order.number",
    "order.status",
    "shop.name",
)
"""All placeholders that there are, as they are written between double braces."""

LONGEST_VALUE = 200
"""Characters of one value."""

_TEMPLATE = re.compile(r"\{%.{0,40}", re.DOTALL)
_MARK = re.compile(r"⟦[^⟦⟧]*⟧")
_SHOWN = 40  # characters of a wrong placeholder that are named in the reason


class PlaceholderError(ValueError):
    """A text not to be saved. ``reason``: ``unknown``, ``nested``, ``unclosed`` or ``template``; ``found``: what it is."""

    def __init__(self, reason: str, found: str) -> None:
        super().__init__(f"{reason}: {found}")
        self.reason, self.found = reason, found


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of plain text, or what stands after two opening braces; ``is_open``: nothing closes them."""

    text: str
    is_placeholder: bool = False
    is_open: bool = False


def check_placeholders(text: str) -> None:
    """Raise :class:`PlaceholderError` for the first thing in double braces that is not one of :data:`KNOWN`."""
    found = _TEMPLATE.search(text)
    if found:
        raise PlaceholderError("template", found[0])
    for piece in _pieces(text):
        if piece.is_placeholder and (piece.is_open or piece.text.strip() not in KNOWN):
            raise PlaceholderError(_reason(piece), piece.text.strip()[:_SHOWN])


def fill(text: str, values: Mapping[str, str], *, name_of: Callable[[str], str]) -> str:
    """Return ``text`` with the values in their places; what is missing is marked ``⟦…⟧`` with ``name_of`` the placeholder.

    What is not one of :data:`KNOWN` (a text from before it was taken out) is marked as well. Values are put in once: one that
    looks like a placeholder stays as it is.
    """
    return "".join(
        _filled(piece.text.strip(), values, name_of) if piece.is_placeholder else piece.text for piece in _pieces(text)
    )


def find_marks(text: str) -> list[str]:
    """Return the marks that are still to be filled in, in their order."""
    return _MARK.findall(text)


def _filled(name: str, values: Mapping[str, str], name_of: Callable[[str], str]) -> str:
    value = _plain(values.get(name, "")) if name in KNOWN else ""
    if value:
        return value
    return f"⟦{_plain(name_of(name) if name in KNOWN else name[:_SHOWN])}⟧"


def _plain(value: str) -> str:
    """Return ``value`` on one line and without our marks."""
    return " ".join(value.replace("⟦", "").replace("⟧", "").split())[:LONGEST_VALUE]


def _reason(piece: _Piece) -> str:
    if piece.is_open:
        return "unclosed"
    return "nested" if "{" in piece.text else "unknown"


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
