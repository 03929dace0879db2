"""Which tree of conditions does a JsonLogic operation mean? Read what conditions can say, and say what they cannot.

The other way is ``rules.jsonlogic.write``. Understood are ``and``, ``or``, ``!``, ``!!``, comparisons of a ``var`` with a value
(on either side, and ``a <= var <= b``), ``in`` with a list or a text, ``substr`` from the beginning, and ``null`` for "is not
known". Note that JsonLogic takes a missing variable for ``null``, or zero; in a rule it is unknown and satisfies nothing.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from oscar_engage.rules.engine.tree import Group
from oscar_engage.rules.errors import FieldError, InvalidRuleError
from oscar_engage.rules.grammar import read_document
from oscar_engage.rules.segments.shelf import Texts
from oscar_engage.rules.types import Boolean, MoneyType, ValueType
from oscar_engage.rules.variables import find_variable, split_key
from oscar_engage.rules.with_json import params_to_json

_SIGNS = {"==": "=", "===": "=", "!=": "!=", "!==": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_WHEN = "branches[0].when"
NO_SEGMENTS: Texts = MappingProxyType({})
_RANGE, _PAIR = 3, 2  # how many arguments "a <= var <= b" and other comparisons have

Raw = dict[str, Any]


class _CannotSayError(ValueError):
    """Why this operation is no condition, in words for people."""


def read_jsonlogic(logic: object, *, segments: Texts = NO_SEGMENTS) -> Group:
    """Return the conditions in ``logic`` (what ``json.loads`` gives) or raise :class:`InvalidRuleError`.

    ``segments`` are those of which it may speak, ``{"var": "segment.<slug>"}``. The errors name the operation that cannot be
    expressed, or what the grammar says of the conditions found.
    """
    try:
        tree = _as_group(_split_keys(_read(logic)))
    except _CannotSayError as error:
        raise InvalidRuleError([FieldError("", str(error))]) from None
    except RecursionError:
        raise InvalidRuleError([FieldError("", _("This is nested too deeply."))]) from None
    raw = {"schema": 1, "branches": [{"when": tree, "then": []}], "else": []}
    document, errors = read_document(raw, segments=segments)
    if errors:
        raise InvalidRuleError(FieldError(one.path.removeprefix(_WHEN).lstrip("."), one.message) for one in errors)
    return document.branches[0].when


def _split_keys(node: Raw) -> Raw:
    """Return ``node`` with the parameters of its variables beside their names."""
    if "rules" in node:
        return {**node, "rules": [_split_keys(child) for child in node["rules"]]}
    if find_variable(node["field"]) is None:
        return node  # the grammar says what is wrong with it
    variable, params = split_key(node["field"])
    return {**node, "field": variable.name, **({"with": params_to_json(variable, params)} if params else {})}


def _as_group(node: Raw) -> Raw:
    return node if "rules" in node else {"combinator": "and", "rules": [node]}


def _read(logic: object) -> Raw:
    if not isinstance(logic, Mapping) or len(logic) != 1:
        raise _CannotSayError(_("An operation such as {“==”: […]} is needed, not %(found)s.") % {"found": _short(logic)})
    ((name, given),) = logic.items()
    arguments = list(given) if isinstance(given, list | tuple) else [given]
    if name in ("and", "or"):
        return _read_group(name, arguments)
    if name in ("!", "!!") and len(arguments) == 1:
        inner = _read(arguments[0])
        return inner if name == "!!" else _opposite(inner)
    if name == "var":
        return _read_flag(arguments)
    if name == "in" and len(arguments) == _PAIR:
        return _read_in(*arguments)
    if name in _SIGNS:
        return _read_money(logic, {}) or _read_comparison(name, arguments)
    raise _CannotSayError(_("“%(name)s” cannot be said in a condition.") % {"name": str(name)[:80]})


def _read_group(name: str, arguments: Sequence[object]) -> Raw:
    if not arguments:
        raise _CannotSayError(_("“%(name)s” of nothing cannot be said in a condition.") % {"name": name})
    currencies = dict(filter(None, map(_read_currency, arguments))) if name == "and" else {}
    rules = [_read_money(one, currencies) or _read(one) for one in arguments if _read_currency(one) is None or name == "or"]
    if len(rules) == 1 and currencies:
        return rules[0]
    if not rules:
        raise _CannotSayError(_("Name an amount beside its currency, in one “and”."))
    return {"combinator": name, "rules": rules}


def _read_currency(logic: object) -> tuple[str, str] | None:
    """Return variable and currency of ``{"==": [{"var": "basket.total.currency"}, "GBP"]}``; ``None`` for all else."""
    sides = _sides(logic, ("==", "==="))
    if sides is None or not isinstance(sides[1], str):
        return None
    field = _money_field(sides[0], "currency")
    return None if field is None else (field, sides[1])


def _read_money(logic: object, currencies: Mapping[str, str]) -> Raw | None:
    """Return the condition of a comparison of an amount, with the currency that stands beside it; ``None`` for all else."""
    if not isinstance(logic, Mapping) or len(logic) != 1:
        return None
    ((name, given),) = logic.items()
    if name in ("!", "or"):
        return _read_money_group(name, given, currencies)
    places = [_money_field(_name_of(one), "amount") for one in given] if name in _SIGNS and isinstance(given, list) else []
    field = next((place for place in places if place is not None), None)
    if field is None:
        return None
    if field not in currencies:
        raise _CannotSayError(_("Name an amount beside its currency, in one “and”."))
    return _with_currency(_read_comparison(name, given), field, currencies[field])


def _with_currency(node: Raw, field: str, currency: str) -> Raw:
    """Return the conditions on an amount as conditions on the money ``field``."""
    if "rules" in node:
        return {**node, "rules": [_with_currency(child, field, currency) for child in node["rules"]]}
    if "value" not in node:
        return {**node, "field": field}
    value = node["value"]
    money = [{"amount": one, "currency": currency} for one in (value if isinstance(value, list) else [value])]
    return {**node, "field": field, "value": money if isinstance(value, list) else money[0]}


def _read_money_group(name: str, given: Any, currencies: Mapping[str, str]) -> Raw | None:
    parts = [_read_money(one, currencies) for one in (given if isinstance(given, list) else [given])]
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts) or (name == "!" and len(parts) > 1):
        return None
    return {"combinator": "or", "rules": known} if name == "or" else _opposite(known[0])


def _read_comparison(name: str, arguments: Sequence[object]) -> Raw:
    if len(arguments) == _RANGE and name in ("<", "<="):
        low, value, high = arguments
        field = _needed_name(value)
        if name == "<=":
            return {"field": field, "operator": "between", "value": [_constant(low), _constant(high)]}
        bounds = [(">", low), ("<", high)]
        return {
            "combinator": "and",
            "rules": [{"field": field, "operator": sign, "value": _constant(limit)} for sign, limit in bounds],
        }
    sides = _sides({name: arguments}, tuple(_SIGNS))
    if sides is None:
        return _read_beginning(name, arguments)
    field, value, is_turned = sides
    operator = _TURNED.get(_SIGNS[name], _SIGNS[name]) if is_turned else _SIGNS[name]
    if value is None and operator in ("=", "!="):
        return {"field": field, "operator": "null" if operator == "=" else "notNull"}
    return {"field": field, "operator": operator, "value": value}


def _read_beginning(name: str, arguments: Sequence[object]) -> Raw:
    """Return the condition of ``{"==": [{"substr": [{"var": x}, 0, 3]}, "abc"]}``."""
    match [name, *arguments]:
        case ["==" | "===", {"substr": [{"var": str(field)}, 0, int(length)]}, str(text)] if length == len(text):
            return {"field": field, "operator": "beginsWith", "value": text}
    raise _CannotSayError(
        _("“%(name)s” compares one variable with one value, not %(found)s.") % {"name": name, "found": _short(arguments)}
    )


def _read_in(needle: object, hay: object) -> Raw:
    field = _name_of(needle)
    if field is not None and isinstance(hay, list):
        return {"field": field, "operator": "in", "value": [_constant(one) for one in hay]}
    return {"field": _needed_name(hay), "operator": "contains", "value": _constant(needle)}


def _read_flag(arguments: Sequence[object]) -> Raw:
    field = _needed_name({"var": arguments})
    if _has_type(field, Boolean):
        return {"field": field, "operator": "=", "value": True}
    raise _CannotSayError(_("“%(name)s” alone is no condition: compare it with a value.") % {"name": field[:80]})


def _opposite(node: Raw) -> Raw:
    if node.get("operator") == "in":
        return {**node, "operator": "notIn"}
    group = _as_group(node)
    return {**group, "not": not group.get("not", False)}


def _sides(logic: object, names: Sequence[str]) -> tuple[str, Any, bool] | None:
    """Return variable, value and whether the value comes first, of a comparison of one with the other."""
    if not isinstance(logic, Mapping) or len(logic) != 1:
        return None
    ((name, given),) = logic.items()
    if name not in names or not isinstance(given, list | tuple) or len(given) != _PAIR:
        return None
    left, right = (_name_of(one) for one in given)
    if left is not None and right is None and not isinstance(given[1], Mapping):
        return left, _constant(given[1]), False
    if right is not None and left is None and not isinstance(given[0], Mapping):
        return right, _constant(given[0]), True
    return None


def _name_of(logic: object) -> str | None:
    """Return the name in ``{"var": name}``; ``None`` for all else, also for a ``var`` with a default."""
    if not isinstance(logic, Mapping) or set(logic) != {"var"}:
        return None
    name = logic["var"]
    if isinstance(name, list) and len(name) == 1:
        name = name[0]
    return name if isinstance(name, str) and name else None


def _needed_name(logic: object) -> str:
    name = _name_of(logic)
    if name is None:
        raise _CannotSayError(_("A variable is needed, {“var”: “…”}, not %(found)s.") % {"found": _short(logic)})
    return name


def _money_field(name: str | None, part: str) -> str | None:
    """Return the money variable of which ``name`` is this part."""
    field, _dot, last = (name or "").rpartition(".")
    return field if last == part and _has_type(field, MoneyType) else None


def _has_type(field: str, kind: type[ValueType]) -> bool:
    variable = find_variable(field)
    return variable is not None and isinstance(variable.type, kind)


def _constant(value: object) -> object:
    if isinstance(value, Mapping):
        raise _CannotSayError(_("A value is needed, not %(found)s.") % {"found": _short(value)})
    return value


def _short(found: object) -> str:
    return repr(found)[:80]
