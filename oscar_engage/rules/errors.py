"""What is wrong with a rule? Every mistake at once, each with its place in the document and what to type instead."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One mistake: ``path`` is its place, such as ``branches[0].when.rules[1].value`` (empty: the document as a whole)."""

    path: str
    message: str


class InvalidRuleError(ValueError):
    """A document that is no rule; ``errors`` has all that is wrong with it, in the order of reading."""

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors: list[FieldError] = list(errors)
        super().__init__("; ".join(f"{error.path}: {error.message}".removeprefix(": ") for error in self.errors))


class WrongValueError(ValueError):
    """A value that its type does not take; the message, translated, says what to type."""


class ChangedMeanwhileError(ValueError):
    """Somebody else saved version ``number`` since this work began; nothing was written."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"Version {number} was saved meanwhile.")


class ArchivedRuleError(ValueError):
    """An archived rule is neither changed nor published: take it back as a draft first."""
