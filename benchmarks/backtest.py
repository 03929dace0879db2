"""How many moments a second does a rule's back-test judge, and how long does the editor wait for its count?

There are 40 variables (clocks, numbers, choices, sets, amounts), one value in ten unknown; the rules have three to six
conditions. Counted is what a rule costs once the columns are loaded; loading is measured beside it, and so is the whole answer
to the editor (rows from the database, unpacked, loaded, judged) for ten thousand visits of five moments.
"""

import os
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from benchmarks.bars import Line, median_line, report
from benchmarks.median import Median, find_median

MOMENTS = 50_000
RULES = 40
ROUNDS = 15
VISITS, MOMENTS_EACH = 10_000, 5
SEED = 4
UNKNOWN_SHARE = 0.1
KINDS = ("clock", "number", "choice", "set", "money")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def measure() -> bool:
    """Measure, print and say whether the bars hold."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    print(
        f"seed {SEED}: {MOMENTS:,} moments, {RULES} rules; the editor's count over {VISITS:,} visits of {MOMENTS_EACH} moments"
    )
    per_second, load = _judge()
    return report(
        "Back-test of one rule, conditions only",
        [
            median_line("moments judged a second, a rule", per_second, unit="million", floor=1.0),
            Line(what="loading one column", measured=load, unit="ms"),
            median_line("the editor's count", _count(), unit="s", bar=1.0),
        ],
    )


def _judge() -> tuple[Median, float]:
    from oscar_engage.rules.engine.columns import Columns, find_acting, load_column

    chance = random.Random(SEED)  # noqa: S311 - a repeatable sample, not a secret
    table = {f"v{number}": [_value(number, chance) for _moment in range(MOMENTS)] for number in range(40)}
    began = time.perf_counter()
    loaded = Columns(MOMENTS, {name: load_column(values) for name, values in table.items()})
    load = (time.perf_counter() - began) / len(table) * 1000
    documents = [_document(chance) for _rule in range(RULES)]
    speeds = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        for document in documents:
            find_acting(document, loaded)
        speeds.append(MOMENTS * RULES / (time.perf_counter() - began) / 1e6)
    return find_median(speeds), load


def _value(number: int, chance: random.Random):
    from oscar_engage.rules.engine.values import UNKNOWN, Money

    if chance.random() < UNKNOWN_SHARE:
        return UNKNOWN
    match KINDS[number % len(KINDS)]:
        case "clock":
            return round(chance.expovariate(1 / 60), 2)  # hardly two alike
        case "number":
            return chance.randrange(20)
        case "choice":
            return f"choice{chance.randrange(8)}"
        case "set":
            return frozenset(f"tag{tag}" for tag in range(12) if chance.randrange(5) == 0)
    return Money(Decimal(chance.randrange(1, 50_000)) / 100, "GBP")


def _document(chance: random.Random):
    from oscar_engage.rules.engine.tree import Action, Branch, Document, Group

    conditions = tuple(_condition(chance.randrange(40), chance) for _number in range(chance.randint(3, 6)))
    nested = Group("or", conditions[:2], negated=chance.randrange(5) == 0)
    return Document(None, (Branch(Group("and", (nested, *conditions[2:])), (Action("show.balloon", "x"),)),))


def _condition(number: int, chance: random.Random):
    from oscar_engage.rules.engine.tree import Condition
    from oscar_engage.rules.engine.values import Money

    name = f"v{number}"
    match KINDS[number % len(KINDS)]:
        case "clock":
            return Condition(name, chance.choice(("<", ">", ">=")), float(chance.randrange(10, 120)))
        case "number":
            return Condition(name, chance.choice(("=", ">=", "<")), chance.randrange(20))
        case "choice":
            return Condition(name, "in", tuple(f"choice{one}" for one in range(chance.randint(1, 3))))
        case "set":
            return Condition(name, "contains", f"tag{chance.randrange(12)}")
    return Condition(name, chance.choice(("<", ">")), Money(Decimal(chance.randrange(1, 500)), "GBP"))


def _count() -> Median:
    """Return the seconds of a whole count, in a database of its own."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from oscar_engage.decisions.matches.count import match_count
    from oscar_engage.rules.grammar import parse_document

    old = setup_databases(verbosity=0, interactive=False)
    try:
        _fill()
        document = parse_document(DOCUMENT)
        taken = []
        for _round in range(9):
            began = time.perf_counter()
            found = match_count(document, now=NOW)
            taken.append(time.perf_counter() - began)
        print(f"{connection.vendor}: {found.visits:,} of {found.of_visits:,} visits match")
        return find_median(taken)
    finally:
        teardown_databases(old, verbosity=0)


DOCUMENT = {
    "schema": 1,
    "scope": {"combinator": "and", "rules": [{"field": "page.kind", "operator": "in", "value": ["checkout", "basket"]}]},
    "branches": [
        {
            "when": {
                "combinator": "and",
                "rules": [
                    {"field": "basket.total", "operator": ">", "value": {"amount": "50", "currency": "GBP"}},
                    {"field": "page.idle_seconds", "operator": ">", "value": 45},
                    {"field": "visit.pages", "operator": ">=", "value": 2},
                    {"field": "visit.stage", "operator": "!=", "value": "ordered"},
                ],
            },
            "then": [{"do": "show.balloon", "with": {"engagement": "x"}}],
        }
    ],
    "else": [],
    "unknown": "skip",
}


def _fill() -> None:
    """Write ten thousand visits with the moments of ordinary variables, as the job would."""
    from oscar_engage.decisions.matches.models import VisitMoments
    from oscar_engage.decisions.matches.moments import pack
    from oscar_engage.visitors.models import Visit, Visitor

    chance = random.Random(SEED)  # noqa: S311 - as above
    at = NOW - timedelta(days=1)
    visitors = Visitor.objects.bulk_create(Visitor(created_at=at, last_seen_at=at, consent=3) for _number in range(VISITS))
    visits = Visit.objects.bulk_create(Visit(visitor=visitor, started_at=at, last_at=at) for visitor in visitors)
    VisitMoments.objects.bulk_create(
        [VisitMoments(visit=visit, ended_at=at, moments=pack(_moments(chance))) for visit in visits], batch_size=1000
    )


def _moments(chance: random.Random) -> Iterator[dict]:
    from oscar_engage.rules.engine.values import Money
    from oscar_engage.rules.recall import is_recalled
    from oscar_engage.rules.variables import VARIABLES

    counted = [name for name in VARIABLES.names() if is_recalled(name) and name.startswith(("visit.", "struggle.", "help."))]
    for number in range(MOMENTS_EACH):
        yield {
            **dict.fromkeys(counted, number),
            "page.kind": chance.choice(("home", "product", "category", "basket", "checkout")),
            "page.idle_seconds": round(chance.expovariate(1 / 20), 2),
            "page.visible_seconds": round(chance.expovariate(1 / 40), 2),
            "visit.seconds": round(number * 40 + chance.random(), 2),
            "visit.stage": chance.choice(("browsing", "basket", "checkout")),
            "basket.total": Money(Decimal(chance.randrange(1, 50_000)) / 100, "GBP"),
        }
