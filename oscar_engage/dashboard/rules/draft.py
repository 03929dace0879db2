"""What did the merchandiser type so far? The nested form as a raw document, and the edits that its buttons ask for.

A field's name is its place in the document, as the grammar writes it: ``branches[0].when.rules[1].value``. So an
error's path is the field's name. Nothing here judges: what was typed is kept as it is, right or wrong. Plain Python.
"""

import copy
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from oscar_engage.dashboard.rules.amounts import read_numbers
from oscar_engage.rules.actions import ACTIONS
from oscar_engage.rules.parameters import Parameter
from oscar_engage.rules.variables import VARIABLES

Raw = dict[str, Any]

_NAME = re.compile(r"(?:scope|branches|else|unknown)(?:\.[a-z]+|\[\d{1,3}\])*(?:\[\])?")
_TOKEN = re.compile(r"[a-z]+|\d+")
_MOST_FIELDS = 1000
_MOST_TOKENS = 24

NOTHING = "nothing"
"""What the form sends for "leave the shopper alone"; in a document that is an empty list of actions."""

UNITS = ("1", "60", "3600", "86400")
"""The units of a time span, in seconds, as the form sends them."""

_OF_AGENTS = ("queue", "fallback")
_VALUELESS = ("null", "notNull")
_TURNED = {"none": "or", "some-not": "and"}  # "none of these" is "not any of these", and so on


def empty_condition() -> Raw:
    """Return a condition in which nothing is chosen yet."""
    return {"field": "", "operator": "", "value": ""}


def empty_group() -> Raw:
    """Return a group that asks for all of one condition, not chosen yet."""
    return {"combinator": "and", "rules": [empty_condition()]}


def empty_branch() -> Raw:
    """Return a branch with one condition and one action, neither chosen yet."""
    return {"when": empty_group(), "then": [{"do": "", "with": {"engagement": ""}}]}


def new_draft() -> Raw:
    """Return the form of a new rule."""
    return {"branches": [empty_branch()], "else": [], "unknown": "skip"}


def read_draft(fields: Iterable[tuple[str, Sequence[str]]]) -> Raw:
    """Return the raw document in a form's ``fields`` (name, values); names that are no place in a document are ignored.

    Numbers are read as the active language writes them.
    """
    tree: dict[str | int, Any] = {}
    for number, (name, values) in enumerate(fields):
        tokens = _tokens(name)
        if tokens and values and number < _MOST_FIELDS:
            _put(tree, tokens, list(values) if name.endswith("[]") else values[-1])
    settled: Raw = _settle(tree)
    settled.setdefault("branches", [])
    settled.setdefault("else", [])
    read_numbers(settled)
    return settled


def apply_edit(raw: Raw, edit: str) -> tuple[Raw, str]:
    """Return the draft after one press of a button, and the place to go on at (empty: none).

    ``edit`` is ``add-branch``, or a verb with a place: ``add-condition:<group>``, ``add-group:<group>``, ``remove:``, ``up:``,
    ``down:``, ``duplicate:`` or ``change:<place>``. Anything else, or a place that is not there, changes nothing.
    """
    changed = copy.deepcopy(raw)
    verb, _colon, path = edit.partition(":")
    if verb == "add-branch":
        changed["branches"] = [*changed.get("branches", []), empty_branch()]
        return changed, f"branches[{len(changed['branches']) - 1}].when.rules[0].field"
    target = find_node(changed, path)
    if verb in ("add-condition", "add-group"):
        group = _group_at(changed, path) if target is None else target
        return (changed, _add(group, path, verb)) if isinstance(group, dict) else (raw, "")
    act = _ACTS.get(verb)
    return (changed, act(changed, path)) if act and target is not None else (raw, "")


