"""A loud registry: a duplicate or unknown name raises at once and says what was meant."""

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class DuplicateEntryError(ValueError):
    """Two things were registered under one name."""


class UnknownEntryError(LookupError):
    """Nothing is registered under this name."""


class Registry(Generic[T]):
    """Named things of one type, in the order of their registration.

    ``noun`` is what an entry is called in messages, e.g. ``"signal kind"``.
    """

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._entries: dict[str, T] = {}

    def register(self, name: str, entry: T) -> T:
        """Add ``entry`` under ``name`` and return it; a taken name raises :class:`DuplicateEntryError`."""
        if name in self._entries:
            raise DuplicateEntryError(f"The {self._noun} {name!r} is registered already.")
        self._entries[name] = entry
        return entry

    @contextmanager
    def only(self, name: str, entry: T) -> Iterator[None]:
        """Have ``entry`` alone in it within the block: for tests."""
        before, self._entries = self._entries, {name: entry}
        try:
            yield
        finally:
            self._entries = before

    def get(self, name: str) -> T:
        """Return the entry called ``name`` or raise :class:`UnknownEntryError` with the nearest known name."""
        try:
            return self._entries[name]
        except KeyError:
            raise UnknownEntryError(self._unknown(name)) from None

    def nearest(self, name: str) -> str | None:
        """Return the registered name most like ``name``, or ``None`` when nothing is near."""
        matches = difflib.get_close_matches(name, self._entries, n=1)
        return matches[0] if matches else None

    def names(self) -> tuple[str, ...]:
        """Return all names, in the order of registration."""
        return tuple(self._entries)

    def _unknown(self, name: str) -> str:
        near = self.nearest(name)
        hint = f" Did you mean {near!r}?" if near else ""
        return f"There is no {self._noun} {name!r}.{hint}"

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)
