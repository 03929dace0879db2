"""Who takes which conversation? Plain values in, pairs out: no clock, no database.

*Whether* an agent may have it: skill, language, room. *Which* of those: who had this shopper last, then the lowest load, then
the higher level in the skill, then who has been free the longest. *In which order*: by the time waited, and every advantage is
a head start in seconds. A head start does not grow, so a question that is older by more than the longest one is never
overtaken: nobody starves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

TENTHS = 10
"""Tenths of a slot that a new chat takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A conversation that nobody has. ``waited`` and all other spans are in seconds; an empty text asks for nothing."""

    id: int
    waited: float
    skill: str = ""
    call_skill: str = ""
    """What whoever calls needs, too."""

    language: str = ""
    """As the browser says it, such as ``de-at``."""

    is_customer: bool = False
    page: str = ""
    """Path of the page that it was asked on."""

    topic: str = ""
    last_agent: int | None = None
    """Whoever this shopper talked to last."""

    weight: int = TENTHS
    """Tenths of a slot that it takes; 0 for a note."""

    members: frozenset[int] | None = None
    """The agents whom its queue is for, by id; ``None``: anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An agent who is there. ``load`` and ``capacity`` are in tenths of a slot; no ``languages``: any."""

    id: int
    capacity: int
    load: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)
    """Level by skill, 3 the best."""

    languages: frozenset[str] = frozenset()
    free_for: float = 0.0
    """Seconds since the agent last became free."""

    is_warm: bool = True
    """Whether the agent came long enough ago to have more than one chat at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadStarts:
    """Seconds by which a conversation counts as having waited longer: as a customer's; by beginnings of paths; by topic."""

    customer: float = 0.0
    pages: Mapping[str, float] = field(default_factory=dict)
    topics: Mapping[str, float] = field(default_factory=dict)

    @property
    def longest(self) -> float:
        """The most that one conversation can have: no other one is overtaken by it that is older by more than this."""
        return self.customer + max([0.0, *self.pages.values(), *self.topics.values()])


@dataclass(frozen=True, slots=True)
class Assignment:
    """Conversation and agent, by id."""

    conversation: int
    agent: int


NO_HEAD_STARTS = HeadStarts()


def priority(waiting: Waiting, head_starts: HeadStarts) -> float:
    """Return the seconds that ``waiting`` counts as having waited: it grows with every second, without bound.

    Of what page and topic give, the larger counts; of several beginnings of the path, the longest.
    """
    found = [path for path in head_starts.pages if path and waiting.page.startswith(path)]
    page = head_starts.pages[max(found, key=len)] if found else 0.0
    return waiting.waited + head_starts.customer * waiting.is_customer + max(page, head_starts.topics.get(waiting.topic, 0.0))


def in_order(waiting: Iterable[Waiting], head_starts: HeadStarts = NO_HEAD_STARTS) -> list[Waiting]:
    """Return the conversations in the order in which they are to be taken."""
    return sorted(waiting, key=lambda one: (-priority(one, head_starts), -one.waited, one.id))


def fits(waiting: Waiting, agent: Candidate) -> bool:
    """Whether ``agent`` belongs to the queue of ``waiting`` and has its skill and a language, busy or not."""
    if waiting.members is not None and agent.id not in waiting.members:
        return False
    has_skills = all(skill in agent.skills for skill in (waiting.skill, waiting.call_skill) if skill)
    return has_skills and speaks(agent.languages, waiting.language)


def speaks(languages: Iterable[str], language: str) -> bool:
    """Whether somebody with these ``languages`` (none: any) answers in ``language``: ``de`` and ``de-at`` are the same."""
    spoken = {_main(one) for one in languages}
    return not language or not spoken or _main(language) in spoken


def has_room(waiting: Waiting, agent: Candidate) -> bool:
    """Whether what ``waiting`` weighs fits into what ``agent`` has left."""
    if not waiting.weight:
        return True
    return agent.load + waiting.weight <= agent.capacity and (agent.is_warm or agent.load == 0)


def room_of(agent: Candidate) -> int:
    """Return how many more chats ``agent`` could take."""
    whole = max(agent.capacity - agent.load, 0) // TENTHS
    return whole if agent.is_warm else min(whole, int(agent.load == 0))


def next_of(
    agent_id: int, waiting: Sequence[Waiting], agents: Sequence[Candidate], *, head_starts: HeadStarts = NO_HEAD_STARTS
) -> int | None:
    """Return the conversation that one of ``agents`` should take now, or ``None`` if none fits or there is no room.

    Whoever asks for work gets some: if all is meant for others, the most urgent one that fits.
    """
    alone = [agent for agent in agents if agent.id == agent_id]
    for there in (agents, alone):
        for given in assign(waiting, there, head_starts=head_starts):
            if given.agent == agent_id:
                return given.conversation
    return None


def assign(
    waiting: Iterable[Waiting], agents: Sequence[Candidate], *, head_starts: HeadStarts = NO_HEAD_STARTS
) -> list[Assignment]:
    """Return who takes what, the most urgent first, until nobody fits or has room; what is left over waits on."""
    states = {agent.id: agent for agent in agents}
    given: list[Assignment] = []
    for one in in_order(waiting, head_starts):
        able = [agent for agent in states.values() if fits(one, agent) and has_room(one, agent)]
        if able:
            chosen = min(able, key=lambda agent: _rank(one, agent))
            # Who has just got one is busy from now on: of equals, the next one goes to somebody else.
            states[chosen.id] = replace(chosen, load=chosen.load + one.weight, free_for=0.0)
            given.append(Assignment(one.id, chosen.id))
    return given


def _rank(waiting: Waiting, agent: Candidate) -> tuple[bool, float, int, float, int]:
    ratio = agent.load / agent.capacity if agent.capacity else 1.0
    return agent.id != waiting.last_agent, ratio, -agent.skills.get(waiting.skill, 0), -agent.free_for, agent.id


def _main(language: str) -> str:
    return language.lower().replace("_", "-").partition("-")[0]
