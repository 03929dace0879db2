"""What is known of this visit, value by value? The variables that rules read, and the state as it is stored."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from oscar_engage.dashboard.visits.log import shorten
from oscar_engage.modules import is_there
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.engine.walk import Read
from oscar_engage.rules.variables import VARIABLES, Variable
from oscar_engage.visitors.state import VisitState, to_json

_LARGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueLine:
    """A variable and what it is worth now."""

    name: str
    label: str
    words: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """The variables of one group, in the order of their registration."""

    label: str
    lines: Sequence[ValueLine]


def read_values(read: Read) -> Sequence[ValueGroup]:
    """Return all variables as ``read`` gives them, but for those that have to be asked with parameters."""
    asked = (
        one
        for one in VARIABLES
        if is_there("variables", one.name) and not any(parameter.is_required for parameter in one.parameters)
    )
    ordered = sorted(asked, key=lambda variable: str(variable.group))
    return [
        ValueGroup(label, [_line(variable, read(variable.name)) for variable in variables])
        for label, variables in groupby(ordered, key=lambda variable: str(variable.group))
    ]


def say_value(variable: Variable, value: Value) -> str:
    """Return what a variable is worth, in words. A value that is not of the variable's type is shown as it is."""
    if value is UNKNOWN:
        return _("not known")
    try:
        several = sorted(value) if isinstance(value, frozenset) else [value]
        return ", ".join(variable.type.describe(_shorten(one)) for one in several) or _("nothing")
    except Exception:  # noqa: BLE001 - a shop's own variable: its fault is to be seen here, not to hide everything else
        return str(value)


def _shorten(value: Any) -> Any:
    """Return a measured number as people read it, to the hundredth, a large one whole; anything else as it is."""
    if not isinstance(value, float) or math.isinf(value):
        return value
    return round(value) if abs(value) >= _LARGE else round(value, 2)


def read_memory(state: VisitState) -> Sequence[tuple[str, str]]:
    """Return what is stored of the visit, by the names of ``VisitState``; what is still as it began is left out."""
    return [(name, shorten(value)) for name, value in sorted(to_json(state).items())]


def _line(variable: Variable, value: Value) -> ValueLine:
    return ValueLine(
        name=variable.name, label=str(variable.label), words=say_value(variable, value), is_known=value is not UNKNOWN
    )
