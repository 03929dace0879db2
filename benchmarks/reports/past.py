"""A shop's past, made up: visits over 90 days in the order of time, and what came of each, in believable proportion.

Of 1000 visits, 700 are by new browsers, 300 fulfil a rule (one in ten of them held out), 200 have a basket, 100 an order,
20 end in a conversation; each has five signals. Most of it by day. The same seed makes the same past.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

DAYS, SEED = 90, 6
RULES, AGENTS, QUEUES, PRODUCTS = 20, 12, 3, 500
SIGNALS = 5
NEW = 0.7
ELIGIBLE, HELD_OUT, BASKET, ORDERED, ASKED = 0.3, 0.1, 0.2, 0.1, 0.02
SEEN, ACCEPTED, DISMISSED = 0.9, 0.2, 0.3

_WEIGHTS = {1: range(7), 3: (7, 8, 21, 22, 23), 6: range(9, 21)}
_HOURS = [hour for weight, hours in _WEIGHTS.items() for hour in hours for _time in range(weight)]
_STRUGGLES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search.made", {"query": "tent", "results": 0}),
    ("form.invalid", {"form": "shipping", "fields": ["postcode"]}),
    ("page.rage_clicked", {"place": "add-to-basket"}),
    ("page.dead_clicked", {"place": "price"}),
    ("field.left", {"name": "postcode", "seconds": 20, "edits": 4, "returns": 2, "empty": False}),
    ("page.exit_intent", {}),
    ("voucher.refused", {}),
    ("payment.failed", {"reason": "declined"}),
    ("help.opened", {"article": "delivery"}),
    ("help.rated", {"article": "delivery", "helpful": True}),
    ("answers.found", {"article": "returns", "results": 3}),
    ("page.anchors", {"seen": ["price|product:12", "size-table"], "clicked": ["size-table"]}),
    ("page.timed", {"load": 2100, "answer": 180}),
)
_PAGES = ("product", "product", "category", "basket", "checkout", "home")


@dataclass(frozen=True, slots=True)
class Visited:
    """One visit: its number, its visitor's number, when it began, and a chance of its own for everything that came of it."""

    number: int
    visitor: int
    at: datetime
    chance: float


def identify(kind: int, number: int) -> str:
    """Return an id as 32 hexadecimal digits that grow with ``number``, as ids made in the order of time do."""
    return f"{kind:08x}{number:024x}"


VISITOR, VISIT, SIGNAL, DECISION, CLIENT = 1, 2, 3, 4, 5


