"""How did it go? What was found and what was missed, with the sentence that shows it, and how long the shopper waited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Any

from oscar_engage.desk.practice.script import Script
from oscar_engage.desk.practice.shopper import LEAVING, Move, Said, broken, limits_of, met_needs

LONGEST_QUOTE = 300
"""Characters of a sentence that are kept with the result."""


class Ending(StrEnum):
    """How a conversation of practice ended."""

    RESOLVED = "resolved"
    UNHELPED = "unhelped"
    """The shopper gave up: the answers were beside the point."""

    LOST = "lost"
    """The shopper lost patience: nobody answered."""

    CLOSED = "closed"
    """The agent closed it before all was said."""

    STOPPED = "stopped"
    """The agent stopped practising; it is not judged."""


ENDS: Mapping[Move, Ending] = {Move.THANKS: Ending.RESOLVED, Move.GONE: Ending.LOST, Move.UNHELPED: Ending.UNHELPED}
"""By the shopper's last line."""


@dataclass(frozen=True, slots=True)
class Found:
    """A need in words, and the agent's sentence that met it; empty: it was missed."""

    words: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one conversation. Times are seconds; ``None``: there was no answer to time.

    ``unanswered`` is how long the shopper had waited for an answer that never came, ``None`` if none was owed at the end.
    """

    needs: tuple[Found, ...]
    slips: tuple[Found, ...]
    responses: tuple[float, ...]
    unanswered: float | None
    lines: int

    @property
    def first(self) -> float | None:
        """From the first words to the first answer."""
        return self.responses[0] if self.responses else None

    @property
    def middle(self) -> float | None:
        """The median of all answers."""
        return median(self.responses) if self.responses else None

    @property
    def longest(self) -> float | None:
        """The longest wait, also one that was never answered."""
        waits = [*self.responses, *(() if self.unanswered is None else (self.unanswered,))]
        return max(waits, default=None)

    @property
    def met(self) -> int:
        """How many needs were met."""
        return sum(bool(need.sentence) for need in self.needs)

    def as_json(self) -> dict[str, Any]:
        """Return what is kept, so that it can still be read when the script has changed or gone."""
        return {
            "needs": [[need.words, need.sentence] for need in self.needs],
            "slips": [[slip.words, slip.sentence] for slip in self.slips],
            "responses": [round(seconds, 1) for seconds in self.responses],
            "unanswered": None if self.unanswered is None else round(self.unanswered, 1),
            "lines": self.lines,
        }


def read_result(document: Mapping[str, Any]) -> Result:
    """Return what :meth:`Result.as_json` made."""
    return Result(
        needs=tuple(Found(*need) for need in document["needs"]),
        slips=tuple(Found(*slip) for slip in document["slips"]),
        responses=tuple(document["responses"]),
        unanswered=document["unanswered"],
        lines=document["lines"],
    )


def judge(script: Script, said: Sequence[Said], *, until: float) -> Result:
    """Return the result of the transcript ``said`` that ended at second ``until``."""
    texts = [line.body for line in said if line.move is None]
    met = met_needs(script, texts)
    responses, unanswered = _times(said, until)
    return Result(
        needs=tuple(Found(need.words, met.get(place, "")[:LONGEST_QUOTE]) for place, need in enumerate(script.needs)),
        slips=tuple(
            Found(limit.words, sentence[:LONGEST_QUOTE])
            for limit in limits_of(script)
            if (sentence := next((one for text in texts if (one := broken(limit, text)) is not None), None)) is not None
        ),
        responses=responses,
        unanswered=unanswered,
        lines=len(texts),
    )


def _times(said: Sequence[Said], until: float) -> tuple[tuple[float, ...], float | None]:
    """Return how long each answer took, from the first line that waited for it, and how long the last one has not come."""
    responses: list[float] = []
    owed: float | None = None
    for line in said:
        if line.move is None:
            if owed is not None:
                responses.append(max(line.second - owed, 0.0))
            owed = None
        elif line.move not in LEAVING and line.move is not Move.WAITS and owed is None:
            owed = line.second
    return tuple(responses), None if owed is None else max(until - owed, 0.0)