def to_document(raw: Raw) -> Raw:
    """Return the draft as a document for the grammar to judge; the places of everything in it stay the same."""
    document: Raw = {"schema": 1}
    scope = raw.get("scope")
    if isinstance(scope, dict) and scope.get("rules"):
        document["scope"] = _node(scope)
    document["branches"] = [_branch(branch) for branch in _list(raw.get("branches"))]
    document["else"] = _actions(raw.get("else"), is_else=True)
    document["unknown"] = raw.get("unknown", "skip")
    return document


def _branch(raw: Any) -> Raw:
    branch = raw if isinstance(raw, dict) else {}
    return {"when": _node(branch.get("when")), "then": _actions(branch.get("then"))}


def _node(raw: Any) -> Any:
    if not isinstance(raw, dict):
        return raw
    if "field" not in raw:
        combinator, is_negated = split_combinator(raw)
        group: Raw = {"combinator": combinator, **({"not": True} if is_negated else {})}
        return {**group, "rules": [_node(child) for child in _list(raw.get("rules"))]}
    fitting = _with(raw)
    condition = {"field": raw.get("field"), **({"with": fitting} if fitting else {}), "operator": raw.get("operator")}
    return condition if raw.get("operator") in _VALUELESS else {**condition, "value": plain_value(raw.get("value"))}


def parameters_of(field: Any) -> Sequence[Parameter]:
    """Return the parameters of the variable ``field``, as it was typed; of none there are none."""
    return VARIABLES.get(field).parameters if isinstance(field, str) and field in VARIABLES else ()


def _with(raw: Raw) -> Raw:
    """Return what was filled in of the variable's parameters.

    Another variable may have been chosen since: what was typed for the one before is dropped.
    """
    given = raw.get("with")
    typed: Raw = given if isinstance(given, dict) else {}
    plain = {one.name: plain_value(typed.get(one.name)) for one in parameters_of(raw.get("field"))}
    return {name: value for name, value in plain.items() if value not in (None, "")}


def split_combinator(raw: Mapping[str, Any]) -> tuple[Any, bool]:
    """Return the combinator of a group, as it was typed or stored, and whether its result is turned round."""
    combinator = raw.get("combinator", "and")
    if isinstance(combinator, str) and combinator in _TURNED:
        return _TURNED[combinator], True
    return combinator, raw.get("not") in (True, "true")


def plain_value(raw: Any) -> Any:
    """Return a time span, typed as an amount and a unit, in seconds; what is no number stays for the grammar to refuse."""
    if isinstance(raw, list):
        return [plain_value(one) for one in raw]
    if not isinstance(raw, dict) or "unit" not in raw:
        return raw
    amount, unit = raw.get("amount", ""), raw["unit"]
    if unit not in UNITS or unit == UNITS[0]:
        return amount
    try:
        seconds = float(amount) * int(unit)
    except (TypeError, ValueError):
        return amount
    return seconds if math.isfinite(seconds) else amount


def _actions(raw: Any, *, is_else: bool = False) -> list[Any]:
    chosen = [action for action in _list(raw) if not (isinstance(action, dict) and _does_nothing(action, is_else))]
    return [_action(action) for action in chosen]


def _does_nothing(action: Mapping[str, Any], is_else: bool) -> bool:
    return action.get("do") == NOTHING or (is_else and not action.get("do"))


def _action(raw: Any) -> Any:
    if not isinstance(raw, dict):
        return raw
    return {"do": raw.get("do", ""), "with": _options(raw)}


def _options(raw: Raw) -> Any:
    """Return what was filled in for the action; queue and fallback, left empty or of an action chosen before, are dropped."""
    options = raw.get("with", {"engagement": ""})
    if not isinstance(options, dict):
        return options
    takes_agent = raw.get("do") in ACTIONS and ACTIONS.get(raw["do"]).needs_agent
    return {name: slug for name, slug in options.items() if name not in _OF_AGENTS or (takes_agent and slug)}


