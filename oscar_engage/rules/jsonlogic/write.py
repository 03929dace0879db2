"""How is a tree of conditions said in JsonLogic, for programs that speak it? What is said of the known values, no more.

JsonLogic has no unknown: a variable that is missing is ``null`` there, and ``null < 5`` is true. On data in which every
variable has its value (:func:`jsonlogic_data`) it answers what ``engine.walk`` answers. A variable with parameters is a ``var``
with its key (``rules.parameters``), the dots in its parameters written as ``%2E``: in a ``var`` a dot is a level. Texts are
compared in lower case, money as ``{"amount", "currency"}``, a set as a list.
"""

from collections.abc import Callable, Container, Mapping
from typing import Any

from oscar_engage.rules.engine.compare import comparable
from oscar_engage.rules.engine.tree import ELSE, Condition, Document, Node
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.types import SetOfTexts
from oscar_engage.rules.variables import VARIABLES, Names

JsonLogic = Any
"""What ``json.dumps`` takes: an operation ``{"name": [arguments]}`` or a value."""

_OPPOSITES = {"=": "!=", "<": ">=", "<=": ">", "in": "notIn", "null": "notNull"}
_OPPOSITES |= {opposite: operator for operator, opposite in _OPPOSITES.items()}
_SIGNS = {"null": "==", "notNull": "!=", "=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def document_to_jsonlogic(document: Document) -> JsonLogic:
    """Return an ``if`` that gives the number of the branch that ``document`` takes, ``-1`` for its else, ``null`` for none."""
    chain: list[JsonLogic] = []
    for index, branch in enumerate(document.branches):
        chain += [to_jsonlogic(branch.when), index]
    choice: JsonLogic = {"if": [*chain, ELSE if document.otherwise else None]}
    return choice if document.scope is None else {"if": [to_jsonlogic(document.scope), choice, None]}


def to_jsonlogic(node: Node, *, wanted: bool = True, sets: Container[str] | None = None) -> JsonLogic:
    """Return an operation that is true where ``node`` is true; where it is false, unless ``wanted``.

    ``sets`` names the variables that are sets; the registry's, when it is not given.
    A "not" is worked into the conditions, so that an amount in another currency satisfies neither a condition nor its opposite.
    """
    sets = set_names() if sets is None else sets
    if isinstance(node, Condition):
        return _condition(node, wanted, is_set=node.field in sets)
    wanted = wanted is not node.negated
    joined = "and" if (node.combinator == "and") is wanted else "or"
    if not node.rules:
        return joined == "and"
    return {joined: [to_jsonlogic(child, wanted=wanted, sets=sets) for child in node.rules]}


def jsonlogic_data(values: Mapping[str, Value]) -> dict[str, Any]:
    """Return the data for the exported logic: each variable under its name, dots as levels; what is unknown is left out."""
    data: dict[str, Any] = {}
    for name, value in values.items():
        if value is not UNKNOWN:
            *levels, last = _var_name(name).split(".")
            place = data
            for level in levels:
                place = place.setdefault(level, {})
            place[last] = _plain(value)
    return data


def _var_name(key: str) -> str:
    """Return ``key`` without dots but those of the variable's own name; read back, it is the same key."""
    name, mark, query = key.partition("?")
    return f"{name}{mark}{query.replace('.', '%2E')}"


def _plain(value: Any) -> Any:
    """Return one value as JSON has it, texts folded as they are compared."""
    if isinstance(value, Money):
        return {"amount": float(value.amount), "currency": value.currency}
    folded = comparable(value)
    return sorted(folded) if isinstance(folded, frozenset) else list(folded) if isinstance(folded, tuple) else folded


def _condition(condition: Condition, wanted: bool, *, is_set: bool) -> JsonLogic:
    field, operator, expected = _var_name(condition.field), condition.operator, condition.value
    one = expected[0] if isinstance(expected, tuple) and expected else expected
    if isinstance(one, Money):
        amounts = tuple(float(money.amount) for money in expected) if isinstance(expected, tuple) else float(one.amount)  # type: ignore[union-attr]  # a list of money holds money only
        compared = _compare({"var": f"{field}.amount"}, operator, amounts, wanted)
        return {"and": [{"==": [{"var": f"{field}.currency"}, one.currency]}, compared]}
    if operator in ("in", "notIn") and is_set:
        return _any_of_set(field, expected, wanted is (operator == "in"))
    return _compare({"var": field}, operator, _plain(expected), wanted)


def set_names() -> Names:
    """Return the names of the variables that are sets of texts; keys of them are in it, too."""
    return Names(entry.name for entry in VARIABLES if isinstance(entry.type, SetOfTexts))


def _any_of_set(field: str, texts: Any, wanted: bool) -> JsonLogic:
    found = {"or": [{"in": [text, {"var": field}]} for text in _plain(texts)]}
    return found if wanted else {"!": [found]}


def _compare(value: JsonLogic, operator: str, expected: Any, wanted: bool) -> JsonLogic:
    if not wanted and operator in _OPPOSITES:
        operator, wanted = _OPPOSITES[operator], True
    said = _say(value, operator, expected)
    return said if wanted else {"!": [said]}


def _say(value: JsonLogic, operator: str, expected: Any) -> JsonLogic:
    if operator in _SIGNS:
        return {_SIGNS[operator]: [value, expected]}
    return _WORDS[operator](value, expected)


_WORDS: Mapping[str, Callable[[JsonLogic, Any], JsonLogic]] = {
    "between": lambda value, ends: {"<=": [ends[0], value, ends[1]]},
    "in": lambda value, listed: {"in": [value, listed]},
    "notIn": lambda value, listed: {"!": [{"in": [value, listed]}]},
    "contains": lambda value, text: {"in": [text, value]},
    "beginsWith": lambda value, text: {"==": [{"substr": [value, 0, len(text)]}, text]},
}
