"""Are statements about lift right as often as they say, although one looks daily? Simulated shops, seeds fixed beforehand."""

from benchmarks.bars import Line, report
from benchmarks.lift_looks import Seen
from benchmarks.lift_scenarios import (
    World,
    adjust,
    count_alarms,
    count_false_chi_squares,
    find_power,
    miss_changes,
    watch,
    watch_changing_share,
    watch_learning_share,
    watch_ratings,
)
from benchmarks.lift_shops import BASKET, MEASURES, REVENUE
from oscar_engage.analytics.interval import wilson
from oscar_engage.analytics.stats.boundary import Looks, Plan

SHOPS = 4_000
MOST_WRONG = 6.5
"""Per cent of shops: the 95 % statements may be wrong, and so 93.5 % of the intervals cover."""

ALL = tuple(range(len(MEASURES)))

WORLDS = {
    "no effect, half to nine in ten treated": World(shops=SHOPS, seed=101),
    "no effect, nine in ten treated": World(shops=SHOPS, seed=102, treated=(0.9,)),
    "no effect, nine in ten treated, small shops": World(shops=SHOPS, seed=103, treated=(0.9,), busy=0.5),
    "30 % more buyers, sums 10 % higher": World(shops=SHOPS, seed=104, chance=1.3, size=1.1),
    "20 % fewer buyers": World(shops=SHOPS, seed=105, chance=0.8),
}
DAILY_BUT_FIXED = World(shops=SHOPS, seed=106, plan=Plan(looks=Looks.ONCE))


def measure() -> bool:
    """Simulate, print, and return whether every bar holds."""
    print(f"{SHOPS:,} shops of each kind, 90 days, looked at daily; buyers 1 to 5 %, heavy-tailed orders")
    lines = [
        _line(f"{kind}: {MEASURES[number]}", seen, bar=MOST_WRONG)
        for kind, world in WORLDS.items()
        for number, seen in watch(world, ALL)
    ]
    for by_treated, seed in ((1.0, 121), (1.08, 122)):
        seen = watch_ratings(World(shops=SHOPS, seed=seed), by_treated=by_treated)
        lines.append(_line(f"treated are {by_treated} times as often happy: satisfaction", seen, bar=MOST_WRONG))
    done = [report("lift: shops in which an interval left out the truth at some time", lines)]
    done.append(report("lift: the same with the interval for one look (why it is not used)", list(_fixed())))
    done.append(report("lift: the share changes, with the season or by what is seen", list(_changing())))
    done.append(report("lift: adjusted by what was known before", list(_adjusted())))
    done.append(report("lift: forecast and alarm", list(_forecast_and_alarm())))
    done.append(report("before and after: change of level, intervals that left out the truth", list(_before_after())))
    return all(done)


def _line(what: str, seen: Seen, bar: float | None = None) -> Line:
    return _share_line(f"{what} ({seen.spoke:,} say anything)", max(seen.wrong, seen.wrong_ratio), seen.spoke, bar=bar)


def _share_line(what: str, number: int, of: int, *, bar: float | None = None, floor: float | None = None) -> Line:
    rate = wilson(number, of)
    interval = (100 * rate.low, 100 * rate.high)
    return Line(what=what, measured=100 * rate.value, unit="%", bar=bar, floor=floor, interval=interval)


def _fixed():
    for number, seen in watch(DAILY_BUT_FIXED, (0, REVENUE, BASKET)):
        yield _line(MEASURES[number], seen)


def _changing():
    for chance, seed in ((1.0, 107), (1.2, 108)):
        by_strata, added = watch_changing_share(World(shops=SHOPS // 4, seed=seed, chance=chance, busy=5))
        yield _line(f"treated buy {chance} times as often: by strata", by_strata, bar=MOST_WRONG)
        yield _line(f"treated buy {chance} times as often: added up", added)
    for chance, seed in ((1.0, 123), (1.2, 124)):
        learnt = watch_learning_share(World(shops=SHOPS, seed=seed, chance=chance))
        yield _line(f"treated buy {chance} times as often: share by what is seen", learnt, bar=MOST_WRONG)


def _adjusted():
    for units, share, seed in ((1_000, 0.8, 109), (2_000, 0.9, 110)):
        found = adjust(comparisons=SHOPS, seed=seed, units=units, share=share)
        kind = f"{units:,} units, {share:.0%} treated"
        yield Line(what=f"{kind}: bias, in its standard errors", measured=abs(found.bias), bar=3)
        yield Line(what=f"{kind}: bias without adjustment", measured=abs(found.bias_plain))
        yield _share_line(f"{kind}: wrong", round(found.wrong * SHOPS), SHOPS, bar=MOST_WRONG)
        yield Line(what=f"{kind}: variance removed", measured=100 * found.removed, unit="%")


def _forecast_and_alarm():
    for share, seed in ((0.8, 111), (0.5, 112)):
        seen = round(find_power(shops=SHOPS, seed=seed, share=share) * SHOPS)
        yield _share_line(f"the smallest visible effect is seen, {share:.0%} treated", seen, SHOPS, floor=80)
    yield _share_line("alarm in sound shops, daily", count_alarms(shops=10 * SHOPS, seed=113), 10 * SHOPS, bar=0.1)
    false = count_false_chi_squares(shops=SHOPS, seed=114)
    yield _share_line("the same with chi-square, daily (why it is not used)", false, SHOPS)
    yield _share_line(
        "alarm where three treated in ten are lost", count_alarms(shops=SHOPS, seed=115, lost=0.3), SHOPS, floor=99
    )
    yield _share_line("alarm where one in five is lost", count_alarms(shops=SHOPS, seed=116, lost=0.2), SHOPS)


def _before_after():
    series = 1_000
    for points, rho, seed in ((20, 0.0, 117), (20, 0.5, 118), (60, 0.0, 119), (60, 0.5, 120)):
        ours, usual = miss_changes(series=series, seed=seed, points=points, rho=rho)
        kind = f"{points} points a side, rho {rho}"
        yield _share_line(kind, round(ours * series), series)
        yield _share_line(f"{kind}: Newey and West", round(usual * series), series)
