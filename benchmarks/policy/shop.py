"""One shop of the comparison: it learns for some weeks, then its next days are judged under every policy."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

from benchmarks.policy.button import press
from benchmarks.policy.learnt import above, find_bars, knows, speak, teach, unsparingly
from benchmarks.policy.passages import QUIET_SECONDS, Drawn, Passage, Passages, Seen
from benchmarks.policy.play import Day, Played, Policy, Says, effect_of, gain_of
from benchmarks.policy.rules import GOOD
from benchmarks.policy.shops import make_day
from benchmarks.policy.world import BEGINS, EFFECTS, FIRST_TUNED, LEARNS, VISITS, WORLD
from oscar_engage.learning.leads.advise import ALONE
from oscar_engage.learning.leads.lead import Bars
from oscar_engage.simulation.parameters import Parameters
from oscar_engage.simulation.world.arrivals import Arrival, arrivals

ATTRIBUTED = timedelta(days=8)
QUANTILES = (0.5, 0.8, 0.9)
"""Borders that are tried in hindsight: shares of the day's looks that lie below."""

EXPLORES = 0.1
"""``LEARNING_EXPLORES`` as it is by default."""

_SEED = 1


@dataclass(frozen=True, slots=True)
class Won:
    """What a policy won on one day: orders and money in addition, as expected, and seconds that agents talked."""

    orders: float
    money: float
    seconds: float
    invited: int


@dataclass(frozen=True, slots=True)
class Judged:
    """One day of one shop: by effect and name of policy what it won."""

    shop: int
    day: int
    won: Mapping[tuple[float, str], Won] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Taught:
    """What the shop has to say on the days judged: by effect whether a model speaks, and what."""

    drawn: int
    verdicts: Mapping[float, str]
    says: Mapping[float, Says | None]


def live_through(
    seed: int, *, days: int, learns: int = LEARNS, effects: Sequence[float] = EFFECTS, is_brief: bool = False
) -> Iterator[Taught | Judged]:
    """Give what the shop learnt in ``learns`` days, if any, then each of its ``days`` judged; the one before gives the bars.

    ``effects``: of an invitation, times each of these; ``is_brief``: the four policies alone, and not what limits them.
    """
    rule = make_day(GOOD)
    passages = Passages(seed=seed, parameters=WORLD, day=rule)
    came = arrivals(BEGINS, days=learns + 1 + days, visits_per_day=VISITS, seed=seed, parameters=WORLD)
    drawn = []
    for number in range(learns):
        drawn += passages.draw(next(came), week=number / 7, day=rule, share=0.5)
    now = BEGINS + timedelta(days=learns) + ATTRIBUTED
    taught = _teach(drawn, now, effects) if learns else Taught(0, dict.fromkeys(effects, "nothing"), dict.fromkeys(effects))
    yield taught
    yesterday = list(passages.walk(next(came), week=learns / 7))
    for number in range(days):
        arrived = next(came)
        today = list(passages.walk(arrived, week=(learns + 1 + number) / 7))
        day = _Day(taught, arrived, yesterday, today, seed)
        yield Judged(seed, number, {**_compare(day), **({} if is_brief else _find_limits(day))})
        yesterday = today


def _teach(drawn: Sequence[Drawn], now: datetime, wanted: Sequence[float]) -> Taught:
    outcomes = {effects: teach(drawn, WORLD.scaled(effects), seed=_SEED, now=now) for effects in wanted}
    verdicts = {effects: f"{one.verdict} ({one.rung})" if one.document else one.verdict for effects, one in outcomes.items()}
    says = {effects: speak(outcome.document, f"{effects}") for effects, outcome in outcomes.items()}
    return Taught(len(drawn), verdicts, says)


class _Day:
    """A day to judge: who came, what the day before was like under the rules, and how a policy goes on it."""

    def __init__(
        self, taught: Taught, arrived: list[Arrival], yesterday: Sequence[Passage], today: Sequence[Passage], seed: int
    ) -> None:
        self.taught, self.arrived, self.today, self.seed = taught, arrived, today, seed
        self.plain, self._yesterday = Policy(name="good", day=make_day(GOOD)), yesterday
        self._before = Day(self.plain, seed=seed, parameters=WORLD).play(yesterday)
        self.rules = self.play(self.plain)

    def play(self, policy: Policy, world: Parameters = WORLD) -> Played:
        """Return what the day comes to under a policy."""
        return Day(policy, seed=self.seed, parameters=world).play(self.today)

    def bars(self, says: Says) -> Bars:
        """Return the bars that the day before gives to who says this."""
        return find_bars(says, self._yesterday, self._before, self.plain, WORLD)[0]

    def heeding(self, says: Says, *, explores: float = EXPLORES, may_outrank: bool = True) -> Policy:
        """Return the rule with a model that is heeded as in the shop; not ``may_outrank``: no place is kept for others."""
        bars = self.bars(says)
        return replace(self.plain, says=says, bars=bars if may_outrank else replace(bars, price=None), explores=explores)


