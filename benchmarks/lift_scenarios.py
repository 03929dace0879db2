"""What happens to the statements about lift in shops of this kind? Each function simulates one kind and counts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.lift_looks import Seen, cumulate, look_daily
from benchmarks.lift_shops import BASKET, BUYERS, choose_shops, simulate, true_means
from oscar_engage.analytics.stats.before_after import before_after
from oscar_engage.analytics.stats.boundary import PLAN, Plan
from oscar_engage.analytics.stats.lift import Lift, Verdict, compare
from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.analytics.stats.power import Traffic, smallest_effect
from oscar_engage.analytics.stats.sample_ratio import ALARM, check_any_time, check_once
from oscar_engage.analytics.stats.strata import Stratum

DAYS = 90
ARMS = (0.5, 0.8, 0.9)
WORTH_ASKING = 3.0
"""Standard errors of the arms' sizes below which no alarm is possible: a thousandth asks for 3.7."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A kind of shops: how many, which shares are treated, what being treated does, and how busy they are."""

    shops: int
    seed: int
    treated: tuple[float, ...] = ARMS
    chance: float = 1.0
    size: float = 1.0
    busy: float = 1.0
    plan: Plan = PLAN


def watch(world: World, measures: tuple[int, ...]) -> Iterator[tuple[int, Seen]]:
    """Look at each of the measures on every day."""
    rng = np.random.default_rng(world.seed)
    shops = choose_shops(rng, shops=world.shops, days=DAYS, chance=world.chance, size=world.size, treated=world.treated)
    shops = replace(shops, visitors=shops.visitors * world.busy)
    so_far, shares = cumulate(simulate(rng, shops), shops)
    control, treated = true_means(shops), true_means(shops, chance=world.chance, size=world.size)
    for measure in measures:
        difference = np.repeat((treated - control)[:, measure, None], DAYS, axis=1)
        ratio = treated[:, measure] / control[:, measure]
        yield measure, look_daily(so_far, shares, measure, difference=difference, ratio=ratio, plan=world.plan)


