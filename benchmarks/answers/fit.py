"""Which constants tell right from wrong best? Fits the confidence on all parts but the sealed one, and prints it.

Each threshold is judged by cross-validation: a question's probability comes from weights that were fitted without it and
without all others about its article.
"""

import math
import sys
from collections.abc import Callable, Iterable, Sequence
from random import Random

import numpy

from benchmarks.answers.labelled import LANGUAGES, Question, read_passages, read_questions
from oscar_engage.answers.confidence import FEATURES, WEIGHTS, features
from oscar_engage.answers.elsewhere import USUAL as ELSEWHERE
from oscar_engage.answers.index import build_index
from oscar_engage.answers.rank import Ranking, rank
from oscar_engage.answers.synonyms import USUAL

Example = tuple[tuple[float, ...], bool]
Rank = Callable[[Question], Ranking]

_ROUNDS = 4_000
_RATE = 1.0
_FOLDS, _SEED = 10, 1
_RIDGE = 0.001  # pulls towards nothing: there are few questions


def ranker(languages: Iterable[str] = LANGUAGES) -> Rank:
    """Return what ranks a labelled question in its language."""
    indexes = {
        code: build_index(read_passages(code), language=code, groups=USUAL[code], elsewhere=ELSEWHERE[code])
        for code in languages
    }
    return lambda one: rank(indexes[one.language], one.question)


def place_of(ranking: Ranking, question: Question) -> int:
    """Return the place of the labelled article among what was found; 0: it is not there."""
    found = [one.passage.article for one in ranking.found]
    return found.index(question.article) + 1 if question.article in found else 0


def fit(examples: Sequence[Example]) -> list[float]:
    """Return the weights of a logistic regression, by plain gradient descent."""
    values = numpy.array([one for one, _is_true in examples])
    is_true = numpy.array([float(one) for _values, one in examples])
    weights = numpy.zeros(values.shape[1])
    pulled = numpy.array([0.0, *[_RIDGE] * (len(weights) - 1)])
    for _round in range(_ROUNDS):
        wrong = 1 / (1 + numpy.exp(-values @ weights)) - is_true
        weights -= _RATE * (pulled * weights + values.T @ wrong / len(is_true))
    return [float(weight) for weight in weights]


def predict(weights: Sequence[float], values: Sequence[float]) -> float:
    """Return the probability."""
    return 1 / (1 + math.exp(-sum(weight * value for weight, value in zip(weights, values, strict=True))))


def fit_apart(examples: Sequence[Example], groups: Sequence[str]) -> list[float]:
    """Return the probability of each example by weights that were fitted without its fold; a group stays in one fold."""
    names = sorted(set(groups))
    Random(_SEED).shuffle(names)  # noqa: S311 - the same folds each time, no secret
    fold_of = {name: at % _FOLDS for at, name in enumerate(names)}
    by_fold = [
        fit([one for one, group in zip(examples, groups, strict=True) if fold_of[group] != fold]) for fold in range(_FOLDS)
    ]
    return [predict(by_fold[fold_of[group]], values) for (values, _true), group in zip(examples, groups, strict=True)]


def judge_apart(questions: Sequence[Question], rankings: Sequence[Ranking]) -> list[float]:
    """Return how sure each ranking is, by weights that were fitted without the question and all others about its article."""
    examples = [(features(found), place_of(found, one) > 0) for found, one in zip(rankings, questions, strict=True)]
    return fit_apart(examples, [one.article or one.id for one in questions])


def main() -> int:
    """Print the weights, and what each threshold would do on questions that they were not fitted on."""
    ranked = ranker()
    questions = read_questions()
    rankings = [ranked(one) for one in questions]
    places = [place_of(found, one) for found, one in zip(rankings, questions, strict=True)]
    examples = [(features(found), place > 0) for found, place in zip(rankings, places, strict=True)]
    weights = fit(examples)
    print("WEIGHTS =", tuple(round(weight, 2) for weight in weights), "of", FEATURES, "now", WEIGHTS)
    sure = judge_apart(questions, rankings)
    answerable = sum(bool(one.article) for one in questions)
    for percent in range(34, 62, 2):
        passed = [one >= percent / 100 for one in sure]
        first = sum(is_passed and place == 1 for is_passed, place in zip(passed, places, strict=True))
        within = sum(is_passed and place > 0 for is_passed, place in zip(passed, places, strict=True))
        refused = sum(not is_passed and not one.article for is_passed, one in zip(passed, questions, strict=True))
        print(
            f"{percent / 100:.2f}: shown, first right {first / answerable:.3f}, within three {within / answerable:.3f},"
            f" honest no {refused / (len(questions) - answerable):.3f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
