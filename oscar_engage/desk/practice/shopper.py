"""What does the shopper say next, and when? A pure fold over what was said; chance comes from the seed.

The shopper opens, waits, answers what is asked, asks again for what is missing, gives thanks or gives up. Whatever the agent
does, it ends: silence wears patience out, answers beside the point the tries, and :data:`MOST_LINES` all the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from oscar_engage.core.hashing import bucket
from oscar_engage.desk.practice.manners import manners_of
from oscar_engage.desk.practice.phrase import find_sentence, says_any, sentences_of, words_of
from oscar_engage.desk.practice.script import Limit, Manners, Need, Script

MOST_LINES = 24
"""Lines of a shopper, after which they have had enough."""

LONGEST_TURN = 30.0
"""Seconds after an agent's first line within which the shopper reacts, though the agent goes on writing."""

_MOST_GREETINGS = 3  # lines with a greeting alone that are no answer beside the point yet
_SHORT = 6  # words of a line that is a greeting still
_BETWEEN = 4.0  # seconds from one opening line to the next
_READS, _LETTERS, _AT_LEAST, _AT_MOST = 3.0, 0.03, 2.0, 9.0  # seconds of luck in reading, per letter written, and the bounds


class Move(StrEnum):
    """Why the shopper says a line."""

    OPENING = "opening"
    ANSWER = "answer"
    WAITS = "waits"
    NUDGE = "nudge"
    """Something was helpful, something is missing still."""

    AGAIN = "again"
    """What was said was beside the point."""

    UNSURE = "unsure"
    REFUSE = "refuse"
    STILL_THERE = "still_there"
    THANKS = "thanks"
    GONE = "gone"
    UNHELPED = "unhelped"


LEAVING = frozenset({Move.THANKS, Move.GONE, Move.UNHELPED})
"""After these the shopper says no more."""


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the transcript at ``second`` of the conversation; ``move`` is ``None`` for the agent's."""

    second: float
    body: str
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """What the shopper says at ``second``, if the agent writes nothing before."""

    second: float
    body: str
    move: Move


def next_line(script: Script, said: Sequence[Said], *, seed: str) -> Next | None:
    """Return the shopper's next line; ``None`` once they have left. ``said`` is everything so far, in its order."""
    own = [line for line in said if line.move is not None]
    if own and own[-1].move in LEAVING:
        return None
    last = said[-1].second if said else 0.0
    if len(own) < len(script.opening):
        return Next(last + (_BETWEEN if own else 0.0), script.opening[len(own)], Move.OPENING)
    turn = _turn(said)
    if len(own) >= MOST_LINES:
        return Next(last + _AT_LEAST, _leave(script, Move.UNHELPED, seed), Move.UNHELPED)
    found = _react(script, said, turn, seed) if turn else None
    if found is None:
        return _wait(script, own, last, seed)
    move, body = found
    begun = min(turn[-1].second + _takes(body, seed, len(own)), turn[0].second + LONGEST_TURN)
    return Next(max(last, begun), body, move)


def met_needs(script: Script, texts: Sequence[str]) -> Mapping[int, str]:
    """Return which needs, by their place, the agent's ``texts`` meet, each with the sentence that did first."""
    found: dict[int, str] = {}
    for text in texts:
        for place, need in enumerate(script.needs):
            sentence = None if place in found else find_sentence(text, need.any_of, need.unless)
            if sentence is not None:
                found[place] = sentence
    return found


def limits_of(script: Script) -> tuple[Limit, ...]:
    """Return what must not be said to this shopper, nor to any."""
    return (*script.limits, *manners_of(script).limits)


def broken(limit: Limit, text: str) -> str | None:
    """Return the sentence of ``text`` that oversteps ``limit``; ``None``: none does."""
    return next((one for one in sentences_of(text) if says_any(one, limit.any_of) and not says_any(one, limit.unless)), None)