def _list(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _tokens(path: str) -> list[str | int]:
    if not _NAME.fullmatch(path):
        return []
    tokens: list[str | int] = [int(token) if token.isdigit() else token for token in _TOKEN.findall(path)]
    return tokens if len(tokens) <= _MOST_TOKENS else []


def _put(tree: dict[str | int, Any], tokens: Sequence[str | int], value: Any) -> None:
    for token in tokens[:-1]:
        below = tree.setdefault(token, {})
        if not isinstance(below, dict):
            return
        tree = below
    tree[tokens[-1]] = value


def _settle(tree: Any) -> Any:
    """Turn the numbered into lists, closing gaps; a group that lost its last line keeps an empty list."""
    if not isinstance(tree, dict):
        return tree
    if tree and all(isinstance(key, int) for key in tree):
        return [_settle(tree[key]) for key in sorted(tree)]
    settled = {key: _settle(below) for key, below in tree.items() if isinstance(key, str)}
    if "combinator" in settled:
        settled.setdefault("rules", [])
    return settled


def find_node(raw: Any, path: str) -> Any:
    """Return what stands at ``path`` in the draft, or ``None``."""
    return _follow(raw, _tokens(path))


def _follow(raw: Any, tokens: Sequence[str | int]) -> Any:
    if not tokens:
        return None
    for token in tokens:
        if isinstance(token, int):
            raw = raw[token] if isinstance(raw, list) and token < len(raw) else None
        else:
            raw = raw.get(token) if isinstance(raw, dict) else None
    return raw


def _group_at(raw: Raw, path: str) -> Raw | None:
    """The scope is a group that appears with its first condition."""
    if path != "scope":
        return None
    scope: Raw = {"combinator": "and", "rules": []}
    raw["scope"] = scope
    return scope


def _add(group: Raw, path: str, verb: str) -> str:
    rules = _list(group.get("rules"))
    group["rules"] = [*rules, empty_condition() if verb == "add-condition" else empty_group()]
    place = f"{path}.rules[{len(rules)}]"
    return f"{place}.field" if verb == "add-condition" else f"{place}.rules[0].field"


def _remove(raw: Raw, path: str) -> str:
    siblings, index = siblings_of(raw, path)
    if siblings is None:
        return ""
    del siblings[index]
    return f"{path.rpartition('.')[0] or 'branches'}.undo"


def _move(raw: Raw, path: str, *, by: int) -> str:
    """Change places with a neighbour, and keep the focus on the button, or on the other one at the end of the list."""
    siblings, index = siblings_of(raw, path)
    goal = index + by
    if siblings is None or not 0 <= goal < len(siblings):
        return ""
    siblings[index], siblings[goal] = siblings[goal], siblings[index]
    is_at_end = goal in (0, len(siblings) - 1)
    button = ("down" if goal == 0 else "up") if is_at_end else ("up" if by < 0 else "down")
    return f"{path.rpartition('[')[0]}[{goal}].{button}"


def _duplicate(raw: Raw, path: str) -> str:
    siblings, index = siblings_of(raw, path)
    if siblings is None:
        return ""
    siblings.insert(index + 1, copy.deepcopy(siblings[index]))
    return f"{path.rpartition('[')[0]}[{index + 1}].up"


def _change(raw: Raw, path: str) -> str:
    """Nothing changes but what the page offers; go on at what is to be chosen next."""
    return path


def siblings_of(raw: Raw, path: str) -> tuple[list[Any] | None, int]:
    """Return the list that the place ``path`` is in, and its index there; ``None`` when there is no such list."""
    tokens = _tokens(path)
    siblings = _follow(raw, tokens[:-1]) if tokens else None
    return (siblings, tokens[-1]) if isinstance(siblings, list) and isinstance(tokens[-1], int) else (None, 0)


_ACTS: Mapping[str, Callable[[Raw, str], str]] = {
    "remove": _remove,
    "up": partial(_move, by=-1),
    "down": partial(_move, by=1),
    "duplicate": _duplicate,
    "change": _change,
}
