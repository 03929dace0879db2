"""Which passages answer a question best? By how much their words weigh, and how many of the question's they have."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter

from oscar_engage.answers.index import Index, Postings, follow
from oscar_engage.answers.likeness import Meanings, most_like
from oscar_engage.answers.passage import Passage
from oscar_engage.answers.resemblance import resemble
from oscar_engage.answers.words import ASKING, meant, resembles_stopped, stem

MOST_WORDS = 24
"""Words of a question that are looked up; a longer one says it within them."""

MOST_FOUND = 3
"""Articles that are offered."""

_LOOKED_AT = 60  # passages whose articles are looked at as a whole
_MEANINGS = 8  # of one word
_ASKED = 0.5
_SYNONYM = 0.6
_OF_ARTICLE = 0.8
_PAIR = 0.4
_TITLE = 2.8
_LIKE = 0.8
_RESEMBLING = 7.0
_MOST_RESEMBLING, _LEAST_RESEMBLING = 12, 0.1  # of articles that are looked at although no word of theirs is said
_TRUSTED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One article's best passage; ``score`` is relative to the others.

    ``covered`` is the share of the question's weight that stands anywhere in the article, ``called`` how many of its words
    stand in its title, its headings or the words that it is called by; ``like``: how like the question is to the nearest of
    what the article is called and asked, from 0 to 1; ``resembling``: how much it looks like the nearest of them, letter by
    letter (``answers.resemblance``), from 0 to 1.
    """

    passage: Passage
    score: float
    covered: float
    called: int
    like: float
    resembling: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The best articles for a question, each once, and what tells how sure that is.

    ``unknown`` is the share of the question's weight in words that no article says; ``elsewhere``: how like the question is to
    what help seldom treats (``answers.elsewhere``), from 0 to 1; ``resembling_elsewhere``: the same, letter by letter.
    """

    found: Sequence[Found]
    words: int
    unknown: float
    elsewhere: float
    resembling_elsewhere: float


def rank(index: Index, question: str) -> Ranking:
    """Return up to :data:`MOST_FOUND` articles of ``index`` for what a shopper typed, the best first."""
    asked = [word for word in dict.fromkeys(meant(question, index.language)) if not _is_hurried(word, index)][:MOST_WORDS]
    meanings = [_meanings(word, index) for word in asked]
    weights = [_weight(one, index) for one in meanings]
    total = sum(weights)
    if not total or not index.passages:
        return Ranking(found=(), words=len(asked), unknown=1.0, elsewhere=0.0, resembling_elsewhere=0.0)
    by_passage = _add_up(meanings, index)
    _add_pairs(by_passage, [stem(word, index.language) for word in asked], index)
    like = most_like(index.phrases, meanings, weights)
    resembling = resemble(index.runs, question)
    best: dict[int, tuple[float, int]] = {}
    for number, score in _looked_at(by_passage, resembling, index):
        article = index.article_of[number]
        if article not in best:
            more = _OF_ARTICLE * _of_article(meanings, article, index) + _TITLE * _in_title(meanings, article, index)
            alike = _LIKE * like.get(article, 0.0) + _RESEMBLING * resembling.get(article, 0.0)
            best[article] = (score + more + total * alike, number)
    order = sorted(best, key=lambda article: (-best[article][0], article))[:MOST_FOUND]
    found = [
        Found(
            passage=index.passages[number],
            score=score / total,
            covered=_cover(meanings, weights, article, index.in_articles) / total,
            called=_count_called(meanings, article, index),
            like=like.get(article, 0.0),
            resembling=resembling.get(article, 0.0),
        )
        for article in order
        for score, number in [best[article]]
    ]
    unsaid = sum(weight for weight, one in zip(weights, meanings, strict=True) if not one.keys() & index.weights.keys())
    return Ranking(
        found=found,
        words=len(asked),
        unknown=unsaid / total,
        elsewhere=_nearest_elsewhere(like),
        resembling_elsewhere=_nearest_elsewhere(resembling),
    )


def _nearest_elsewhere(by_owner: Mapping[int, float]) -> float:
    return max((amount for owner, amount in by_owner.items() if owner < 0), default=0.0)


def _looked_at(by_passage: Mapping[int, float], resembling: Mapping[int, float], index: Index) -> Iterator[tuple[int, float]]:
    """Yield the best passages with their scores, then the first passage of each article that only looks like the question."""
    yield from nlargest(_LOOKED_AT, by_passage.items(), key=itemgetter(1))
    articles = ((article, amount) for article, amount in resembling.items() if article >= 0 and amount >= _LEAST_RESEMBLING)
    for article, _amount in nlargest(_MOST_RESEMBLING, articles, key=itemgetter(1)):
        yield index.first_of[article], by_passage.get(index.first_of[article], 0.0)


def _is_hurried(word: str, index: Index) -> bool:
    return word not in index.vocabulary and resembles_stopped(word, index.language)


def _meanings(word: str, index: Index) -> Meanings:
    own = stem(word, index.language)
    found = {own: _ASKED if word in ASKING else 1.0}
    if not _is_known(own, index) or index.splits:
        for other, trust in index.vocabulary.meanings(word, splits=index.splits).items():
            one = stem(other, index.language)
            found[one] = max(found.get(one, 0.0), trust)
    for one, trust in list(found.items()):
        for same in index.same.get(one, ()):
            found[same] = max(found.get(same, 0.0), trust * _SYNONYM)
    known = ((one, trust) for one, trust in sorted(found.items()) if _is_known(one, index))
    return dict(nlargest(_MEANINGS, known, key=lambda one: one[1] * _weight_of(one[0], index)))


def _is_known(one: str, index: Index) -> bool:
    return one in index.weights or one in index.phrases.said_in


def _weight_of(one: str, index: Index) -> float:
    return index.weights.get(one, index.heaviest)


def _weight(meanings: Meanings, index: Index) -> float:
    """Return what a word weighs: what its surest meaning does."""
    return max(((trust, _weight_of(one, index)) for one, trust in meanings.items()), default=(0.0, index.heaviest))[1]


def _add_up(meanings: Iterable[Meanings], index: Index) -> dict[int, float]:
    """Return the score of each passage: of every word, the best of its meanings."""
    scores: dict[int, float] = {}
    for word in meanings:
        best: dict[int, float] = {}
        for one, trust in word.items():
            factor = trust * _weight_of(one, index)
            for number, share in index.in_passages.get(one, {}).items():
                amount = factor * share
                if amount > best.get(number, 0.0):
                    best[number] = amount
        for number, amount in best.items():
            scores[number] = scores.get(number, 0.0) + amount
    return scores


def _of_article(meanings: Iterable[Meanings], article: int, index: Index) -> float:
    """Return the score of the whole article, in the same way."""
    return sum(
        max(
            (trust * _weight_of(one, index) * index.in_articles.get(one, {}).get(article, 0.0) for one, trust in word.items()),
            default=0.0,
        )
        for word in meanings
    )


def _cover(meanings: Iterable[Meanings], weights: Iterable[float], number: int, postings: Postings) -> float:
    """Return how much of the question's weight stands in this passage or article."""
    return sum(
        weight * max((trust for one, trust in word.items() if number in postings.get(one, ())), default=0.0)
        for word, weight in zip(meanings, weights, strict=True)
    )


def _add_pairs(scores: dict[int, float], stems: Sequence[str], index: Index) -> None:
    for pair in follow(stems):
        for number in index.pairs.get(pair, ()):
            scores[number] = scores.get(number, 0.0) + _PAIR * sum(index.weights[one] for one in pair)


def _in_title(meanings: Iterable[Meanings], article: int, index: Index) -> float:
    """Return the share of the title that the question says, weighed by how much of it the question's words are."""
    title = index.in_titles[article]
    if not title:
        return 0.0
    said = sum(
        max((trust * index.weights[one] for one, trust in word.items() if one in title), default=0.0) for word in meanings
    )
    whole = sum(index.weights[one] for one in title)
    return said * min(1.0, said / whole) if whole else 0.0


def _count_called(meanings: Iterable[Meanings], article: int, index: Index) -> int:
    called = index.in_titles[article] | index.in_words[article]
    return sum(any(trust >= _TRUSTED and one in called for one, trust in word.items()) for word in meanings)
