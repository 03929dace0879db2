"""Which places of a ready-made text are filled in, and with what? A closed list of names; nothing is called."""

import re
from collections.abc import Callable, Mapping

from oscar_engage.core.placeholders import LONGEST_VALUE, Place, PlaceholderError, check, plain, put_in

__all__ = ["KNOWN", "LONGEST_VALUE", "PlaceholderError", "check_placeholders", "fill", "find_marks"]

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

_MARK = re.compile(r"⟦[^⟦⟧]*⟧")
_SHOWN = 40  # characters of a wrong placeholder that stand in its mark


def check_placeholders(text: str) -> None:
    """Raise :class:`PlaceholderError` for the first thing in double braces that is not one of :data:`KNOWN`."""
    check(text, KNOWN)


def fill(text: str, values: Mapping[str, str], *, name_of: Callable[[str], str]) -> str:
    """Return ``text`` with the values in their places; what is missing is marked ``⟦…⟧`` with ``name_of`` the placeholder.

    What is not one of :data:`KNOWN` (a text from before it was taken out) is marked as well. Values are put in once: one that
    looks like a placeholder stays as it is.
    """
    return put_in(text, lambda place: _filled(place, values, name_of))


def find_marks(text: str) -> list[str]:
    """Return the marks that are still to be filled in, in their order."""
    return _MARK.findall(text)


def _filled(place: Place, values: Mapping[str, str], name_of: Callable[[str], str]) -> str:
    name = place.raw.strip()  # an agent sees the mark of what is missing: there are no fallbacks here
    value = _unmarked(values.get(name, "")) if name in KNOWN else ""
    if value:
        return value
    return f"⟦{_unmarked(name_of(name) if name in KNOWN else name[:_SHOWN])}⟧"


def _unmarked(value: str) -> str:
    return plain(value.replace("⟦", "").replace("⟧", ""))
