"""What is written down about a shopper to practise with? Who they are, what they need, and what must not be asked of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from oscar_engage.desk.practice.phrase import check_phrase


class InvalidScriptError(ValueError):
    """A script that nobody could answer, or that has no words for what the shopper says."""


class Difficulty(StrEnum):
    """How hard a shopper is to help: how long they wait, and how often they ask again."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


PATIENCE: Mapping[Difficulty, int] = {Difficulty.EASY: 90, Difficulty.MEDIUM: 60, Difficulty.HARD: 45}
"""Seconds after which the shopper asks "Are you still there?", and after as many again leaves."""

TRIES: Mapping[Difficulty, int] = {Difficulty.EASY: 4, Difficulty.MEDIUM: 3, Difficulty.HARD: 2}
"""Answers beside the point, one after the other or not, after which the shopper gives up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A fact that a good answer holds.

    ``words`` say it to the agent afterwards; ``any_of`` are phrases (:mod:`~oscar_engage.desk.practice.phrase`) of which one is
    enough, ``unless`` those that spoil the sentence, such as "not"; ``again`` is how the shopper asks as long as it is missing.
    """

    words: str
    any_of: tuple[str, ...]
    again: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the shopper says when the agent asks for something: ``any_of`` are the phrases by which it is known."""

    any_of: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What must not be said or asked. ``words`` say why; with ``says`` the shopper answers it, without they pass it over."""

    words: str
    any_of: tuple[str, ...]
    unless: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of the made-up basket; ``price`` is that of all its pieces, in the shop's currency."""

    title: str
    pieces: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """What the shopper did ``before`` seconds before they asked."""

    before: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What everybody says in a language, and the phrases by which greetings and "one moment" are known.

    Of several lines to say one is drawn. ``limits`` hold for every script in the language.
    """

    greetings: tuple[str, ...]
    moments: tuple[str, ...]
    still_there: tuple[str, ...]
    waits: tuple[str, ...]
    unsure: tuple[str, ...]
    thanks: tuple[str, ...]
    gone: tuple[str, ...]
    unhelped: tuple[str, ...]
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One shopper. ``name`` and ``language`` together are unique; ``title`` says in a few words what it is about.

    ``who``, ``page``, ``trouble``, ``basket`` and ``journey`` stand beside the conversation as for a real shopper; ``lookup``
    is what the made-up shop says on the matter, for the agent to look up. ``topic`` is the short name of the topic that fits.
    ``patience`` and ``tries``: ``None`` for what fits the difficulty. ``manners``: ``None`` for those of the language.
    """

    name: str
    language: str
    difficulty: Difficulty
    title: str
    shopper: str
    who: str
    page: str
    opening: tuple[str, ...]
    needs: tuple[Need, ...]
    lookup: tuple[str, ...]
    topic: str
    trouble: str = ""
    basket: tuple[Piece, ...] = ()
    journey: tuple[Step, ...] = ()
    replies: tuple[Reply, ...] = ()
    limits: tuple[Limit, ...] = ()
    thanks: tuple[str, ...] = ()
    patience: int | None = None
    tries: int | None = None
    manners: Manners | None = field(default=None, repr=False)

    @property
    def key(self) -> str:
        """Name and language in one."""
        return f"{self.name}.{self.language}"

    def get_patience(self) -> int:
        """Return the seconds of patience."""
        return self.patience or PATIENCE[self.difficulty]

    def get_tries(self) -> int:
        """Return how many answers beside the point are forgiven, and one more."""
        return self.tries or TRIES[self.difficulty]


def check_script(script: Script) -> None:
    """Raise :class:`InvalidScriptError` for one without words or needs, ``PhraseError`` for a phrase without a word."""
    if not (script.opening and all(script.opening) and script.needs and script.lookup):
        raise InvalidScriptError(f"{script.key}: opening, needs and lookup are needed.")
    if script.get_patience() < 1 or script.get_tries() < 1:
        raise InvalidScriptError(f"{script.key}: patience and tries are at least 1.")
    if not all(need.any_of and need.again and need.words for need in script.needs):
        raise InvalidScriptError(f"{script.key}: every need has words, phrases and how it is asked for again.")
    manners = script.manners
    if manners is not None and not all(lines and all(lines) for lines in _lines(manners)):
        raise InvalidScriptError(f"{script.key}: its manners lack a line to say.")
    for phrase in _phrases(script):
        check_phrase(phrase)


def _lines(manners: Manners) -> tuple[tuple[str, ...], ...]:
    return manners.still_there, manners.waits, manners.unsure, manners.thanks, manners.gone, manners.unhelped


def _phrases(script: Script) -> Iterator[str]:
    for need in script.needs:
        yield from (*need.any_of, *need.unless)
    for reply in script.replies:
        yield from reply.any_of
    if script.manners is not None:
        yield from (*script.manners.greetings, *script.manners.moments)
    for limit in (*script.limits, *(script.manners.limits if script.manners else ())):
        yield from (*limit.any_of, *limit.unless)