def _compare(day: _Day) -> dict[tuple[float, str], Won]:
    """Return what the four policies win."""
    oracle = day.play(replace(day.plain, says=above(knows(WORLD), 0.0)))
    found: dict[tuple[float, str], Won] = {}
    for effects, says in day.taught.says.items():
        world = WORLD.scaled(effects)
        may_outrank = not any(rung in day.taught.verdicts[effects] for rung in ALONE)
        ours = day.play(day.heeding(says, may_outrank=may_outrank)) if says else day.rules
        orders, pressed = press(day.arrived, seed=day.seed, parameters=world)
        found[effects, "button"] = Won(orders, 0.0, pressed.seconds, pressed.invitations)
        found[effects, "rules"], found[effects, "ours"] = _won(day.rules, world), _won(ours, world)
        found[effects, "oracle"] = _won(oracle, world)
    return found


def _find_limits(day: _Day) -> dict[tuple[float, str], Won]:
    """Return what is won with one part replaced by its oracle."""
    found: dict[str, Won] = {}
    plain, knowing = day.plain, knows(WORLD)
    if says := day.taught.says.get(1.0):
        found["ours, refusing by the value alone, sure or not"] = _won(
            day.play(replace(day.heeding(says), says=unsparingly(says))), WORLD
        )
        found["our uplift, capacity in hindsight"] = _best(says, plain, day.play, day.today)
    found["true uplift, our capacity"] = _won(day.play(day.heeding(knowing, explores=0.0)), WORLD)
    found["trees shown the truth, capacity in hindsight"] = _best(_shown_the_truth(day.today), plain, day.play, day.today)
    enough = replace(WORLD, agents=1000)
    found["rules, agents for all"] = _won(day.play(plain, enough), WORLD)
    found["oracle, agents for all"] = _won(day.play(replace(plain, says=above(knowing, 0.0)), enough), WORLD)
    return {(1.0, name): won for name, won in found.items()}


def _won(played: Played, world: Parameters) -> Won:
    gains = [(gain_of(one, world), one.worth) for one in played.invited.values()]
    return Won(sum(gain for gain, _w in gains), sum(gain * worth for gain, worth in gains), played.seconds, played.invitations)


def _best(says: Says, plain: Policy, play: Callable[[Policy], Played], today: Sequence[Passage]) -> Won:
    """Return the most that is won by one border over what is said, chosen afterwards."""
    said = [says(one, seen)[0] for one in today for seen in one.seen if _may_count(seen)]
    borders = np.quantile(said, QUANTILES)
    found = [_won(play(replace(plain, says=above(says, float(border)))), WORLD) for border in borders]
    return max(found, key=lambda one: one.orders)


def _may_count(seen: Seen) -> bool:
    return seen.state.product_views > 0 and seen.look.visible >= QUIET_SECONDS


def _shown_the_truth(today: Sequence[Passage]) -> Says:
    """Return what trees say that were shown the truth of another world: about what a vector can tell."""
    looks = [seen for one in today for seen in one.seen if _may_count(seen)]
    said = _behaviour().predict(np.array([_numbers(seen) for seen in looks]))
    for seen, value in zip(looks, said.tolist(), strict=True):
        seen.scores["behaviour"] = (value, value - 1e-6, value + 1e-6)
    return lambda _passage, seen: seen.scores.get("behaviour", (0.0, -1.0, 1.0))


@cache
def _behaviour() -> HistGradientBoostingRegressor:
    rows, truth = [], []
    (arrived,) = arrivals(BEGINS, days=1, visits_per_day=2 * VISITS, seed=FIRST_TUNED, parameters=WORLD)
    for one in Passages(seed=FIRST_TUNED, parameters=WORLD, day=make_day(GOOD)).walk(arrived, week=LEARNS / 7):
        looks = [_numbers(seen) for seen in one.seen if _may_count(seen)]
        rows += looks
        truth += [effect_of(one.shopper, WORLD)] * len(looks)
    forest = HistGradientBoostingRegressor(
        max_iter=120, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=200, max_bins=63
    )
    return forest.fit(np.array(rows), np.array(truth))


def _numbers(seen: Seen) -> list[float]:
    return [-1.0 if value is None else value for value in seen.vector]
