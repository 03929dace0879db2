"""Where do passages come from? Sources that registered themselves; with none there are no answers."""

from collections.abc import Sequence
from typing import Protocol

from oscar_engage.answers.passage import Passage
from oscar_engage.core.registry import Registry


class Source(Protocol):
    """Something to read: the help centre, or a shop's own."""

    name: str

    def version(self) -> str:
        """Return what changes whenever a passage does; asked often, so it costs a query at most."""
        ...

    def read(self, language: str) -> Sequence[Passage]:
        """Return all that may be shown to shoppers now in ``language``."""
        ...


SOURCES: Registry[Source] = Registry("source of answers")
"""Every source under its name."""
