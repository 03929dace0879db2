"""Which inputs do a variable's parameters need? One for each, with its label, its default, and its errors."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from oscar_engage.dashboard.rules.draft import parameters_of
from oscar_engage.dashboard.rules.inputs import Control, one_value, text_of
from oscar_engage.rules.parameters import Parameter

if TYPE_CHECKING:
    from oscar_engage.dashboard.rules.controls import Errors


def parameter_controls(field: str, node: Mapping[str, Any], path: str, at: "Errors") -> Sequence[Control]:
    """Return the inputs of the parameters of the variable ``field``; ``node`` is the condition as typed, ``path`` its place."""
    given, sought = _mapping(node.get("with")), _mapping(node.get("find"))
    found: list[Control] = []
    for parameter in parameters_of(field):
        name, find = f"{path}.with.{parameter.name}", text_of(sought.get(parameter.name))
        raw, label = _shown(parameter, given), str(parameter.label)
        controls = list(one_value(parameter.type, raw, name, label, find=find, search=f"{path}.find.{parameter.name}"))
        controls[-1] = replace(controls[-1], help=_help(parameter) or controls[-1].help, errors=at(name))
        found += controls
    return found


def _help(parameter: Parameter) -> str:
    """Return what stands beside the label; whoever may leave an input empty is told so."""
    is_optional = not parameter.is_required and parameter.default is None
    return str(parameter.help) or (_("optional") if is_optional else "")


def _mapping(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def stray_errors(field: str, raw: Any, path: str, at: "Errors") -> list[str]:
    """Return the errors of parameters for which there is no input: only JSON can have them."""
    names = {parameter.name for parameter in parameters_of(field)}
    strays = [str(name)[:80] for name in raw if name not in names] if isinstance(raw, Mapping) else []
    return [*at(path), *(message for name in strays for message in at(f"{path}.{name}"))]


def _shown(parameter: Parameter, given: Mapping[str, Any]) -> Any:
    """Return what to show: what was typed, even if it is nothing; in a new line the default."""
    if parameter.name in given:
        return given[parameter.name]
    return None if given or parameter.default is None else parameter.type.to_json(parameter.default)
