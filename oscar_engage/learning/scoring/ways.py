"""In which way would we help? What models of uplift read beside the vector: a chat moves shoppers that a balloon does not.

One column a way, 1 for the way that is asked about and 0 for the others; all are missing where nobody says which it is. A way
that stands in no column (of an action that a shop added) is 0 in all of them.
"""

from collections.abc import Sequence

CHAT, CALL, BALLOON, NOTE, OTHER = "chat", "call", "balloon", "note", "other"

WAYS: tuple[str, ...] = (CHAT, CALL, BALLOON, NOTE)
"""Those with a column, in the order of the columns."""

OF_LOOKS: tuple[str, ...] = ("", CHAT)
"""What a look at a shopper is scored for: no way, by a model that reads none, or the chat. A moment: for its rule's."""

PREFIX = "by_"
WAY_NAMES: tuple[str, ...] = tuple(f"{PREFIX}{way}" for way in WAYS)
"""Names of the columns."""

_UNKNOWN: tuple[float | None, ...] = (None,) * len(WAYS)
_COLUMNS: dict[str, tuple[float | None, ...]] = {way: tuple(float(way == one) for one in WAYS) for way in (*WAYS, OTHER)}


def columns_of(way: str) -> tuple[float | None, ...]:
    """Return the columns of a way; empty: nobody says in which."""
    return _COLUMNS[way if way in _COLUMNS else OTHER] if way else _UNKNOWN


def with_way(vector: Sequence[float | None], way: str) -> tuple[float | None, ...]:
    """Return what a model of uplift is asked: the vector, and behind it the columns of the way."""
    return (*vector, *columns_of(way))
