"""Which rows hold, of thousands? One mask per variable, joined by "and"; the costly are asked only if it hangs on them."""

from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass

from oscar_engage.rules.engine.column import Column, LiteralOfRow
from oscar_engage.rules.engine.masks import mask_of, rows_of
from oscar_engage.rules.engine.rows import Row
from oscar_engage.rules.engine.walk import Read

LARGE = 100
"""Rows from which looking whether a variable is still needed costs more than it saves, by measurement."""


@dataclass(frozen=True, slots=True)
class IndexedRow:
    """A row and the number of the rule it belongs to; when one row of a rule holds, the others do not matter."""

    row: Row
    owner: int


class RowIndex:
    """The rows of many rules, by variable."""

    __slots__ = ("_cheap", "_costly", "_everything", "_is_large", "_measured", "_owners", "_remembered", "_siblings")

    def __init__(self, rows: Sequence[IndexedRow], *, costly: Container[str] = ()) -> None:
        """Take the rows, those of one rule together."""
        self._everything = (1 << len(rows)) - 1
        literals: dict[str, list[LiteralOfRow]] = defaultdict(list)
        for number, indexed in enumerate(rows):
            for literal in indexed.row:
                literals[literal.condition.field].append((number, literal))
        by_use = sorted(literals, key=lambda name: -len(literals[name]))
        columns = [(name, Column(literals[name], everything=self._everything)) for name in by_use]
        cheap = [(name, column) for name, column in columns if name not in costly]
        self._is_large = len(rows) > LARGE
        self._cheap = tuple((name, column.mentions, column) for name, column in cheap)
        self._remembered = tuple((name, column) for name, column in cheap if not column.is_of_money)
        self._measured = tuple((name, column.select) for name, column in cheap if column.is_of_money)
        self._costly = tuple((name, column) for name, column in columns if name in costly)
        siblings: dict[int, list[int]] = defaultdict(list)
        for number, indexed in enumerate(rows):
            siblings[indexed.owner].append(number)
        self._owners = tuple(indexed.owner for indexed in rows) if self._costly else ()
        self._siblings = {owner: mask_of(numbers) for owner, numbers in siblings.items() if len(numbers) > 1 and self._costly}

    def find(self, read: Read) -> list[int]:
        """Return the rows that hold, in their order.

        Of a rule that holds whatever a costly variable is worth, the rows that ask for this are left out.
        """
        mask = self._join_all(read) if self._is_large else self._join_needed(read)
        if mask and self._costly:
            mask = self._ask_costly(mask, read)
        return rows_of(mask)

    def _join_all(self, read: Read) -> int:
        """Return the rows that the cheap variables leave, asking each: of so many rows some hang on it anyway."""
        mask = self._everything
        for name, select in self._measured:  # an amount is no good key, and hardly comes twice
            mask &= select(read(name))
        for name, column in self._remembered:
            value = read(name)
            try:
                mask &= column[value]
            except TypeError:  # no key of a dictionary, hence no value of ours
                mask &= column.select(value)
        return mask

    def _join_needed(self, read: Read) -> int:
        """Return the rows that the cheap variables leave, asking only what some row that is left hangs on."""
        mask = self._everything
        for name, mentions, column in self._cheap:
            if mask & mentions:
                value = read(name)
                try:
                    mask &= column[value]
                except TypeError:  # see above
                    mask &= column.select(value)
        return mask

    def _ask_costly(self, mask: int, read: Read) -> int:
        for place, (name, column) in enumerate(self._costly):
            if not mask & column.mentions:
                continue
            unread = 0
            for _name, other in self._costly[place:]:
                unread |= other.mentions
            mask = self._drop_idle(mask, unread)
            if mask & column.mentions:
                mask &= column.select(read(name))
        return mask

    def _drop_idle(self, mask: int, unread: int) -> int:
        """Leave out the rows that wait for an unread variable although another row of their rule holds already."""
        certain = mask & ~unread
        for row in rows_of(mask & unread):
            if self._siblings.get(self._owners[row], 0) & certain:
                mask &= ~(1 << row)
        return mask
