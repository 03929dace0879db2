"""Where does each word stand? The passages of one language, weighed once, so that a question costs little."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from oscar_engage.answers.elsewhere import Subjects
from oscar_engage.answers.likeness import Phrases, collect_phrases
from oscar_engage.answers.passage import Passage
from oscar_engage.answers.resemblance import Runs, collect_runs
from oscar_engage.answers.synonyms import Groups, same_as
from oscar_engage.answers.vocabulary import Vocabulary, count_words
from oscar_engage.answers.words import meant, stem, words_of

FIELDS: Mapping[str, float] = {"title": 3.0, "words": 2.5, "heading": 2.0, "asked": 1.5, "text": 1.0}
"""What a word counts by where it stands."""

_SATURATION = 2.0
_LENGTH = 0.6
_PART = 0.3  # a part of a compound counts less than the word itself
_SPLITTING = frozenset({"de"})
_OF_WHOLE = frozenset({"title", "words", "asked"})  # what each passage repeats

Postings = Mapping[str, Mapping[int, float]]
"""For each stem the numbers of the passages (or articles) with it, and what it counts there, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """All passages of one language, ready to be asked; ``articles`` are the names that their numbers stand for.

    ``first_of`` are the numbers of their first passages. ``phrases`` are what articles are called and asked, by the article's
    number; a number below zero: what is asked elsewhere. ``runs`` are the same, letter by letter.
    """

    language: str
    passages: Sequence[Passage]
    article_of: Sequence[int]
    first_of: Sequence[int]
    articles: Sequence[str]
    in_passages: Postings
    in_articles: Postings
    in_titles: Sequence[frozenset[str]]
    in_words: Sequence[frozenset[str]]
    pairs: Mapping[tuple[str, str], frozenset[int]]
    weights: Mapping[str, float]
    vocabulary: Vocabulary
    same: Mapping[str, frozenset[str]]
    phrases: Phrases
    runs: Runs

    @property
    def heaviest(self) -> float:
        """What a word weighs that no article has."""
        return _weigh(0, len(self.articles))

    @property
    def splits(self) -> bool:
        """Whether the language writes words as one."""
        return self.language in _SPLITTING


def build_index(passages: Iterable[Passage], *, language: str, groups: Groups = (), elsewhere: Subjects | None = None) -> Index:
    """Return the index of ``passages``, which are of one ``language``.

    ``groups``: words that mean the same; ``elsewhere``: subjects that articles seldom treat, with what is asked of them.
    """
    kept = list(passages)
    said = [{field: list(meant(getattr(one, field), language)) for field in FIELDS} for one in kept]
    written = [words for fields in said for words in fields.values()]
    synonyms = [words_of(entry) for group in groups for entry in group]
    subjects = elsewhere or {}
    others = [list(meant(one, language)) for asked in subjects.values() for one in asked]
    vocabulary = Vocabulary(count_words([*written, *synonyms, *others]), language=language)
    terms = [{field: _terms(words, language, vocabulary) for field, words in fields.items()} for fields in said]
    articles = list(dict.fromkeys(one.article for one in kept))
    numbers = {name: number for number, name in enumerate(articles)}
    article_of = [numbers[one.article] for one in kept]
    whole = _together(terms, article_of, len(articles))
    in_titles = [frozenset(fields["title"]) for fields in whole]
    in_words = [frozenset([*fields["words"], *fields["heading"]]) for fields in whole]
    found_in = count_words([stem for field in fields.values() for stem in field] for fields in whole)
    weights = {one: _weigh(count, len(articles)) for one, count in found_in.items()}
    called = [one | other for one, other in zip(in_titles, in_words, strict=True)]
    asked = [*_phrases(kept, article_of), *_asked_elsewhere(subjects, called, language)]
    phrases = ((owner, _terms(meant(one, language), language, vocabulary)) for owner, one in asked)
    return Index(
        language=language,
        passages=kept,
        article_of=article_of,
        first_of=list({article: number for number, article in reversed([*enumerate(article_of)])}.values())[::-1],
        articles=articles,
        in_passages=_post(terms),
        in_articles=_post(whole),
        in_titles=in_titles,
        in_words=in_words,
        pairs=_pairs(said, language),
        weights=weights,
        vocabulary=vocabulary,
        same=same_as(groups, language),
        phrases=collect_phrases(phrases, weights, _weigh(0, len(articles))),
        runs=collect_runs(asked),
    )


