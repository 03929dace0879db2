"""Does a sentence say this? Words compared without case, accents and punctuation; no regular expressions, so none is a trap."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"(?<=[.!?])\s+|\n+")


class PhraseError(ValueError):
    """A phrase without a word in it would be found everywhere."""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` in lower case, without accents and punctuation: "Größe 42,5" gives grosse, 42 and 5."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return tuple(_WORD.findall("".join(one for one in plain if not unicodedata.combining(one))))


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences of ``text``: they end with a mark and a space, or with the line."""
    return tuple(sentence for part in _END.split(text) if (sentence := part.strip()))


def check_phrase(phrase: str) -> None:
    """Raise :class:`PhraseError` for a phrase that has no word."""
    if not words_of(phrase):
        raise PhraseError(f"{phrase!r} has no word.")


def says(text: str, phrase: str) -> bool:
    """Whether every word of ``phrase`` is in ``text``, in any order.

    ``*`` stands for any letters before or after a word: ``return*`` is found in "returns", ``*versand*`` in "Gratisversand".
    """
    said = words_of(text)
    return all(_is_in(piece, said) for piece in phrase.split())


def says_any(text: str, phrases: Iterable[str]) -> bool:
    """Whether ``text`` says one of ``phrases``."""
    return any(says(text, phrase) for phrase in phrases)


def find_sentence(text: str, phrases: Sequence[str], unless: Sequence[str] = ()) -> str | None:
    """Return the first sentence of ``text`` that says one of ``phrases`` and none of ``unless``; ``None``: there is none.

    A fact that goes over several sentences is found in the whole text, if ``unless`` is nowhere in it.
    """
    sentences = sentences_of(text)
    if len(sentences) > 1:
        sentences = (*sentences, text.strip())
    return next((one for one in sentences if says_any(one, phrases) and not says_any(one, unless)), None)


def _is_in(piece: str, said: Sequence[str]) -> bool:
    wanted = words_of(piece)
    if not wanted:
        return True
    *whole, last = wanted
    ends_open, begins_open = piece.endswith("*"), piece.startswith("*")
    if not all(word in said for word in whole):
        return False
    if begins_open:
        return any(last in word if ends_open else word.endswith(last) for word in said)
    return any(word.startswith(last) if ends_open else word == last for word in said)
