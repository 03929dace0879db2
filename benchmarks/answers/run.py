"""The measurement itself: what shoppers are shown, beside the bare search, and the time at a thousand articles.

Right first, right within three and an honest "no" are counted at the one line of confidence that shoppers get. The bars hold
for the sealed questions, which nothing was fitted on; the older parts stand beside them, each question judged by weights that
were fitted without it. Shares have their 95 % interval (Wilson); a bar is judged by the share itself, as it was before.
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.answers.bare import BareSearch
from benchmarks.answers.fit import judge_apart, place_of, ranker
from benchmarks.answers.labelled import LANGUAGES, Question, read_passages, read_questions, read_sealed
from benchmarks.bars import Line, report
from oscar_engage.analytics.interval import wilson
from oscar_engage.answers.confidence import THRESHOLD, probability, suggest
from oscar_engage.answers.elsewhere import USUAL as ELSEWHERE
from oscar_engage.answers.index import Index, build_index
from oscar_engage.answers.passage import Passage
from oscar_engage.answers.rank import Ranking, rank
from oscar_engage.answers.synonyms import USUAL
from oscar_engage.answers.words import words_of

FIRST, WITHIN_THREE, HONEST, CUT = 70.0, 85.0, 80.0, 100 / 3
MOST_MS = 30.0
ARTICLES = 1_000
OLDER = {
    **{"tune": "tune", "kept": "kept", "fresh": "fresh"},
    **{"sealed": "what was sealed first, open now", "sealed2": "what was sealed next, open now"},
}
_ROUNDS = 3
_EVERY = 5  # each so many-th word of a copied article is another one


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one question got: the place of its article among what was found (0: none), and whether anything was shown."""

    question: Question
    place: int
    is_shown: bool
    is_bare_right: bool


def main() -> int:
    """Print the tables; the exit status says whether every bar holds."""
    questions, sealed, ranked = read_questions(), read_sealed(), ranker()
    bare = {code: BareSearch(read_passages(code), code) for code in LANGUAGES}
    rankings = [ranked(one) for one in questions]
    apart = judge_apart(questions, rankings)
    older = [_outcome(one, found, sure, bare) for one, found, sure in zip(questions, rankings, apart, strict=True)]
    unseen = [_outcome(one, found, probability(found), bare) for one, found in ((one, ranked(one)) for one in sealed)]
    held = [report("answers: sealed", list(_judge(unseen, bars=True)))]
    held.append(report("answers: older parts together, cross-validated", list(_judge(older, bars=True))))
    for part, called in OLDER.items():
        report(f"answers: {called}, cross-validated", list(_judge([one for one in older if one.question.part == part])))
    outcomes = [*older, *unseen]
    for kind in ("plain", "misspelt", "paraphrased", "both"):
        of_kind = [one for one in outcomes if one.question.kind == kind]
        report(
            f"answers: {kind}, all parts", [_share("shown: first right", of_kind, lambda one: one.is_shown and one.place == 1)]
        )
    held.append(report(f"answers: the thread's own time for one question at {ARTICLES} articles", list(_time(questions))))
    return 0 if all(held) else 1


def _outcome(question: Question, ranking: Ranking, sure: float, bare: Mapping[str, BareSearch]) -> Outcome:
    return Outcome(
        question=question,
        place=place_of(ranking, question),
        is_shown=bool(ranking.found) and sure >= THRESHOLD,
        is_bare_right=bare[question.language].find(question.question)[:1] == [question.article],
    )


def _judge(outcomes: Sequence[Outcome], *, bars: bool = False) -> Iterator[Line]:
    """Yield the shares of what is shown, and of what is ranked, where nobody would say "no"; with ``bars`` they must hold."""
    answerable = [one for one in outcomes if one.question.article]
    others = [one for one in outcomes if not one.question.article]
    first, three, honest, cut = (FIRST, WITHIN_THREE, HONEST, CUT) if bars else (None,) * 4
    yield Line(what="questions with an answer", measured=len(answerable))
    yield _share("shown: first right", answerable, lambda one: one.is_shown and one.place == 1, floor=first)
    yield _share("shown: within three", answerable, lambda one: one.is_shown and one.place > 0, floor=three)
    yield _share("shown: none of three right", answerable, lambda one: one.is_shown and one.place == 0)
    yield _share("ranked: first right", answerable, lambda one: one.place == 1)
    yield _share("ranked: within three", answerable, lambda one: one.place > 0)
    yield Line(what="questions without an answer", measured=len(others))
    yield _share("honest no", others, lambda one: not one.is_shown, floor=honest)
    ours, bare = (sum(one.place != 1 for one in answerable), sum(not one.is_bare_right for one in answerable))
    yield _share("bare full-text search: first right", answerable, lambda one: one.is_bare_right)
    yield Line(what="first-place errors cut by, ranked", measured=100 * (bare - ours) / bare, unit="%", floor=cut)


def _share(what: str, among: Sequence[Outcome], holds: Callable[[Outcome], bool], *, floor: float | None = None) -> Line:
    rate = wilson(sum(map(holds, among)), len(among))
    within = f"{100 * rate.low:.1f} to {100 * rate.high:.1f}"
    return Line(what=f"{what} (95 %: {within})", measured=100 * rate.value, unit="%", floor=floor)


def _time(questions: Sequence[Question]) -> Iterator[Line]:
    """Yield the median and the 95th percentile of all questions, each in its language's library of copies."""
    taken: list[float] = []
    built: list[float] = []
    indexes: dict[str, Index] = {}
    for code in LANGUAGES:
        started = time.thread_time()
        indexes[code] = build_index(
            _multiply(read_passages(code)), language=code, groups=USUAL[code], elsewhere=ELSEWHERE[code]
        )
        built.append(time.thread_time() - started)
    for _round in range(_ROUNDS):
        for one in questions:
            started = time.thread_time()
            suggest(rank(indexes[one.language], one.question))
            taken.append(1000 * (time.thread_time() - started))
    taken.sort()
    yield Line(what="median", measured=taken[len(taken) // 2], unit="ms", bar=MOST_MS)
    yield Line(what="95 %", measured=taken[len(taken) * 95 // 100], unit="ms", bar=MOST_MS)
    yield Line(what="slowest", measured=taken[-1], unit="ms")
    yield Line(what="building one index, off the request", measured=max(built), unit="s")


def _multiply(passages: Sequence[Passage]) -> list[Passage]:
    """Return :data:`ARTICLES` articles: copies of ``passages`` in which words are other ones, so that the vocabulary grows."""
    slugs = list(dict.fromkeys(one.article for one in passages))
    copies = range(-(-ARTICLES // len(slugs)))
    return [
        replace(one, article=f"{one.article}-{copy}", text=_change(one.text, copy), title=_change(one.title, copy))
        for copy in copies
        for one in passages
    ]


def _change(text: str, copy: int) -> str:
    if not copy:
        return text
    letters = "abcdefghijklmnopqrstuvwxyz"
    ending = letters[copy % 26] + letters[copy * 7 % 26]
    return " ".join(word + ending if at % _EVERY == copy % _EVERY else word for at, word in enumerate(words_of(text)))


if __name__ == "__main__":
    sys.exit(main())