def _phrases(passages: Sequence[Passage], article_of: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield each article's number with what it is called and asked, each phrase once."""
    seen: set[tuple[int, str]] = set()
    for number, one in zip(article_of, passages, strict=True):
        for phrase in (one.title, *one.words.split(","), *one.asked.split("\n"), one.heading):
            if phrase.strip() and (number, phrase) not in seen:
                seen.add((number, phrase))
                yield number, phrase


def _asked_elsewhere(subjects: Subjects, called: Sequence[frozenset[str]], language: str) -> Iterator[tuple[int, str]]:
    """Yield what is asked of each subject with a number below zero, but for subjects that an article is called by.

    One of the names is enough, taken as a whole.
    """
    for number, (names, asked) in enumerate(subjects.items(), 1):
        stems = [{stem(word, language) for word in meant(name, language)} for name in names.split(",")]
        if not any(one and one <= article for one in stems for article in called):
            yield from ((-number, phrase) for phrase in asked)


def _terms(words: Iterable[str], language: str, vocabulary: Vocabulary) -> dict[str, float]:
    """Return how often each stem is there, the parts of compounds too."""
    counts: dict[str, float] = defaultdict(float)
    for word in words:
        counts[stem(word, language)] += 1
        if language in _SPLITTING:
            for part in vocabulary.parts(word):
                counts[stem(part, language)] += _PART
    return counts


def _together(
    terms: Sequence[Mapping[str, Mapping[str, float]]], article_of: Sequence[int], count: int
) -> list[dict[str, dict[str, float]]]:
    """Return the terms of whole articles; title and words, which each passage repeats, count once."""
    whole: list[dict[str, dict[str, float]]] = [{field: defaultdict(float) for field in FIELDS} for _article in range(count)]
    for number, fields in zip(article_of, terms, strict=True):
        for field, counts in fields.items():
            into = whole[number][field]
            for one, often in counts.items():
                into[one] = max(into[one], often) if field in _OF_WHOLE else into[one] + often
    return whole


def _post(terms: Sequence[Mapping[str, Mapping[str, float]]]) -> Postings:
    usual = {field: (sum(sum(one[field].values()) for one in terms) / len(terms) if terms else 0) or 1 for field in FIELDS}
    posted: dict[str, dict[int, float]] = defaultdict(dict)
    for number, fields in enumerate(terms):
        sums: dict[str, float] = defaultdict(float)
        for field, counts in fields.items():
            shorter = 1 - _LENGTH + _LENGTH * sum(counts.values()) / usual[field]
            for one, often in counts.items():
                sums[one] += FIELDS[field] * often / shorter
        for one, amount in sums.items():
            posted[one][number] = amount / (_SATURATION + amount)
    return posted


def _pairs(said: Sequence[Mapping[str, Sequence[str]]], language: str) -> dict[tuple[str, str], frozenset[int]]:
    """Return which passages say two words one after the other."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, fields in enumerate(said):
        for words in fields.values():
            for pair in follow([stem(word, language) for word in words]):
                found[pair].add(number)
    return {pair: frozenset(numbers) for pair, numbers in found.items()}


def follow(stems: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each stem with the next."""
    return pairwise(stems)


def _weigh(count: int, total: int) -> float:
    """Return how much a stem tells that ``count`` of ``total`` articles have."""
    return math.log(1 + (total - count + 0.5) / (count + 0.5))
