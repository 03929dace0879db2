"""Does the set judge as the walker does? A million rules met by visitors, three values in ten missing, from one seed.

``python -m benchmarks.rules_fuzz --pairs 1000000 --seed 1``; the exit status says whether both agreed throughout. Rules have
scopes, up to three branches, an else, both meanings of "unknown" and groups in groups; values are also of the wrong kind, in
another currency, or nothing that a variable should be worth.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from oscar_engage.rules.engine.ruleset import build_rule_set
from oscar_engage.rules.engine.tree import Action, Branch, Condition, Document, Group, Node
from oscar_engage.rules.engine.values import UNKNOWN, Money
from oscar_engage.rules.engine.walk import choose

RULES, VISITORS = 100, 50  # of one set
MISSING, STRANGE = 0.3, 0.03
_ACT = (Action("show.balloon", "help"),)
_WORDS = ("Boots", "boot", "tent", "TENT pole", "Straße", "strasse", "re", "refund", "")
_STRANGE = (float("nan"), None, [1], {"a": 1}, b"x", Money(Decimal("NaN"), "GBP"), Decimal("NaN"), float("inf"), frozenset({1}))
_ORDER = ("<", "<=", ">", ">=", "=", "!=")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until enough pairs were judged; print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args(arguments)
    started, pairs, taken, wrong = time.perf_counter(), 0, 0, 0
    chance = random.Random(wanted.seed)  # noqa: S311 - a repeatable sample, no secret
    while pairs < wanted.pairs:
        found, different = judge_one_set(chance)
        pairs, taken, wrong = pairs + RULES * VISITORS, taken + found, wrong + different
    print(
        f"{pairs} pairs of rule and visitor, seed {wanted.seed}: {wrong} disagreements with the walker, "
        f"{taken} branches taken, {time.perf_counter() - started:.0f} s"
    )
    return 1 if wrong else 0


def judge_one_set(chance: random.Random) -> tuple[int, int]:
    """Return how many branches were taken in one set of rules, and for how many visitors index or closures disagreed."""
    documents = [make_document(chance) for _number in range(RULES)]
    costly = frozenset(chance.sample(_NAMES, chance.randint(0, 3)))
    sets = [build_rule_set(documents, clocks=(), costly=costly, most_closures=most) for most in (0, RULES)]
    taken = wrong = 0
    for _number in range(VISITORS):
        visitor = make_visitor(chance)
        read = visitor.__getitem__
        branches = [(place, choose(document, read)) for place, document in enumerate(documents)]
        expected = [(place, branch) for place, branch in branches if branch is not None]
        taken += len(expected)
        wrong += sum(one.matches(read) != expected for one in sets)
    return taken, wrong


def make_document(chance: random.Random) -> Document:
    """Return any rule."""
    scope = _group(chance, 2) if chance.random() < 0.4 else None  # noqa: PLR2004 - a share
    branches = tuple(
        Branch(_group(chance, 3), _ACT if chance.random() < 0.8 else ())  # noqa: PLR2004 - a share
        for _number in range(chance.choice((0, 1, 1, 1, 2, 3)))
    )
    return Document(scope, branches, _ACT if chance.random() < 0.4 else (), chance.choice(("skip", "else")))  # noqa: PLR2004


def make_visitor(chance: random.Random) -> dict[str, Any]:
    """Return a value for each variable."""
    return {name: _value(chance, name) for name in _NAMES}


def _group(chance: random.Random, depth: int) -> Group:
    rules = tuple(_node(chance, depth - 1) for _number in range(chance.choice((0, 1, 2, 2, 3, 4))))
    return Group(chance.choice(("and", "and", "or")), rules, chance.random() < 0.25)  # noqa: PLR2004 - a share


def _node(chance: random.Random, depth: int) -> Node:
    if depth > 0 and chance.random() < 0.3:  # noqa: PLR2004 - a share
        return _group(chance, depth)
    return _condition(chance)


def _condition(chance: random.Random) -> Condition:
    name = chance.choice(_NAMES)
    if chance.random() < 0.08:  # noqa: PLR2004 - a share
        return Condition(name, chance.choice(("null", "notNull")), None)
    if chance.random() < STRANGE:
        name = chance.choice(_NAMES)  # compared with what may be of another kind
        return Condition(name, *_COMPARISONS[chance.choice("nmtsb")](chance))
    return Condition(name, *_COMPARISONS[name[0]](chance))


def _of_number(chance: random.Random) -> tuple[str, Any]:
    operator = chance.choice((*_ORDER, "between", "in", "notIn"))
    if operator == "between":
        return operator, (chance.randrange(5), chance.randrange(5))
    if operator in ("in", "notIn"):
        return operator, tuple(chance.choices(range(5), k=chance.randint(1, 3)))
    return operator, chance.choice((chance.randrange(5), chance.randrange(10) / 2))


def _of_money(chance: random.Random) -> tuple[str, Any]:
    operator = chance.choice((*_ORDER, "between"))
    if operator == "between":
        return operator, (_money(chance), _money(chance))
    return operator, _money(chance)


def _of_text(chance: random.Random) -> tuple[str, Any]:
    operator = chance.choice(("=", "!=", "contains", "beginsWith", "in", "notIn", "<", ">="))
    if operator in ("in", "notIn"):
        return operator, tuple(chance.choices(_WORDS, k=chance.randint(1, 3)))
    return operator, chance.choice(_WORDS)


def _of_set(chance: random.Random) -> tuple[str, Any]:
    operator = chance.choice(("contains", "in", "notIn"))
    if operator == "contains":
        return operator, chance.choice(_WORDS)
    return operator, tuple(chance.choices(_WORDS, k=chance.randint(1, 3)))


def _money(chance: random.Random) -> Money:
    return Money(Decimal(chance.randrange(10)) / 2, chance.choice(("GBP", "GBP", "GBP", "EUR")))


def _value(chance: random.Random, name: str) -> Any:
    if chance.random() < MISSING:
        return UNKNOWN
    if chance.random() < STRANGE:
        return chance.choice((*_STRANGE, *(make(chance) for make in _VALUES.values())))
    return _VALUES[name[0]](chance)


_NAMES = ("n0", "n1", "n2", "m0", "m1", "t0", "t1", "s0", "s1", "b0")
_COMPARISONS = {
    "n": _of_number,
    "m": _of_money,
    "t": _of_text,
    "s": _of_set,
    "b": lambda chance: (chance.choice("="), chance.choice((True, False))),
}
_VALUES = {
    "n": lambda chance: chance.choice((chance.randrange(5), chance.randrange(10) / 2)),
    "m": _money,
    "t": lambda chance: " ".join(chance.choices(_WORDS, k=chance.randint(1, 2))),
    "s": lambda chance: frozenset(chance.choices(_WORDS, k=chance.randint(0, 3))),
    "b": lambda chance: chance.choice((True, False)),
}


if __name__ == "__main__":
    sys.exit(main())
