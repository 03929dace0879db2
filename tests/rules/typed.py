"""Hypothesis strategies over variables of every type: conditions, rules, and what a visitor's variables may be worth."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from oscar_engage.rules.engine.tree import Condition
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from tests.rules.trees import documents, groups, trees

SHORT = st.sampled_from(["boots", "Boots", "boot", "tent", "o"])
AMOUNTS = st.builds(Money, st.integers(0, 3).map(Decimal), st.sampled_from(["GBP", "EUR"]))
ORDER = ("<", "<=", ">", ">=")
EQUAL = ("=", "!=")
NUMBERS = st.integers(-1, 4)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "visit.pages": NUMBERS,
    "page.idle_seconds": st.sampled_from([0, 0.5, 1, 1.5, 2, 3, 4]),
    "visit.exit_risk": st.sampled_from([-1, 0, 0.25, 0.5, 0.75, 1, 1.5]),
    "visit.stage": st.sampled_from(["browsing", "product", "basket", "checkout", "payment", "ordered"]),
    "visitor.is_customer": st.booleans(),
    "basket.total": AMOUNTS | st.just(Money(Decimal(1), "USD")),
    "visit.last_search": SHORT,
    "checkout.error_fields": st.frozensets(SHORT, max_size=2),
}
"""For each variable what it may be worth when it is known."""

_OPERATORS = {
    "visit.pages": (*EQUAL, *ORDER, "between", "in", "notIn"),
    "page.idle_seconds": (*ORDER, "between"),
    "visit.exit_risk": (*EQUAL, *ORDER, "between", "in", "notIn"),
    "visit.stage": (*EQUAL, "in", "notIn"),
    "visitor.is_customer": EQUAL,
    "basket.total": (*EQUAL, *ORDER, "between"),
    "visit.last_search": (*EQUAL, "in", "notIn", "contains", "beginsWith"),
    "checkout.error_fields": ("contains", "in", "notIn"),
}


@st.composite
def conditions(draw: st.DrawFn, fields: tuple[str, ...] = tuple(VALUES)) -> Condition:
    """Return a condition as the grammar makes it."""
    field = draw(st.sampled_from(fields))
    operator = draw(st.sampled_from((*_OPERATORS[field], "null", "notNull")))
    if operator in ("null", "notNull"):
        return Condition(field, operator, None)
    one = SHORT if field == "checkout.error_fields" else VALUES[field]
    if operator == "between":
        return Condition(field, operator, _range(draw(one), draw(one)))
    if operator in ("in", "notIn"):
        return Condition(field, operator, tuple(draw(st.lists(one, min_size=1, max_size=6))))
    return Condition(field, operator, draw(one))


def _range(one: Any, other: Any) -> tuple[Any, ...]:
    if isinstance(one, Money):
        return tuple(sorted((one, Money(other.amount, one.currency)), key=lambda money: money.amount))
    return tuple(sorted((one, other)))


def typed_documents() -> st.SearchStrategy[Any]:
    """Return whole rules of few variables, so that their conditions meet."""
    few = st.sampled_from([("visit.pages",), ("visit.stage", "visitor.is_customer"), ("basket.total",), tuple(VALUES)])
    return few.flatmap(lambda fields: documents(conditions(fields)))


def typed_nodes() -> st.SearchStrategy[Any]:
    """Return trees of few variables."""
    few = st.sampled_from([("visit.pages",), ("visit.last_search",), ("page.idle_seconds", "visit.stage"), tuple(VALUES)])
    return few.flatmap(lambda fields: groups(trees(conditions(fields))))


def contexts() -> st.SearchStrategy[dict[str, Value]]:
    """Return a value for each variable; about one in three is unknown."""
    return st.fixed_dictionaries({name: st.just(UNKNOWN) | values | values for name, values in VALUES.items()})
