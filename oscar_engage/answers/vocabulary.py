"""Which known words may a typed one mean? Itself, one it was meant to be, one it begins, or the parts it is made of."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from oscar_engage.answers.distance import distance
from oscar_engage.answers.words import stem

LONGEST_WORD = 40
"""Letters of a word that are looked at; longer ones are no words."""

_LIKE = {1: 0.8, 2: 0.6}
_BEGUN, _PART, _RESEMBLING = 0.6, 0.75, 0.45
_SHORTEST_BEGUN = 4
_SHORTEST_PART = 4
_SHORTEST_INFLECTED = 6
_SHORTEST_CORRECTED = 3
_LONG = 8
_SHORT = 4  # letters, of which one slip makes many another word
_LIKE_SHORT = 0.55
_LEAST_ALIKE = 0.6
_CHECKED = 12
_RAREST = 6
_LIKELY = 40
_JOINTS = ("", "s", "es", "n", "en", "e")
"""What German puts between the parts of a word."""


class Vocabulary:
    """The words that passages say, each with how many of them say it, to find again what was typed in a hurry."""

    def __init__(self, counts: Mapping[str, int], *, language: str = "") -> None:
        self._counts, self._language = dict(counts), language
        self._stems = {stem(word, language) for word in self._counts}
        self._by_pair: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._counts):  # so that of equals the same is found in each process
            for pair in set(_pairs(word)):
                self._by_pair[pair].append(word)

    def __contains__(self, word: object) -> bool:
        return word in self._counts

    def meanings(self, word: str, *, splits: bool) -> dict[str, float]:
        """Return the known words that ``word`` may mean, each with how far to trust it, from 0 to 1; maybe none.

        ``splits``: whether the language writes words as one, as German does.
        """
        if word in self._counts:
            found = {word: 1.0}
        elif len(word) > LONGEST_WORD or not word.isalpha():
            return {}
        else:
            found = self._alike(word)
        if splits and (word in self._counts or max(found.values(), default=0) < _LIKE[1]):
            for part in self.parts(word):
                found.setdefault(part, _PART)
        return found

    def parts(self, word: str) -> tuple[str, ...]:
        """Return the known words that ``word`` is made of, the longest first part that works; none if it is not made so."""
        for end in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            rest = word[end:]
            first = self._unjoined(word[:end])
            if not first:
                continue
            if self._is_part(rest):
                return (first, rest)
            more = self.parts(rest)
            if more:
                return (first, *more)
        return ()

    def _unjoined(self, first: str) -> str:
        """Return ``first`` without what joins it to the next part, a known word before one of a known stem; empty: neither."""
        bare = [first.removesuffix(joint) for joint in _JOINTS if first.endswith(joint)]
        long_enough = [one for one in bare if len(one) >= _SHORTEST_PART]
        known = (one for one in long_enough if one in self._counts)
        return next(known, "") or next((one for one in long_enough if self._is_part(one)), "")

    def _is_part(self, word: str) -> bool:
        return word in self._counts or (len(word) >= _SHORTEST_INFLECTED and stem(word, self._language) in self._stems)

    def _alike(self, word: str) -> dict[str, float]:
        if len(word) < _SHORTEST_CORRECTED:
            return {}
        near = self._nearest(word)
        furthest = 2 if len(word) >= _LONG else 1
        by_distance: dict[int, list[str]] = defaultdict(list)
        for other, _share in near:
            if len(word) > _SHORT or other[0] == word[0]:
                by_distance[distance(word, other, furthest)].append(other)
        for far in range(1, furthest + 1):
            if by_distance[far]:
                return dict.fromkeys(by_distance[far], _LIKE[far] if len(word) > _SHORT else _LIKE_SHORT)
        begun = {
            other: _BEGUN
            for other, _share in near
            if min(len(word), len(other)) >= _SHORTEST_BEGUN and (other.startswith(word) or word.startswith(other))
        }
        return begun or {other: _RESEMBLING * share for other, share in near if share >= _LEAST_ALIKE}

    def _nearest(self, word: str) -> list[tuple[str, float]]:
        """Return the known words with the most pairs of letters in common, each with the share of them.

        Candidates come by the word's rarest pairs: two slips leave some of them.
        """
        pairs = set(_pairs(word))
        known = (pair for pair in pairs if pair in self._by_pair)
        rarest = sorted(known, key=lambda pair: (len(self._by_pair[pair]), pair))[:_RAREST]
        common: Counter[str] = Counter()
        for pair in rarest:
            common.update(self._by_pair[pair])
        likely = [other for other, _shared in common.most_common(_LIKELY)]
        shares = ((other, 2 * len(pairs & set(_pairs(other))) / (len(pairs) + len(other) + 1)) for other in likely)
        return sorted(shares, key=lambda one: (-one[1], one[0]))[:_CHECKED]


def count_words(texts: Iterable[Iterable[str]]) -> Counter[str]:
    """Return in how many of ``texts`` each word is."""
    counts: Counter[str] = Counter()
    for words in texts:
        counts.update(set(words))
    return counts


def _pairs(word: str) -> list[str]:
    framed = f"^{word}$"
    return [framed[at : at + 2] for at in range(len(framed) - 1)]
