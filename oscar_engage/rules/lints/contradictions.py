"""Can this rule ever be true? Finds conditions that contradict each other where all of them must hold."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from oscar_engage.rules.engine.compare import IS_KNOWN, IS_UNKNOWN, comparable, holds
from oscar_engage.rules.engine.tree import Condition, Document, Group
from oscar_engage.rules.engine.values import Money
from oscar_engage.rules.types import SetOfTexts
from oscar_engage.rules.variables import get_variable

_LOWER, _UPPER = frozenset({">", ">="}), frozenset({"<", "<="})


def find_contradictions(document: Document) -> Iterator[tuple[str, Condition]]:
    """Yield the conditions (with their paths) that can never hold together with others they must hold together with.

    Looked at are the conditions of one variable in an "and", with those of the groups around it and of the scope. What is
    found is certain; what is not found may be impossible nevertheless.
    """
    scope: list[Condition] = []
    if document.scope is not None:
        yield from _search(document.scope, "scope", [])
        scope = _certain(document.scope)
    for index, branch in enumerate(document.branches):
        yield from _search(branch.when, f"branches[{index}].when", scope)


def _certain(group: Group) -> list[Condition]:
    """Return the conditions that must hold if ``group`` is to hold."""
    if group.negated or (group.combinator == "or" and len(group.rules) > 1):
        return []
    found: list[Condition] = []
    for child in group.rules:
        found += [child] if isinstance(child, Condition) else _certain(child)
    return found


def _search(group: Group, path: str, given: Sequence[Condition]) -> Iterator[tuple[str, Condition]]:
    """Yield the contradictions below ``group``, knowing that ``given`` must hold as well."""
    if group.negated:
        return
    together = list(given)
    for index, child in enumerate(group.rules):
        place = f"{path}.rules[{index}]"
        if isinstance(child, Group):
            yield from _search(child, place, together)
        elif _contradicts(child, together):
            yield place, child
        elif group.combinator == "and":
            together.append(child)
        if isinstance(child, Group) and group.combinator == "and":
            together += _certain(child)


def _contradicts(condition: Condition, others: Sequence[Condition]) -> bool:
    """Whether ``condition`` makes the conditions on its variable impossible (which they are not without it)."""
    same = [other for other in others if other.field == condition.field]
    if not condition.field or not same:
        return False
    return _is_impossible([*same, condition])


def _is_impossible(conditions: Sequence[Condition]) -> bool:
    operators = {condition.operator for condition in conditions}
    if IS_UNKNOWN in operators:
        return operators != {IS_UNKNOWN}
    if isinstance(get_variable(conditions[0].field).type, SetOfTexts):
        return False
    compared = [condition for condition in conditions if condition.operator != IS_KNOWN]
    currencies = {money.currency for condition in compared for money in _values(condition) if isinstance(money, Money)}
    return len(currencies) > 1 or _is_range_empty(compared) or _are_candidates_gone(compared)


def _values(condition: Condition) -> tuple[Any, ...]:
    return condition.value if isinstance(condition.value, tuple) else (condition.value,)


def _is_range_empty(conditions: Sequence[Condition]) -> bool:
    """Whether no number lies above all lower and below all upper bounds."""
    bounds: dict[str, list[tuple[Any, bool]]] = defaultdict(list)
    for condition in conditions:
        values = comparable(_values(condition))
        if condition.operator in _LOWER or condition.operator == "between":
            bounds["low"].append((values[0], condition.operator == ">"))
        if condition.operator in _UPPER or condition.operator == "between":
            bounds["high"].append((values[-1], condition.operator == "<"))
    return any(
        low > high or (low == high and (low_open or high_open))
        for low, low_open in bounds["low"]
        for high, high_open in bounds["high"]
    )


def _are_candidates_gone(conditions: Sequence[Condition]) -> bool:
    """Whether the listed values ("is", "is one of") are all ruled out by the other conditions."""
    candidates = [value for condition in conditions if condition.operator in ("=", "in") for value in _values(condition)]
    return bool(candidates) and not any(
        all(holds(condition.operator, value, condition.value) for condition in conditions) for value in candidates
    )
