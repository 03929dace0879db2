"""Which rows hold, of thousands? One mask per variable, joined by "and"; the costly are asked only if it hangs on them."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from oscar_engage.rules.engine.column import Column, LiteralOfRow
from oscar_engage.rules.engine.masks import mask_of, rows_of
from oscar_engage.rules.engine.rows import Row
from oscar_engage.rules.engine.walk import Read

LARGE = 100
"""Rows from which looking whether a variable is still needed costs more than it saves, by measurement."""


class IndexedRow(NamedTuple):
    """A row and the number of the rule it belongs to; when one row of a rule holds, the others do not matter."""

    row: Row
    owner: int


class RowIndex:
    """The rows of many rules, by variable."""

    __slots__ = ("_cheap", "_costly", "_everything", "_is_large", "_measured", "_owners", "_remembered", "_siblings", "_steady")

    def __init__(self, rows: Sequence[IndexedRow], *, clocks: Container[str], costly: Container[str]) -> None:
        """Take the rows, those of one rule together."""
        self._everything = (1 << len(rows)) - 1
        literals: dict[str, list[LiteralOfRow]] = defaultdict(list)
        for number, indexed in enumerate(rows):
            for literal in indexed.row:
                literals[literal.condition.field].append((number, literal))
        by_use = sorted(literals, key=lambda name: -len(literals[name]))
        columns = [(name, Column(literals[name], everything=self._everything)) for name in by_use]
        cheap = [(name, column) for name, column in columns if name not in costly]
        self._steady = tuple((name, column.mentions, column) for name, column in cheap if name not in clocks)
        self._is_large = len(rows) > LARGE
        self._cheap = tuple((name, column.mentions, column) for name, column in cheap)
        self._remembered = tuple((name, column) for name, column in cheap if not column.is_of_money)
        self._measured = tuple((name, column.select) for name, column in cheap if column.is_of_money)
        self._costly = tuple((name, column) for name, column in columns if name in costly)
        siblings: dict[int, list[int]] = defaultdict(list)
        for number, indexed in enumerate(rows if self._costly else ()):
            siblings[indexed.owner].append(number)
        self._owners = tuple(indexed.owner for indexed in rows) if self._costly else ()
        self._siblings = {owner: mask_of(numbers) for owner, numbers in siblings.items() if len(numbers) > 1}

    def find(self, read: Read) -> list[int]:
        """Return the rows that hold, in their order.

        Of a rule that holds whatever a costly variable is worth, the rows that ask for this are left out.
        """
        mask = self._join_all(read) if self._is_large else _join_needed(self._everything, self._cheap, read)
        if mask and self._costly:
            mask = self._ask_costly(mask, read)
        return rows_of(mask)

    def find_possible(self, rows: int, read: Read) -> list[int]:
        """Return which of ``rows`` (a mask) hold but for clocks and costly variables, which are not asked."""
        return rows_of(_join_needed(rows, self._steady, read))

    def _join_all(self, read: Read) -> int:
        """Return the rows that the cheap variables leave, asking each: of so many rows some hang on it anyway."""
        mask = self._everything
        for name, select in self._measured:  # an amount is no good key, and hardly comes twice
            mask &= select(read(name))
        for name, column in self._remembered:
            value = read(name)
            try:
                mask &= column[value]
            except TypeError:  # as in _join_needed
                mask &= column.select(value)
        return mask

    def _ask_costly(self, mask: int, read: Read) -> int:
        """Ask one costly variable after the other, as long as a row that is left hangs on one."""
        unread = dict(self._costly)
        while unread:
            waiting = 0
            for column in unread.values():
                waiting |= column.mentions
            mask = self._drop_idle(mask, waiting)
            hanging = [name for name, column in unread.items() if mask & column.mentions]
            if not hanging:
                return mask
            name = max(hanging, key=lambda one: self._is_alone(mask, one, unread))
            mask &= unread.pop(name).select(read(name))
        return mask

    @staticmethod
    def _is_alone(mask: int, name: str, unread: Mapping[str, Column]) -> bool:
        """Whether a row hangs on this variable alone, which has to be asked in any case."""
        mask &= unread[name].mentions
        for other, column in unread.items():
            if other != name:
                mask &= ~column.mentions
        return mask != 0

    def _drop_idle(self, mask: int, unread: int) -> int:
        """Leave out the rows that wait for an unread variable although another row of their rule holds already."""
        certain = mask & ~unread
        for row in rows_of(mask & unread):
            if self._siblings.get(self._owners[row], 0) & certain:
                mask &= ~(1 << row)
        return mask


def _join_needed(mask: int, columns: Iterable[tuple[str, int, Column]], read: Read) -> int:
    """Return what the variables leave of ``mask``, asking only those on which some row that is left hangs."""
    for name, mentions, column in columns:
        if mask & mentions:
            value = read(name)
            try:
                mask &= column[value]
            except TypeError:  # no key of a dictionary, hence no value of ours
                mask &= column.select(value)
    return mask
