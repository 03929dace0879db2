"""Which phrases say why a model says what it says? The topics that count most: up to three for it, and one against. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from oscar_engage.learning.features.schema import PLACES
from oscar_engage.learning.words.phrases import PHRASES, TOPICS
from oscar_engage.learning.words.tell import Scene

MOST_FOR, MOST_AGAINST = 3, 1
LEAST_SHARE = 0.1
"""How much of the largest a topic has to count to be told: what hardly counts is no reason."""

Shares = Sequence[tuple[str, float]]
"""Features with what each counts, signed (``scoring.contributions``)."""

Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Phrases, those that count most first."""

    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Topic:
    counts: float
    features: tuple[str, ...]


def find_reasons(shares: Shares, values: Values, scene: Scene, *, upward: bool = True) -> Reasons:
    """Return why the score of ``values`` is what it is; with ``upward`` false, why it is low.

    Told is only what the vector knows: a feature that is missing there counts, but nobody can say anything of it.
    """
    topics = _gather(shares, values)
    least = LEAST_SHARE * max((abs(topic.counts) for topic in topics), default=0.0)
    sign = 1.0 if upward else -1.0
    ranked = sorted((topic for topic in topics if abs(topic.counts) >= least), key=lambda topic: -abs(topic.counts))
    say = _sayer(values, scene)
    return Reasons(
        _first(MOST_FOR, (say(topic) for topic in ranked if sign * topic.counts > 0)),
        _first(MOST_AGAINST, (say(topic) for topic in ranked if sign * topic.counts < 0)),
    )


def known_of(name: str, values: Values) -> float | None:
    """Return the value of a feature; ``None`` where it is missing or the vector has no such place."""
    place = PLACES.get(name, len(values))
    return values[place] if place < len(values) else None


def _gather(shares: Shares, values: Values) -> list[_Topic]:
    """Return the topics with what their known features count together, of each the features with the largest first."""
    found: dict[str, list[tuple[str, float]]] = {}
    for name, counts in shares:
        if name in PHRASES and known_of(name, values) is not None:
            found.setdefault(TOPICS.get(name, name), []).append((name, counts))
    return [_topic(members) for members in found.values()]


def _topic(members: list[tuple[str, float]]) -> _Topic:
    ordered = sorted(members, key=lambda member: -abs(member[1]))
    return _Topic(sum(counts for _name, counts in members), tuple(name for name, _counts in ordered))


def _sayer(values: Values, scene: Scene) -> Callable[[_Topic], str]:
    def say(topic: _Topic) -> str:
        known = ((name, known_of(name, values)) for name in topic.features)
        phrases = (PHRASES[name](value, scene) for name, value in known if value is not None)
        return next((phrase for phrase in phrases if phrase), "")

    return say


def _first(most: int, phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrase for phrase in phrases if phrase))[:most]