def watch_changing_share(world: World, measure: int = BUYERS) -> tuple[Seen, Seen]:
    """Half are treated, from the middle on nine in ten, while the chance to buy halves: by strata, and simply added up."""
    rng = np.random.default_rng(world.seed)
    chosen = choose_shops(rng, shops=world.shops, days=DAYS, chance=world.chance, treated=(0.5,))
    share = np.where(np.arange(DAYS) < DAYS // 2, 0.5, 0.9)
    shops = replace(
        chosen,
        visitors=chosen.visitors * world.busy,
        share=np.broadcast_to(share, chosen.share.shape),
        drift=np.broadcast_to(np.linspace(1.0, 0.5, DAYS), chosen.share.shape),
    )
    days = simulate(rng, shops)
    so_far, shares = cumulate(days, shops)
    visitors = days[:, :, :, measure, 0].sum(axis=2)
    drift = (visitors * shops.drift).cumsum(axis=1) / visitors.cumsum(axis=1)
    mean = true_means(shops)[:, measure, None]
    truth = {"difference": mean * drift * (world.chance - 1), "ratio": np.full(world.shops, world.chance)}
    together = so_far.sum(axis=2, keepdims=True)
    return look_daily(so_far, shares, measure, **truth), look_daily(together, np.array([0.7]), measure, **truth)


def watch_learning_share(world: World, measure: int = BUYERS, *, learnt_on: int = 30) -> Seen:
    """Half are treated; from ``learnt_on`` on nine in ten where the treated did better until then, three in ten elsewhere."""
    rng = np.random.default_rng(world.seed)
    first = choose_shops(rng, shops=world.shops, days=learnt_on, chance=world.chance, treated=(0.5,))
    first = replace(first, visitors=first.visitors * world.busy)
    begun = simulate(rng, first)
    counts = begun[:, :, :, measure, :3].sum(axis=1)
    is_better = counts[:, 1, 2] * counts[:, 0, 0] > counts[:, 0, 2] * counts[:, 1, 0]
    later = np.where(is_better, 0.9, 0.3)[:, None]
    then = replace(first, share=np.repeat(later, DAYS - learnt_on, axis=1), drift=np.ones((world.shops, DAYS - learnt_on)))
    shops = replace(first, share=np.concatenate([first.share, then.share], axis=1), drift=np.ones((world.shops, DAYS)))
    so_far, shares = cumulate(np.concatenate([begun, simulate(rng, then)], axis=1), shops)
    control, treated = true_means(shops)[:, measure], true_means(shops, chance=world.chance)[:, measure]
    difference = np.repeat((treated - control)[:, None], DAYS, axis=1)
    return look_daily(so_far, shares, measure, difference=difference, ratio=treated / control)


def watch_ratings(world: World, *, rated: float = 0.04, happy: float = 0.85, by_treated: float = 1.0) -> Seen:
    """Look daily at the happy of those who rate; the treated rate as often, and are ``by_treated`` times as often happy."""
    rng = np.random.default_rng(world.seed)
    shops = choose_shops(rng, shops=world.shops, days=DAYS, treated=world.treated)
    units = rng.poisson(np.repeat(shops.visitors[:, None], DAYS, axis=1))
    treated = rng.binomial(units, shops.share)
    numbers = np.zeros((*units.shape, 2, BASKET + 1, 7))
    for arm, (count, chance) in enumerate(((units - treated, happy), (treated, happy * by_treated))):
        raters = rng.binomial(count, rated)
        pleased = rng.binomial(raters, chance)
        numbers[:, :, arm, BASKET] = np.stack([count, pleased, pleased, pleased, raters, raters, pleased], axis=-1)
    so_far, shares = cumulate(numbers, shops)
    difference = np.full(units.shape, happy * (by_treated - 1))
    return look_daily(so_far, shares, BASKET, difference=difference, ratio=np.full(world.shops, by_treated))


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Over many comparisons: mean error of the adjusted difference in its standard errors, coverage, what is removed."""

    bias: float
    bias_plain: float
    wrong: float
    removed: float


def adjust(*, comparisons: int, seed: int, units: int = 1_000, share: float = 0.8, effect: float = 0.1) -> Adjusted:
    """Compare once, where what was known before tells much of what is bought after; most of all in small groups."""
    rng = np.random.default_rng(seed)
    x = rng.lognormal(0, 0.8, (comparisons, units))
    is_treated = rng.random((comparisons, units)) < share
    y = 0.8 * x + rng.gamma(1.0, 0.5, x.shape) + effect * is_treated
    said, plain = [], []
    for one, arm, known in zip(y, is_treated, x, strict=True):
        groups = [_moments(one[which], known[which]) for which in (arm, ~arm)]
        said.append(compare([Stratum(share, *groups)]))
        plain.append(one[arm].mean() - one[~arm].mean() - effect)
    errors = np.array([lift.difference.value - effect for lift in said])
    wrong = np.mean([not lift.difference.low <= effect <= lift.difference.high for lift in said])
    return Adjusted(
        _in_errors(errors), _in_errors(np.array(plain)), float(wrong), np.mean([one.variance_removed for one in said])
    )


def _moments(y: np.ndarray, x: np.ndarray) -> Moments:
    sums = (y.sum(), (y * y).sum(), x.sum(), (x * x).sum(), (x * y).sum())
    return Moments(len(y), int((y != 0).sum()), *map(float, sums))


def _in_errors(values: np.ndarray) -> float:
    return float(values.mean() / (values.std() / np.sqrt(len(values))))


def find_power(
    *, shops: int, seed: int, weeks: int = 12, per_week: int = 2_000, share: float = 0.8, buyers: float = 0.03
) -> float:
    """Return the share of shops that say "more" within ``weeks`` when the effect is the smallest that is visible by then."""
    rng = np.random.default_rng(seed)
    traffic = Traffic(units=per_week, share=share, mean=buyers, variance=buyers * (1 - buyers), positives=buyers)
    effect = smallest_effect(traffic, weeks)
    treated, control = int(per_week * share), per_week - int(per_week * share)
    bought = rng.binomial(treated, buyers * (1 + effect), (shops, weeks)).cumsum(axis=1).tolist()
    would = rng.binomial(control, buyers, (shops, weeks)).cumsum(axis=1).tolist()

    def is_seen(shop: int) -> bool:
        return any(
            isinstance(said := _compare_shares(share, (one, treated * week), (other, control * week)), Lift)
            and said.verdict is Verdict.MORE
            for week, (one, other) in enumerate(zip(bought[shop], would[shop], strict=True), start=1)
        )

    return sum(map(is_seen, range(shops))) / shops


def _compare_shares(share: float, treated: tuple[int, int], control: tuple[int, int]) -> object:
    return compare([Stratum(share, Moments.of_share(*treated), Moments.of_share(*control))])


def count_alarms(*, shops: int, seed: int, lost: float = 0.0, per_day: int = 60) -> int:
    """Return in how many shops the alarm sounds in ninety days when ``lost`` of the treated are not counted.

    The share treated is 0.8, from the middle on 0.9.
    """
    rng = np.random.default_rng(seed)
    shares = np.where(np.arange(DAYS) < DAYS // 2, 0.8, 0.9)
    treated = rng.binomial(per_day, shares, (shops, DAYS))
    control = per_day - treated
    treated = rng.binomial(treated, 1 - lost)
    units = treated + control
    expected, variance = (units * shares).cumsum(axis=1), (units * shares * (1 - shares)).cumsum(axis=1)
    far = np.abs(treated.cumsum(axis=1) - expected) > WORTH_ASKING * np.sqrt(variance)
    half = DAYS // 2

    def strata(shop: int, day: int) -> list[Stratum]:
        parts = [(0.8, slice(0, min(day + 1, half))), (0.9, slice(half, day + 1))]
        return [
            Stratum(share, Moments(int(treated[shop, part].sum())), Moments(int(control[shop, part].sum())))
            for share, part in parts
        ]

    return sum(any(check_any_time(strata(shop, day)).is_alarm for day in np.flatnonzero(far[shop])) for shop in range(shops))


def count_false_chi_squares(*, shops: int, seed: int, per_day: int = 60) -> int:
    """Return in how many sound shops the textbook's test, looked at daily, gives the alarm."""
    treated = np.random.default_rng(seed).binomial(per_day, 0.8, (shops, DAYS)).cumsum(axis=1).tolist()
    return sum(
        any(
            check_once(number, expected=0.8 * per_day * day, variance=0.16 * per_day * day).p < ALARM
            for day, number in enumerate(row, start=1)
        )
        for row in treated
    )


def miss_changes(*, series: int, seed: int, points: int, rho: float, level: float = 1.0) -> tuple[float, float]:
    """Return how often the interval of a level's change leaves out the truth: ours, and Newey and West's by statsmodels."""
    import statsmodels.api as sm

    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((series, 2 * points + 100))
    for point in range(1, noise.shape[1]):
        noise[:, point] += rho * noise[:, point - 1]
    values = noise[:, 100:] + level * (np.arange(2 * points) >= points)
    time = np.arange(2 * points) - points
    columns = np.column_stack([np.ones(2 * points), time, time >= 0, np.maximum(time, 0)])
    ours = usual = 0
    for row in values:
        change = before_after(row[:points].tolist(), row[points:].tolist())
        ours += not change.level.low <= level <= change.level.high
        lags = int(4 * (2 * points / 100) ** (2 / 9))
        fitted = sm.OLS(row, columns).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True})
        low, high = fitted.conf_int()[2]
        usual += not low <= level <= high
    return ours / series, usual / series
