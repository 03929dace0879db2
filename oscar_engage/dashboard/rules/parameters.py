"""Which inputs do a variable's parameters need? One for each, with its label, its default, and its errors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from oscar_engage.rules.parameters import Parameter
from oscar_engage.rules.types import ValueType
from oscar_engage.rules.variables import VARIABLES

if TYPE_CHECKING:
    from oscar_engage.dashboard.rules.controls import Control, Errors

Build = Callable[[ValueType, Any, str, str], Sequence["Control"]]
"""Gives the inputs for one value of a type: the value as typed, the name of its field, its label."""


def parameter_controls(field: str, raw: Any, path: str, at: "Errors", *, build: Build) -> Sequence["Control"]:
    """Return the inputs of the parameters of the variable ``field``; ``raw`` is what was typed, ``path`` their place."""
    given = raw if isinstance(raw, Mapping) else {}
    return [
        replace(control, help=parameter.help or control.help, errors=at(f"{path}.{parameter.name}"))
        for parameter in _parameters(field)
        for control in build(parameter.type, _shown(parameter, given), f"{path}.{parameter.name}", str(parameter.label))
    ]


def stray_errors(field: str, raw: Any, path: str, at: "Errors") -> list[str]:
    """Return the errors of parameters for which there is no input: only JSON can have them."""
    names = {parameter.name for parameter in _parameters(field)}
    strays = [str(name)[:80] for name in raw if name not in names] if isinstance(raw, Mapping) else []
    return [*at(path), *(message for name in strays for message in at(f"{path}.{name}"))]


def fit_parameters(field: Any, raw: Any) -> dict[str, Any]:
    """Return what was filled in of the parameters of the variable ``field``.

    Another variable may have been chosen since: what was typed for the one before is dropped.
    """
    given = raw if isinstance(raw, Mapping) else {}
    names = [parameter.name for parameter in _parameters(field)]
    return {name: given[name] for name in names if given.get(name) not in (None, "")}


def _parameters(field: Any) -> Sequence[Parameter]:
    return VARIABLES.get(field).parameters if isinstance(field, str) and field in VARIABLES else ()


def _shown(parameter: Parameter, given: Mapping[str, Any]) -> Any:
    """Return what to show: what was typed, even if it is nothing; in a new line the default."""
    if parameter.name in given:
        return given[parameter.name]
    return None if given or parameter.default is None else parameter.type.to_json(parameter.default)