class Past:
    """The past of a shop with so many ``visits`` until ``now``; each method yields rows of one table, always the same."""

    def __init__(self, visits: int, *, now: datetime) -> None:
        self.number = visits
        self.visitors = max(1, int(visits * NEW))
        self._now = now

    def visits(self) -> Iterator[Visited]:
        """Yield all visits, the oldest first."""
        chance = random.Random(SEED)  # noqa: S311 - a repeatable past, not a secret
        midnight = self._now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)
        day, hours = -1, list[int]()
        for number in range(self.number):
            if number * DAYS // self.number != day:
                day = number * DAYS // self.number
                hours = [chance.choice(_HOURS) for _visit in range(self.number // DAYS + 1)]
            at = midnight + timedelta(days=day, hours=chance.choice(hours), seconds=chance.randrange(3600))
            visitor = number if number < self.visitors else chance.randrange(self.visitors)
            yield Visited(number, visitor, at, chance.random())

    def visitor_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield id, key, handover, consent, staff, automaton, first and last seen."""
        for visit in self.visits():
            if visit.number >= self.visitors:
                return
            at, odd = say(visit.at), visit.number % 200
            yield identify(VISITOR, visit.number), f"v{visit.number}", "", 3, int(odd == 0), int(odd == 1), at, at

    def visit_rows(self, state: Callable[[datetime], str]) -> Iterator[tuple[Any, ...]]:
        """Yield id, visitor, beginning, end and ``state`` (JSON)."""
        for visit in self.visits():
            ended = say(visit.at + timedelta(minutes=12))
            yield identify(VISIT, visit.number), identify(VISITOR, visit.visitor), say(visit.at), ended, state(visit.at)

    def signal_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield event, visitor, visit, kind, source, payload, time, time of receipt."""
        began = json.dumps({"host": "search.example", "device": "phone", "page": "product", "language": "en"})
        viewed = [json.dumps({"page": "product", "product_id": number}) for number in range(1, PRODUCTS)]
        other = [json.dumps({"page": page}) for page in _PAGES[2:]]
        struggles = [(kind, json.dumps(payload)) for kind, payload in _STRUGGLES]
        left = json.dumps({"visible": 40, "idle": 12, "page": "product"})
        for visit in self.visits():
            seed = int(visit.chance * 1e9)
            shown = viewed[seed % len(viewed)]
            kinds = (
                ("visit.began", "server", began),
                ("page.viewed", "browser", shown),
                ("page.left", "browser", left),
                ("page.viewed", "browser", other[seed % len(other)]),
                (struggles[seed % len(struggles)][0], "browser", struggles[seed % len(struggles)][1]),
            )
            visitor, stay = identify(VISITOR, visit.visitor), identify(VISIT, visit.number)
            for place, (kind, source, payload) in enumerate(kinds):
                at = say(visit.at + timedelta(seconds=50 * place))
                yield identify(SIGNAL, visit.number * SIGNALS + place), visitor, stay, kind, source, payload, at, at

    def assignment_rows(self, rules: list[int]) -> Iterator[tuple[Any, ...]]:
        """Yield visitor, rule, arm, probability, time: each visitor's first eligible visit draws for one rule."""
        drawn = bytearray(self.visitors)
        for visit in self._eligible():
            if not drawn[visit.visitor]:
                drawn[visit.visitor] = 1
                yield identify(VISITOR, visit.visitor), self._rule(visit, rules), arm_of(visit.visitor), 0.9, say(visit.at)

    def decision_rows(self, versions: list[int]) -> Iterator[tuple[Any, ...]]:
        """Yield id, visitor, visit, version, arm, probability, reason, eligible, offered, seen, accepted, dismissed."""
        for visit in self._eligible():
            arm, luck = arm_of(visit.visitor), visit.chance / ELIGIBLE
            times = [say(visit.at + timedelta(minutes=3, seconds=place * 5)) for place in range(4)]
            is_treated = arm == "treated"
            yield (
                *(identify(DECISION, visit.number), identify(VISITOR, visit.visitor), identify(VISIT, visit.number)),
                *(self._rule(visit, versions), arm, 0.9, "offered" if is_treated else "rule_holdout", times[0]),
                times[1] if is_treated else None,
                times[2] if is_treated and luck < SEEN else None,
                times[3] if is_treated and luck < ACCEPTED else None,
                times[3] if is_treated and ACCEPTED <= luck < DISMISSED else None,
            )

    def basket_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield visitor, basket, time, what became of it, and when that was known."""
        for visit in self.visits():
            if visit.chance < BASKET:
                outcome = "ordered" if visit.chance < ORDERED else "abandoned"
                at = say(visit.at + timedelta(minutes=5))
                yield identify(VISITOR, visit.visitor), visit.number + 1, at, outcome, at

    def order_rows(self) -> Iterator[tuple[int, int, str, str, datetime]]:
        """Yield number, basket, visitor, total and time of each order."""
        number = 0
        for visit in self.visits():
            if visit.chance < ORDERED:
                number += 1
                total = f"{20 + int(visit.chance * 1e7) % 20_000 / 100:.2f}"
                yield number, visit.number + 1, identify(VISITOR, visit.visitor), total, visit.at + timedelta(minutes=11)

    def asked(self) -> Iterator[tuple[int, Visited]]:
        """Yield each visit in which something was asked, with the number of the conversation."""
        number = 0
        for visit in self.visits():
            if ORDERED <= visit.chance < ORDERED + ASKED:
                number += 1
                yield number, visit

    def hours(self) -> Iterator[datetime]:
        """Yield the hours in which agents are there: nine to six on each day."""
        midnight = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
        for day in range(DAYS):
            for hour in range(9, 18):
                yield midnight - timedelta(days=DAYS - 1 - day) + timedelta(hours=hour)

    def _eligible(self) -> Iterator[Visited]:
        return (visit for visit in self.visits() if visit.chance < ELIGIBLE)

    def _rule(self, visit: Visited, of: list[int]) -> int:
        return of[visit.visitor % len(of)]


def arm_of(visitor: int) -> str:
    """Return the arm of a visitor: one in ten is held out."""
    return "control" if not visitor % round(1 / HELD_OUT) else "treated"


def say(at: datetime) -> str:
    """Return ``at`` as both databases read it, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S}"
