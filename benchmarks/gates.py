"""What do the gates of one decision cost with 1 000 live rules? Pure: no database, no clock.

As many rules hold at one moment as match a visitor in ``benchmarks.rules_data``: 12 in 1 000. Each scene is one state of the
visit. What every rule at once would cost is said as well, without a bar: no shop is in that state.
"""

import os
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from benchmarks.bars import Line, median_line, report
from benchmarks.median import find_median

BAR = 50.0
"""Microseconds, at most."""

LIVE, HOLDING = 1000, 12
ROUNDS, REPEATED = 300, 20
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def measure() -> bool:
    """Weigh each scene; return whether every bar holds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.beat_settings")
    import django

    django.setup()
    scenes = dict(_scenes(HOLDING))
    lines = [_line(f"{name}, {HOLDING} of {LIVE} hold", weigh, bar=BAR) for name, weigh in scenes.items()]
    lines += [_line(f"{name}, all {LIVE} hold", weigh, bar=None) for name, weigh in _scenes(LIVE)]
    return report("gates: one decision, median of many", lines)


def _line(what: str, weigh: Callable[[], object], *, bar: float | None) -> Line:
    repeated = REPEATED if bar else 1
    weigh()
    return median_line(what, find_median(_times(weigh, repeated, ROUNDS if bar else 30)), unit="µs", bar=bar)


def _times(weigh: Callable[[], object], repeated: int, rounds: int) -> Iterator[float]:
    for _round in range(rounds):
        began = time.perf_counter_ns()
        for _time in range(repeated):
            weigh()
        yield (time.perf_counter_ns() - began) / repeated / 1000


def _scenes(holding: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the states of a visit, each with what weighs it."""
    from oscar_engage.decisions.caps import Spent, by_rule
    from oscar_engage.decisions.gates import Facts, History, Limits
    from oscar_engage.decisions.judge import Match
    from oscar_engage.decisions.priority import Claim, Formula, Situation, rank
    from oscar_engage.decisions.weigh import weigh
    from oscar_engage.rules.caps import NO_CAPS, Caps
    from oscar_engage.rules.engine.tree import Action, Document
    from oscar_engage.rules.live import LiveRule
    from oscar_engage.visitors.consent import ConsentLevel
    from oscar_engage.visitors.page import PageFacts

    def rule(number: int, caps: Caps) -> LiveRule:
        return LiveRule(
            rule_id=number,
            version_id=number,
            priority=number,
            purpose="sales",
            holdout_share=0.2,
            document=Document(None, (), (), "skip"),
            starts_at=None,
            ends_at=None,
            is_service=False,
            caps=caps,
        )

    def matches(caps: Caps) -> list[Match]:
        every = range(1, LIVE + 1, LIVE // holding)
        return [Match(rule(number, caps), 0, Action("show.balloon", "help")) for number in every][:holding]

    limits = Limits(
        offers_per_visit=1, offers_per_week=3, cooldown=timedelta(days=30), quiet_seconds=2, excluded_paths=("/dashboard/",)
    )
    facts = Facts(
        consent=ConsentLevel.PERSONALISATION,
        page=PageFacts(kind="product"),
        path="/catalogue/",
        open_seconds=10,
        showing=(),
        engagements={"help": "balloon"},
        limits=limits,
        now=NOW,
        history=History,
        places=lambda _queue: 1,
    )
    plain, formula, situation = matches(NO_CAPS), Formula(is_number_first=False, value_weight=1), Situation(basket=100)
    spent = by_rule(
        Spent(plain[number % holding].rule.rule_id, uuid.UUID(int=1), NOW - timedelta(days=number)) for number in range(20)
    )
    settled = weigh(plain, facts, holding=()).holding

    def by_formula(passing: list[Match]) -> Match:
        return min(passing, key=lambda one: rank(Claim(rule_id=one.rule.rule_id, number=1), situation, formula))

    shut, own = replace(facts, history=lambda: History(offers_in_visit=1)), matches(Caps(offers=2, visit=1, pause_days=60))
    met = replace(facts, spent=lambda: spent)
    yield "all gates open", lambda: weigh(plain, facts, holding=())
    yield "all settled before", lambda: weigh(plain, facts, holding=settled)
    yield "shut in this visit", lambda: weigh(plain, shut, holding=())
    yield "caps of their own", lambda: weigh(own, met, holding=())
    yield "ordered by the formula", lambda: weigh(plain, facts, holding=(), choose=by_formula)  # type: ignore[arg-type]  # a list is a sequence
