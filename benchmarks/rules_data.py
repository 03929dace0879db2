"""Which rules and visitors is the engine measured on? Made by chance from a seed: 40 variables, 3 to 6 conditions a rule.

The sorts of variables are about as frequent as among those that are shipped. Limits are the round numbers that people type,
texts and sets ask for words of a shop, and about 1.2 % of the rules match a visitor. One rule in five has a scope, one in five
an "or" or a "not" in it. Every variable has its value: the peers know no unknown.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from oscar_engage.rules.engine.tree import Action, Branch, Condition, Document, Group, Node
from oscar_engage.rules.engine.values import Money, Value

SEED = 20261126
ACT = (Action("show.balloon", "help"),)
CLOCKS = frozenset({"n0", "n1", "n2"})

_WORDS = (
    *("boots", "tent", "stove", "rope", "lamp", "jacket", "sock", "glove", "pack", "map", "knife", "bottle", "mat", "bag"),
    *("pole", "harness", "helmet", "shoe", "scarf", "towel", "cancel", "return", "refund", "delivery", "size", "voucher"),
    *("price", "gift", "order", "account"),
)
_SYLLABLES = ("ba", "ko", "ri", "tu", "me", "so", "la", "ni", "pe", "du")


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of variable: how many there are, what a rule asks of one, and what it is worth."""

    letter: str
    count: int
    condition: Callable[[random.Random, str], Condition]
    value: Callable[[random.Random], Value]


def _number(chance: random.Random, name: str) -> Condition:
    limit = chance.randrange(5, 120, 5)
    if chance.random() < 0.2:  # noqa: PLR2004 - a share
        return Condition(name, "between", (limit, limit + chance.randrange(20, 80, 10)))
    return Condition(name, *chance.choice([(">", 300 - limit), (">=", 300 - limit), ("<", limit), ("<=", limit)]))


def _money(chance: random.Random, name: str) -> Condition:
    limit = chance.randrange(10, 200, 5)
    operator, amount = chance.choice([("<", limit), (">", 500 - limit)])
    return Condition(name, operator, Money(Decimal(amount), "GBP"))


def _choice(chance: random.Random, name: str) -> Condition:
    if chance.random() < 0.5:  # noqa: PLR2004 - a share
        return Condition(name, "in", tuple(chance.sample([f"c{number}" for number in range(8)], 2)))
    return Condition(name, chance.choice(("=", "=", "=", "!=")), f"c{chance.randrange(8)}")


def _flag(chance: random.Random, name: str) -> Condition:
    return Condition(name, "=", chance.random() < 0.5)  # noqa: PLR2004 - a share


def _text(chance: random.Random, name: str) -> Condition:
    return Condition(name, chance.choice(("contains", "contains", "beginsWith")), chance.choice(_WORDS))


def _set(chance: random.Random, name: str) -> Condition:
    if chance.random() < 0.5:  # noqa: PLR2004 - a share
        return Condition(name, "in", tuple(chance.sample(_WORDS, 2)))
    return Condition(name, "contains", chance.choice(_WORDS))


def _phrase(chance: random.Random) -> str:
    """Return what nobody has said before, with words in it that rules look for."""
    nonsense = "".join(chance.choices(_SYLLABLES, k=4))
    return " ".join([*chance.sample(_WORDS, 2), nonsense])


def _elements(chance: random.Random) -> frozenset[str]:
    return frozenset([*chance.sample(_WORDS, 4), "".join(chance.choices(_SYLLABLES, k=4))])


SORTS = (
    Sort("n", 17, _number, lambda chance: chance.randrange(0, 300)),
    Sort("m", 3, _money, lambda chance: Money(Decimal(chance.randrange(0, 50000)) / 100, "GBP")),
    Sort("c", 9, _choice, lambda chance: f"c{chance.randrange(8)}"),
    Sort("b", 5, _flag, lambda chance: chance.random() < 0.5),  # noqa: PLR2004 - a share
    Sort("t", 3, _text, _phrase),
    Sort("s", 3, _set, _elements),
)
SETS = frozenset({"s0", "s1", "s2"})
NAMES = tuple((f"{sort.letter}{number}", sort) for sort in SORTS for number in range(sort.count))


def make_rules(count: int, *, seed: int = SEED) -> list[Document]:
    """Return ``count`` rules of one branch."""
    chance = random.Random(f"rules {seed} {count}")  # noqa: S311 - a repeatable sample, no secret
    return [_rule(chance) for _number in range(count)]


def make_visitors(count: int, *, seed: int = SEED) -> list[dict[str, Value]]:
    """Return the variables of ``count`` visitors; no two texts or sets are alike."""
    chance = random.Random(f"visitors {seed}")  # noqa: S311 - a repeatable sample, no secret
    return [{name: sort.value(chance) for name, sort in NAMES} for _number in range(count)]


def _rule(chance: random.Random) -> Document:
    chosen = chance.sample(NAMES, chance.randint(3, 6))
    conditions: list[Node] = [sort.condition(chance, name) for name, sort in chosen]
    if chance.random() < 0.2:  # noqa: PLR2004 - a share
        nested = Group("or", tuple(conditions[-2:]), chance.random() < 0.3)  # noqa: PLR2004 - a share
        conditions = [*conditions[:-2], nested]
    scope = None
    if chance.random() < 0.2:  # noqa: PLR2004 - a share
        scope, conditions = Group("and", (conditions[0],)), conditions[1:]
    return Document(scope, (Branch(Group("and", tuple(conditions)), ACT),))
