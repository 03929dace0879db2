"""How do values come into words? Each in its place, once; words that lack one are not said at all."""

from collections.abc import Mapping
from dataclasses import astuple

from oscar_engage.core.placeholders import names_in, put_in
from oscar_engage.widgets.words import Words


class MissingValueError(LookupError):
    """A value is not known that the words cannot do without."""


def asked_for(words: Words) -> frozenset[str]:
    """Return the names of the values that the words ask for; none for words without placeholders."""
    return frozenset[str]().union(*map(names_in, astuple(words)))


def fill(words: Words, values: Mapping[str, str]) -> Words:
    """Return the words with the values in them, each put in once; what has no value says its fallback.

    Raises :class:`MissingValueError` for one that has none: half a sentence is worse than no offer.
    """
    return Words(*(_filled(text, values) for text in astuple(words)))


def _filled(text: str, values: Mapping[str, str]) -> str:
    if "{{" not in text:
        return text
    return put_in(text, lambda place: _value(place.name, values.get(place.name) or place.fallback))


def _value(name: str, found: str | None) -> str:
    if found is None:
        raise MissingValueError(name)
    return found
