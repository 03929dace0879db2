"""How is a number typed? As the reader's language writes it: what a form shows and takes, and what is stored (``50.00``).

Only forms are read so. JSON, bundles and JsonLogic hold numbers as programs write them, whoever reads them.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import get_format

from oscar_engage.rules.parameters import Parameter
from oscar_engage.rules.types import Number, ValueType
from oscar_engage.rules.variables import VARIABLES

_STORED = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_LISTED = ("in", "notIn")


def show_number(text: str) -> str:
    """Return what stands in an input for ``text``, which is stored or typed: ``50.00`` is ``50,00`` in German.

    Thousands are not set apart, so that nothing that is shown can be read in two ways.
    """
    return text.replace(".", get_format("DECIMAL_SEPARATOR")) if _STORED.fullmatch(text) else text


def read_number(text: str) -> str:
    """Return what was typed as it is stored: ``50,00``, ``1.234,50`` and ``50.00`` are all right in German.

    A point between three digits and three sets thousands apart where the language does so, and else is a decimal point.
    What is no number, and all in a language that has a decimal point itself, is returned as it was typed.
    Django's ``sanitize_separators`` takes thousands apart only in shops that print them, and reads ``1.234`` as 1.234 else.
    """
    point = get_format("DECIMAL_SEPARATOR")
    if point == ".":
        return text
    apart = get_format("THOUSAND_SEPARATOR")
    between = "|".join(re.escape(one) for one in {apart, unicodedata.normalize("NFKD", apart)} if one)
    whole = rf"[1-9][0-9]{{0,2}}(?:(?:{between})[0-9]{{3}})+|[0-9]+" if between else "[0-9]+"
    found = re.fullmatch(
        rf"(?P<sign>[-+]?)(?P<whole>{whole})(?:{re.escape(point)}(?P<part>[0-9]+))?(?P<unit>\s*%?)", text.strip()
    )
    if found is None:
        return text
    digits = "".join(one for one in found["whole"] if one.isdecimal())
    return found["sign"] + digits + (f".{found['part']}" if found["part"] else "") + found["unit"]


def read_numbers(raw: Any) -> None:
    """Have every amount, time span and number in a form's draft be as it is stored, where the draft says what it is."""
    todo = [raw]
    while todo:
        node = todo.pop()
        if isinstance(node, list):
            todo += node
        elif isinstance(node, dict):
            todo += node.values()
            _read_condition(node)
            if isinstance(node.get("amount"), str):
                node["amount"] = read_number(node["amount"])


def _read_condition(node: dict[str, Any]) -> None:
    field, given = node.get("field"), node.get("with")
    if not isinstance(field, str) or field not in VARIABLES:
        return
    variable = VARIABLES.get(field)
    if "value" in node and node.get("operator") not in _LISTED:  # a list is set apart by commas
        node["value"] = _read(variable.type, node["value"])
    if isinstance(given, dict):
        node["with"] = {**given, **_read_parameters(variable.parameters, given)}


def _read_parameters(parameters: Sequence[Parameter], given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {one.name: _read(one.type, given[one.name]) for one in parameters if one.name in given}


def _read(kind: ValueType, raw: Any) -> Any:
    if isinstance(raw, list):
        return [_read(kind, one) for one in raw]
    return read_number(raw) if isinstance(kind, Number) and isinstance(raw, str) else raw