def _turn(said: Sequence[Said]) -> Sequence[Said]:
    """Return what the agent has written since the shopper's last line."""
    begin = len(said)
    while begin and said[begin - 1].move is None:
        begin -= 1
    return said[begin:]


def _react(script: Script, said: Sequence[Said], turn: Sequence[Said], seed: str) -> tuple[Move, str] | None:
    """Return what the shopper makes of ``turn``; ``None`` for a greeting alone, after which they go on waiting."""
    before = met_needs(script, [line.body for line in said[: len(said) - len(turn)] if line.move is None])
    met = {**met_needs(script, [line.body for line in turn]), **before}
    if len(met) == len(script.needs):
        return Move.THANKS, _leave(script, Move.THANKS, seed)
    text, is_news = "\n".join(line.body for line in turn), len(met) > len(before)
    asked = _asked(script, text, is_news)
    if asked is not None:
        return asked
    missing = next(need for place, need in enumerate(script.needs) if place not in met)
    if is_news:
        return Move.NUDGE, missing.again
    if len(turn) <= _MOST_GREETINGS and all(_is_greeting(line.body, manners_of(script)) for line in turn):
        return None
    return _bear(script, text, seed, str(len(said))) or _try_again(script, said, missing, seed)


def _bear(script: Script, text: str, seed: str, key: str) -> tuple[Move, str] | None:
    """Return what the shopper says to what is no answer and none beside the point either; ``None``: it is one."""
    manners = manners_of(script)
    if says_any(text, manners.moments):
        return Move.WAITS, _draw(manners.waits, seed, key)
    return (Move.UNSURE, _draw(manners.unsure, seed, key)) if "?" in text else None


def _try_again(script: Script, said: Sequence[Said], missing: Need, seed: str) -> tuple[Move, str]:
    """Return what the shopper says to an answer beside the point: they ask for what is ``missing``, or have had enough."""
    tries = sum(line.move is Move.AGAIN for line in said) + 1
    if tries >= script.get_tries():
        return Move.UNHELPED, _leave(script, Move.UNHELPED, seed)
    return Move.AGAIN, missing.again


def _asked(script: Script, text: str, is_news: bool) -> tuple[Move, str] | None:
    """Return what the shopper says to a question or a demand; where something helped, only what has a question mark is one."""
    for limit in limits_of(script):
        if limit.says and broken(limit, text) is not None:
            return Move.REFUSE, limit.says
    for sentence in sentences_of(text):
        for reply in script.replies:
            if ("?" in sentence or not is_news) and says_any(sentence, reply.any_of):
                return Move.ANSWER, reply.says
    return None


def _wait(script: Script, own: Sequence[Said], last: float, seed: str) -> Next:
    """Return what the shopper says when nothing comes: first a question, then they leave."""
    patience, manners = script.get_patience(), manners_of(script)
    if own[-1].move is Move.STILL_THERE:
        return Next(last + patience, _leave(script, Move.GONE, seed), Move.GONE)
    longer = 2 if own[-1].move is Move.WAITS else 1
    return Next(last + patience * longer, _draw(manners.still_there, seed, str(len(own))), Move.STILL_THERE)


def _leave(script: Script, move: Move, seed: str) -> str:
    manners = manners_of(script)
    lines = {Move.THANKS: script.thanks or manners.thanks, Move.GONE: manners.gone, Move.UNHELPED: manners.unhelped}
    return _draw(lines[move], seed, move)


def _is_greeting(text: str, manners: Manners) -> bool:
    if "?" in text or len(words_of(text)) > _SHORT or says_any(text, manners.moments):
        return False
    return says_any(text, manners.greetings)


def _takes(body: str, seed: str, place: int) -> float:
    """Return how many seconds the shopper reads and writes."""
    luck = bucket(salt=seed, key=f"takes {place}")
    return min(_AT_LEAST + _READS * luck + _LETTERS * len(body), _AT_MOST)


def _draw(lines: Sequence[str], seed: str, key: str) -> str:
    return lines[int(bucket(salt=seed, key=key) * len(lines))]
