"""What does a shopper read of a survey? Its words in their language, in the shop's where there are none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Choices = tuple[tuple[str, str], ...]
"""Pairs of a short name, which is the same in every language, and what the shopper reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """``low`` and ``high`` say what the ends of a score mean."""

    question: str = ""
    choices: Choices = ()
    low: str = ""
    high: str = ""
    thanks: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what is stored: only what was written."""
        lists = [list(pair) for pair in self.choices]
        told = {"question": self.question, "choices": lists, "low": self.low, "high": self.high, "thanks": self.thanks}
        return {name: value for name, value in told.items() if value}


def words_in(stored: Mapping[str, Mapping[str, Any]], language: str, *, shop: str) -> Words:
    """Return the words in ``language``, such as ``de-at``: each from it, else from one like it, else from the ``shop``'s.

    The choices are always those of the shop's language, in its order; a language only names them.
    """
    near = [stored[code] for code in _ways(language, shop) if code in stored]

    def first(name: str) -> str:
        return next((str(words[name]) for words in near if words.get(name)), "")

    named: dict[str, str] = {}
    own = choices_of(stored, shop=shop)
    for choices in (own, *(words.get("choices", ()) for words in reversed(near))):
        named.update(choices)
    return Words(
        question=first("question"),
        choices=tuple((key, named[key]) for key, _label in own),
        low=first("low"),
        high=first("high"),
        thanks=first("thanks"),
    )


def choices_of(stored: Mapping[str, Mapping[str, Any]], *, shop: str) -> Choices:
    """Return the choices as the shop's own language has them; where it has none, as the first that has some."""
    any_language = (words["choices"] for words in stored.values() if words.get("choices"))
    own = stored.get(shop, {}).get("choices") or next(any_language, ())
    return tuple((str(key), str(label)) for key, label in own)


def _ways(language: str, shop: str) -> tuple[str, ...]:
    """Return the codes to look under, the nearest first."""
    return tuple(dict.fromkeys((language, language.partition("-")[0], shop, shop.partition("-")[0])))
