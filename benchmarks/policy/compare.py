"""What do a button, good rules, what we learn, and an oracle win on the same days with the same agents?

Orders are those expected in addition by the simulator's own truth. Ratios are of sums over all days judged; their intervals
come from drawing shops with replacement, and days within each (paired: all policies of a day stay together; B. Efron and R.
Tibshirani, *An Introduction to the Bootstrap*, 1993, chapters 8 and 10).
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.bars import Line, report
from benchmarks.policy.kept import Kept
from benchmarks.policy.shop import Judged, Taught, Won, live_through
from benchmarks.policy.world import AGENTS, CHATS_AT_ONCE, EFFECTS, FIRST_SEED, VISITS, WORLD
from oscar_engage.simulation.parameters import Channel, Kind
from oscar_engage.simulation.world.agents import OFFERED_PLACE

BY_RULES, BY_ORACLE, BY_COST = 3.0, 0.7, 2.5
"""What is aimed at: ours over rules, ours over the oracle, cost of an order by rules over ours."""

DRAWS = 2000
POLICIES = ("button", "rules", "ours", "oracle")

BEGAN = time.monotonic()

Ratio = Callable[[Sequence[Judged]], float]


def measure(options: argparse.Namespace) -> bool:
    """Measure, print after each day how far it is, and return whether every bar holds."""
    shops = -(-options.worlds // options.days)
    options.effects = options.effects or EFFECTS
    print(f"{options.worlds} days judged, of {shops} shops that learn for {options.learns} days; {VISITS:g} visits a day,")
    print(f"{AGENTS} agent(s), {CHATS_AT_ONCE} chat(s) at once", flush=True)
    kept = Kept.read(options.keep)
    for seed in range(FIRST_SEED, FIRST_SEED + shops):
        if seed not in kept.taught and not _live_through(seed, kept, options):
            print(f"stopped after {options.minutes:g} minutes: fewer days than asked for")
            break
    judged = kept.judged
    print(f"shoppers drawn by shop: {sorted(one.drawn for one in kept.taught.values())}")
    for effects in options.effects:
        verdicts = Counter(one.verdicts[effects] for one in kept.taught.values() if effects in one.verdicts)
        print(f"what was learnt with effects times {effects:g}: {dict(verdicts)}")
    held = [_report(effects, [one for one in judged if (effects, "ours") in one.won]) for effects in options.effects]
    _report_parts(judged)
    _report_limits()
    return all(held)


def _live_through(seed: int, kept: Kept, options: argparse.Namespace) -> bool:
    """Have a shop learn and judge its days; False once the time that was given is over."""
    wanted = {"days": options.days, "learns": options.learns, "effects": options.effects, "is_brief": options.brief}
    for one in live_through(seed, **wanted):
        if isinstance(one, Taught):
            kept.taught[seed] = one
            print(f"shop {seed}: {one.drawn} drawn; {dict(one.verdicts)}", flush=True)
        else:
            kept.judged.append(one)
            said = ", ".join(f"{name} {one.won[options.effects[0], name].orders:.1f}" for name in POLICIES)
            print(f"  day {one.day + 1}: {said} ({time.process_time():.0f} CPU s)", flush=True)
        kept.write(options.keep)
        if options.minutes and time.monotonic() - BEGAN > 60 * options.minutes:
            return False
    return True


def _report(effects: float, judged: Sequence[Judged]) -> bool:
    lines = [
        _line(f"{name}: orders won a day", judged, lambda some, name=name: _mean(some, effects, name, "orders"))
        for name in POLICIES
    ]
    lines += [
        _line(f"{name}: talk for an order won", judged, lambda some, name=name: _cost(some, effects, name), unit="min")
        for name in POLICIES
        if effects
    ]
    if effects:
        bars = (BY_RULES, BY_ORACLE, BY_COST) if effects == 1.0 else (None, None, None)
        lines += [
            _line("ours / rules", judged, lambda some: _over(some, effects, "ours", "rules"), floor=bars[0]),
            _line("ours / oracle", judged, lambda some: _over(some, effects, "ours", "oracle"), floor=bars[1]),
            _line(
                "cost of an order won: rules / ours",
                judged,
                lambda some: _cost(some, effects, "rules") / _cost(some, effects, "ours"),
                floor=bars[2],
            ),
            _line("ours / rules, in money", judged, lambda some: _over(some, effects, "ours", "rules", "money")),
            _line("oracle / rules", judged, lambda some: _over(some, effects, "oracle", "rules")),
            _line("rules / button", judged, lambda some: _over(some, effects, "rules", "button")),
        ]
    return report(f"policy: effects times {effects:g}, {len(judged)} days", lines)


def _report_parts(judged: Sequence[Judged]) -> None:
    """Say what limits: one part replaced by its oracle at a time."""
    names = sorted({name for one in judged for effects, name in one.won if effects == 1.0 and name not in POLICIES})
    lines = []
    for name in names:
        some = [one for one in judged if (1.0, name) in one.won]
        base = "rules, agents for all" if name == "oracle, agents for all" else "rules"
        lines.append(_line(f"{name}: / {base}, {len(some)} days", some, lambda few, n=name, b=base: _over(few, 1.0, n, b)))
    if lines:
        report("policy: what limits it (orders won, over those of rules on the same days)", lines)


def _report_limits() -> None:
    """Say what follows from the parameters alone, by arithmetic."""
    minds = [WORLD.minds[kind] for kind in Kind]
    talk = 60 * WORLD.chat_minutes * float(np.exp(WORLD.chat_spread**2 / 2))
    effects = np.array([mind.invited(Channel.CHAT, 1.0) - mind.alone for mind in minds])
    takes = np.array([mind.accepts * talk + (1 - mind.accepts) * OFFERED_PLACE for mind in minds])
    shares = np.array([mind.share for mind in minds])
    at_random = float((shares * effects).sum() / (shares * takes).sum())
    report(
        "policy: what the parameters allow at most, whatever is learnt",
        [
            Line(
                what="oracle / inviting everybody, agents for all",
                measured=float((shares * effects).clip(min=0).sum() / (shares * effects).sum()),
            ),
            Line(what="the same by an agent's second, demand without end", measured=float((effects / takes).max()) / at_random),
        ],
    )


def _line(what: str, judged: Sequence[Judged], ratio: Ratio, *, unit: str = "", floor: float | None = None) -> Line:
    return Line(what=what, measured=ratio(judged), unit=unit, floor=floor, interval=find_interval(judged, ratio))


def find_interval(judged: Sequence[Judged], ratio: Ratio) -> tuple[float, float]:
    """Return 95 % of the ratios of shops drawn with replacement, and of days within them."""
    chance = np.random.default_rng(1)
    by_shop: dict[int, list[Judged]] = {}
    for one in judged:
        by_shop.setdefault(one.shop, []).append(one)
    groups = list(by_shop.values())
    found = []
    for _draw in range(DRAWS):
        some = [groups[place] for place in chance.integers(len(groups), size=len(groups))]
        found.append(ratio([days[place] for days in some for place in chance.integers(len(days), size=len(days))]))
    low, high = np.nanquantile(found, (0.025, 0.975))
    return float(low), float(high)


def _sum(judged: Sequence[Judged], effects: float, name: str, what: str) -> float:
    found: list[Won] = [one.won[effects, name] for one in judged]
    return float(sum(getattr(one, what) for one in found))


def _mean(judged: Sequence[Judged], effects: float, name: str, what: str) -> float:
    return _sum(judged, effects, name, what) / len(judged)


def _over(judged: Sequence[Judged], effects: float, one: str, other: str, what: str = "orders") -> float:
    below = _sum(judged, effects, other, what)
    return _sum(judged, effects, one, what) / below if below else float("nan")


def _cost(judged: Sequence[Judged], effects: float, name: str) -> float:
    """Return the minutes of talk that an order in addition takes; what a minute costs is the same for all."""
    orders = _sum(judged, effects, name, "orders")
    return _sum(judged, effects, name, "seconds") / 60 / orders if orders > 0 else float("nan")
