"""In which words does an engagement speak? The wording of the visitor's share, in the visitor's language or one like it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

FIRST = "A"
"""The name of the wording that every engagement has."""

WHOLE = 100  # per cent


@dataclass(frozen=True, slots=True)
class Words:
    """What is read on the widget, in one language, as plain text: the template escapes it. ``title`` is never empty."""

    title: str
    body: str = ""
    button: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """One of the wordings that stand against each other: its share in per cent, and its words by language."""

    name: str
    share: int
    texts: Mapping[str, Words]


def find_language(languages: Collection[str], wanted: str, *, own: str) -> str:
    """Return which of ``languages`` is shown to who reads ``wanted``: that one, one like it, the shop's ``own``, any.

    Codes are as Django's (``de``, ``de-at``), in small letters. Raises ``ValueError`` where there is none at all.
    """
    wanted = wanted.lower()
    base = wanted.partition("-")[0]
    likes = sorted(code for code in languages if code.partition("-")[0] == base) if base else []
    chosen = next((code for code in (wanted, base, *likes, own, *sorted(languages)) if code in languages), None)
    if chosen is None:
        raise ValueError("There are no words in any language.")
    return chosen


def draw(wordings: Sequence[Wording], position: float) -> str:
    """Return the name of the wording at ``position`` in [0, 1), or ``""`` where there is only one and nothing is drawn."""
    if len(wordings) < 2:  # noqa: PLR2004 - it takes two to compare
        return ""
    reached = 0
    for wording in wordings:
        reached += wording.share
        if position * WHOLE < reached:
            return wording.name
    return wordings[0].name
