"""What does the product see of a day's shoppers, whatever it does for them? Looks and states, walked once for all policies.

The fold of signals is the product's; a shopper's walk knows nothing of what a policy does, until its chat begins. Only
visits are walked in which a sales rule may act at all: of shoppers who agreed to personalisation, while agents are there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from benchmarks.policy.shops import RULE
from oscar_engage.decisions.arms import find_arm
from oscar_engage.decisions.models import Arm
from oscar_engage.learning.features.instant import Instant
from oscar_engage.learning.features.vector import Vector, take_vector
from oscar_engage.rules.variables import reading
from oscar_engage.simulation.drive.judge import moment_of
from oscar_engage.simulation.drive.person import Person, new_id
from oscar_engage.simulation.drive.shop import DayOfShop
from oscar_engage.simulation.drive.walk import Walk
from oscar_engage.simulation.parameters import Parameters
from oscar_engage.simulation.world.agents import SATURDAY
from oscar_engage.simulation.world.arrivals import Arrival
from oscar_engage.simulation.world.looks import Look
from oscar_engage.simulation.world.shopper import Shopper
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.state import VisitState

QUIET_SECONDS = 2.0
"""So soon after a page was opened nothing is offered (the setting's default)."""

_MINUTES = timedelta(minutes=5)  # that a visit takes which is not walked: the next one reads when it ended


@dataclass(slots=True)
class Seen:
    """One look, with the state after it; the vector is taken when it is first asked for."""

    at: datetime
    look: Look
    state: VisitState
    _vector: Vector | None = None
    scores: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    """What models said of it, by their name."""

    @property
    def instant(self) -> Instant:
        """What the product turns into numbers."""
        return Instant(self.state, self.look.page.kind, self.at, self.look.idle, self.look.visible, is_known=True)

    @property
    def vector(self) -> Vector:
        """The look in numbers."""
        if self._vector is None:
            self._vector = take_vector(self.instant)
        return self._vector


@dataclass(slots=True)
class Passage:
    """One visit; ``holds``: by the rule's name, whether that holds at a look, as far as it was asked."""

    shopper: Shopper
    number: int
    id: UUID
    person_id: UUID
    seen: list[Seen]
    holds: dict[str, dict[int, bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Who came into the experiment, at which look, and in which arm."""

    passage: Passage
    seen: Seen
    is_treated: bool


class _Nobody:
    """Takes no rows."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_rows: None


class _Watched(Walk):
    """A walk that decides nothing and remembers what there was to decide about."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.seen: list[Seen] = []

    def _decide(self, look: Look, now: datetime, _rows: Any, _pool: Any) -> None:
        self.seen.append(Seen(now, look, self.state))


class Passages:
    """The visits of a world in their order; remembers of each shopper what its next visit starts from."""

    def __init__(self, *, seed: int, parameters: Parameters, day: DayOfShop) -> None:
        self._seed, self._parameters, self._day = seed, parameters, day
        self._people: dict[int, Person] = {}

    def walk(self, arrivals: list[Arrival], *, week: float, is_walked: bool = True) -> Iterator[Passage]:
        """Yield the visits of one day in which a sales rule might act; not ``is_walked``: only remember that they were."""
        for arrival in arrivals:
            shopper = arrival.shopper
            if shopper.consent < ConsentLevel.PERSONALISATION:
                continue
            person = self._people.get(shopper.number)
            if person is None:
                person = self._people[shopper.number] = Person(shopper, new_id(self._seed, shopper.number))
            if not is_walked or not is_open(arrival.at, self._parameters):
                person.visits, person.seen_at = person.visits + 1, arrival.at + _MINUTES
                continue
            walk = _Watched(arrival, person, seed=self._seed, week=week, parameters=self._parameters, day=self._day)
            while (due := walk.due) is not None:
                walk.step(due, _Nobody(), None)  # type: ignore[arg-type]
            seen = [one for one in walk.seen if is_open(one.at, self._parameters)]
            yield Passage(shopper, arrival.number, walk.id, person.id, seen)

    def draw(self, arrivals: list[Arrival], *, week: float, day: DayOfShop, share: float) -> Iterator[Drawn]:
        """Yield whom the rule of ``day`` would draw for the first time, each at its first look at which it may act.

        As if there were an agent for each of them: who happens to come while one is free is a matter of chance. A visit is
        walked no farther. ``share``: of whom are held out.
        """
        for arrival in arrivals:
            shopper = arrival.shopper
            if shopper.consent < ConsentLevel.PERSONALISATION:
                continue
            person = self._people.get(shopper.number)
            if person is None:
                person = self._people[shopper.number] = Person(shopper, new_id(self._seed, shopper.number))
            if person.arms or not is_open(arrival.at, self._parameters):
                person.visits, person.seen_at = person.visits + 1, arrival.at + _MINUTES
                continue
            walk = _Watched(arrival, person, seed=self._seed, week=week, parameters=self._parameters, day=day)
            while (due := walk.due) is not None and not person.arms:
                walk.step(due, _Nobody(), None)  # type: ignore[arg-type]
                seen = walk.seen[-1] if walk.seen else None
                if seen is None or not _may_act(seen, due, self._parameters) or not _holds(seen, day):
                    continue
                drawn = find_arm(person.id, rule_id=RULE, salt=day.settings.salt, shop_share=0.0, rule_share=share)
                person.arms[RULE] = (str(drawn.arm), drawn.probability or 0.0)
                yield Drawn(Passage(shopper, arrival.number, walk.id, person.id, [seen]), seen, drawn.arm is Arm.TREATED)
            person.seen_at = arrival.at + _MINUTES


def _may_act(seen: Seen, now: datetime, parameters: Parameters) -> bool:
    """Whether the look is the one of ``now`` and the shop's gates let a sales rule act at it."""
    is_quiet = seen.look.visible < QUIET_SECONDS or seen.look.page.is_payment()
    return seen.at == now and not is_quiet and is_open(now, parameters)


def is_open(at: datetime, parameters: Parameters) -> bool:
    """Whether agents are there."""
    return at.weekday() < SATURDAY and parameters.opens <= at.hour < parameters.closes


def holds_at(passage: Passage, look: int, day: DayOfShop, name: str) -> bool:
    """Whether the rule of ``day`` holds at this look, by the engine; worked out once."""
    found = passage.holds.setdefault(name, {})
    if look not in found:
        found[look] = _holds(passage.seen[look], day)
    return found[look]


def _holds(seen: Seen, day: DayOfShop) -> bool:
    moment = moment_of(seen.look, seen.state, consent=3, now=seen.at, free=lambda **_asked: 1)
    return bool(day.live.every.matches(reading(moment), now=seen.at))
