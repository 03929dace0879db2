"""Which steps of the ladder are offered, and in which order? Values in, values out: no clock, no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """One way to an answer. The order here is the one a shop begins with: what costs least comes first."""

    ARTICLE = "article"
    ANSWER = "answer"
    NOTE = "note"
    CHAT = "chat"
    PAGE = "page"
    VOICE = "voice"
    CALL = "call"


LAST_RESORT = Step.NOTE
"""What is offered where nothing else is left: a note needs nobody to be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A step as the shop has it. ``is_meant``: its conditions hold for who asks; ``not_for``: topics that skip it."""

    step: Step
    is_meant: bool = True
    not_for: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """What counts of who asks.

    ``here``: the steps that exist at this moment (an agent is free, there are articles); ``tried``: those that did not help in
    this visit; ``topic``: its short name, empty where nobody knows it; ``preferred``: the step that this visitor chose last.
    """

    here: frozenset[Step]
    tried: frozenset[Step] = frozenset()
    topic: str = ""
    preferred: Step | None = None


def climb(ladder: Sequence[Rung], asker: Asker) -> tuple[Step, ...]:
    """Return the steps to offer, the first to be tried first; never none.

    What did not help comes last, whatever the visitor prefers: nobody is sent twice through the same door, and none is shut.
    A shared page alone is no answer: it goes with a voice, and who has none can leave a note. Nor is a voice in the browser,
    which goes with a chat.
    """
    fitting = [rung.step for rung in ladder if _fits(rung, asker)]
    ordered = sorted(fitting, key=lambda step: (step in asker.tried, step != asker.preferred))
    return tuple(ordered) if set(ordered) - {Step.PAGE, Step.VOICE} else (LAST_RESORT,)


def _fits(rung: Rung, asker: Asker) -> bool:
    return rung.is_meant and rung.step in asker.here and not (asker.topic and asker.topic in rung.not_for)


def completed(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return ``steps`` and the missing ones, each behind all that usually come before it."""
    known = list(dict.fromkeys(steps))
    for place, step in enumerate(Step):
        if step not in known:
            before = [known.index(other) for other in list(Step)[:place] if other in known]
            known.insert(max(before, default=-1) + 1, step)
    return tuple(known)
