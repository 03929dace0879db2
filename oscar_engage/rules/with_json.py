"""Are these the parameters of that variable? The "with" of a condition, in and out."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from oscar_engage.rules.engine.values import Scalar
from oscar_engage.rules.errors import FieldError, WrongValueError
from oscar_engage.rules.parameters import Params
from oscar_engage.rules.variables import Variable


def clean_with(variable: Variable, raw: object, path: str) -> tuple[Params, list[FieldError]]:
    """Return the parameters in ``raw``, defaults filled in, and every mistake, each at its place below ``path``."""
    if raw is None:
        raw = {}
    if not isinstance(raw, Mapping):
        return {}, [FieldError(path, _("Parameters are an object: a name with a value each."))]
    errors = [FieldError(f"{path}.{str(name)[:80]}", message) for name, message in _unknown(variable, raw)]
    values: dict[str, Scalar] = {}
    for parameter in variable.parameters:
        try:
            value = parameter.clean(raw.get(parameter.name))
        except WrongValueError as error:
            errors.append(FieldError(f"{path}.{parameter.name}", str(error)))
        else:
            if value is not None:
                values[parameter.name] = value
    if not errors:
        errors = [FieldError(f"{path}.{name}", message) for name, message in variable.check(values)]
    return values, errors


def params_to_json(variable: Variable, params: Params) -> dict[str, Any]:
    """Return ``params`` in their canonical JSON shape, in the declared order."""
    return {one.name: one.type.to_json(params[one.name]) for one in variable.parameters if one.name in params}


def _unknown(variable: Variable, raw: Mapping[Any, object]) -> list[tuple[object, str]]:
    names = [parameter.name for parameter in variable.parameters]
    return [(name, _advice(str(name), names)) for name in raw if name not in names]


def _advice(name: str, names: list[str]) -> str:
    near = get_close_matches(name, names, n=1)
    if near:
        return _("This variable has no “%(name)s”. Did you mean “%(near)s”?") % {"name": name[:80], "near": near[0]}
    if names:
        return _("Remove this: the variable takes %(names)s.") % {"names": ", ".join(names)}
    return _("Remove this: the variable takes no parameters.")
