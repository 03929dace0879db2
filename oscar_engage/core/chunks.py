"""How is a long list taken in parts? A statement takes some hundred ids, and memory only what is held at once."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")

AT_ONCE = 400
"""Ids in one statement: SQLite takes a thousand, and half of them may be asked for twice."""


def chunks(items: Iterable[Item], most: int = AT_ONCE) -> Iterator[list[Item]]:
    """Give ``items``, read as they are asked for, in lists of ``most`` and a last one of the rest."""
    rest = iter(items)
    while part := list(islice(rest, most)):
        yield part
