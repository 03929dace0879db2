"""What does a day at the desk look like? Shoppers whose answers are drawn beforehand, and agents whom a policy keeps busy.

The generator was written before the dialer and is not fitted to it. What it draws of a shopper does not depend on the policy,
so two policies meet the same shoppers. All times are in seconds from the opening.
"""

import heapq
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

DAY = 8 * 3600.0
WARM_UP = 1800.0
"""Seconds of the day that count for no figure: the desk begins empty."""

BY_HOUR = (0.7, 0.9, 1.0, 1.2, 1.1, 0.9, 1.2, 1.0)
"""How many shoppers come in each hour, against the mean."""

CHATS_AT_ONCE = 3
"""Of one agent: the capacity that a new agent of ours has."""

UNANSWERED = 60.0
LATE = 20.0
"""Seconds of waiting, after which an accepted invitation counts as late."""

HANDLE = (218.0, 0.8)
"""Median and sigma of a chat's length, log-normal: five minutes on average, one in ten over ten."""

ANSWER = (10.0, 0.7)
"""Of the time until an invitation is accepted, and until it is declined."""

TYPING = (15.0, 0.6)
"""Of the time from accepting to the question that was typed."""

DECLINES = 0.25
"""Of those who do not accept: they say so, all others let it stand until it is over."""


@dataclass(frozen=True, slots=True)
class Shopper:
    """One eligible moment; ``answers_in``: after which time the invitation is answered, or over."""

    at: float
    accepts: bool
    answers_in: float
    types_for: float
    talks_for: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """``load``: what would keep the agents busy if every shopper were invited, against what they can do."""

    agents: int
    acceptance: float
    load: float

    @property
    def slots(self) -> int:
        """Chats that all agents can have at once."""
        return self.agents * CHATS_AT_ONCE


@dataclass(slots=True)
class Desk:
    """The desk at one instant, as a policy sees it."""

    now: float
    slots: int
    chats: dict[int, float] = field(default_factory=dict)
    """When each chat began."""

    invited: dict[int, float] = field(default_factory=dict)
    """When each invitation that is not answered was offered."""

    typing: dict[int, float] = field(default_factory=dict)
    """When each shopper accepted who writes the question now."""

    waiting: list[int] = field(default_factory=list)
    answers: list[bool] = field(default_factory=list)
    """Of each invitation that is over, whether it was accepted."""

    accepted: list[float] = field(default_factory=list)
    """How long it took from the offer to the yes, of each that was accepted."""

    leads: list[float] = field(default_factory=list)
    """How long it took from the offer to the question, of each that was accepted."""

    talked: list[float] = field(default_factory=list)
    """The lengths of the chats that are over."""

    seated: list[bool] = field(default_factory=list)
    """Of each chat that began, whether its shopper waited too long."""

    @property
    def free(self) -> int:
        """Slots without a chat."""
        return self.slots - len(self.chats)


Policy = Callable[[Desk], bool]
"""Whether one more invitation may be offered now."""


@dataclass(frozen=True, slots=True)
class Day:
    """What came of it: the share of the agents' time in chats, accepted invitations, and those of them that waited too long."""

    utilisation: float
    opened: int
    late: int


def strict(desk: Desk) -> bool:
    """A slot is kept for each invitation, from the offer until the chat begins."""
    return len(desk.invited) + len(desk.typing) + len(desk.waiting) < desk.free


def draw_shoppers(scenario: Scenario, seed: int) -> Iterator[Shopper]:
    """Give the shoppers of one day."""
    chance = random.Random(f"{scenario.agents}/{scenario.acceptance}/{scenario.load}/{seed}")  # noqa: S311 - a simulation
    mean = HANDLE[0] * math.exp(HANDLE[1] ** 2 / 2)
    rate = scenario.load * scenario.slots / (scenario.acceptance * mean)
    at = 0.0
    while True:
        at += chance.expovariate(rate * max(BY_HOUR))
        if at >= DAY:
            return
        drawn = _draw(chance, at, scenario.acceptance)
        if chance.random() * max(BY_HOUR) < BY_HOUR[int(at // 3600)]:
            yield drawn


def _draw(chance: random.Random, at: float, acceptance: float) -> Shopper:
    accepts = chance.random() < acceptance
    delay, declines = _spread(chance, ANSWER), chance.random() < DECLINES
    answers_in = min(delay, UNANSWERED - 1) if accepts or declines else UNANSWERED
    return Shopper(at, accepts, answers_in, _spread(chance, TYPING), _spread(chance, HANDLE))


def _spread(chance: random.Random, shape: tuple[float, float]) -> float:
    return chance.lognormvariate(math.log(shape[0]), shape[1])


class _Run:
    """One day under one policy."""

    def __init__(self, shoppers: Sequence[Shopper], slots: int) -> None:
        self.shoppers, self.desk = shoppers, Desk(0.0, slots)
        self.events: list[tuple[float, int, str, int]] = []
        self.asked_at: dict[int, float] = {}
        self.busy = 0.0
        self.opened = self.late = self.order = 0

    def at(self, when: float, what: str, who: int) -> None:
        self.order += 1
        heapq.heappush(self.events, (when, self.order, what, who))

    def answered(self, who: int) -> None:
        self.desk.invited.pop(who)
        self.desk.answers.append(self.shoppers[who].accepts)
        if self.shoppers[who].accepts:
            self.desk.accepted.append(self.shoppers[who].answers_in)
            self.desk.typing[who] = self.desk.now
            self.at(self.desk.now + self.shoppers[who].types_for, "asked", who)

    def asked(self, who: int) -> None:
        self.desk.typing.pop(who)
        self.asked_at[who] = self.desk.now
        self.desk.leads.append(self.shoppers[who].answers_in + self.shoppers[who].types_for)
        self.desk.waiting.append(who)

    def ended(self, who: int) -> None:
        self.desk.talked.append(self.desk.now - self.desk.chats.pop(who))

    def seat(self) -> None:
        desk = self.desk
        while desk.waiting and desk.free:
            who = desk.waiting.pop(0)
            desk.chats[who] = desk.now
            self.at(desk.now + self.shoppers[who].talks_for, "ended", who)
            is_late = desk.now - self.asked_at[who] > LATE
            desk.seated.append(is_late)
            if self.asked_at[who] >= WARM_UP:
                self.opened, self.late = self.opened + 1, self.late + is_late

    def advance(self, to: float) -> None:
        begin, end = max(self.desk.now, WARM_UP), min(to, DAY)
        self.busy += max(end - begin, 0.0) * len(self.desk.chats)
        self.desk.now = to


def run_day(scenario: Scenario, seed: int, policy: Policy) -> Day:
    """Return what comes of one day. After closing nobody is invited, and who still waits is served."""
    run = _Run(list(draw_shoppers(scenario, seed)), scenario.slots)
    for number, shopper in enumerate(run.shoppers):
        run.at(shopper.at, "came", number)
    while run.events:
        when, _order, what, who = heapq.heappop(run.events)
        run.advance(when)
        if what != "came":
            getattr(run, what)(who)
            run.seat()
        elif policy(run.desk):
            run.desk.invited[who] = when
            run.at(when + run.shoppers[who].answers_in, "answered", who)
    return Day(run.busy / (scenario.slots * (DAY - WARM_UP)), run.opened, run.late)
