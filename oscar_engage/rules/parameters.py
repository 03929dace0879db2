"""What may be asked of a variable beside its name? Its parameters: typed, checked, written into a key and read back.

A *key* is what ``Condition.field`` holds and a reader is asked for: the variable's name and, if it has any, the parameters
that are set, in the order in which they were declared: ``history.count?kind=product.viewed&days=7``. One rule has one key, so
that equal questions are asked once.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TypeAlias
from urllib.parse import parse_qsl, quote, urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from oscar_engage.rules.engine.values import Scalar
from oscar_engage.rules.errors import WrongValueError
from oscar_engage.rules.types import MoneyType, SetOfTexts, ValueType

Params: TypeAlias = Mapping[str, Scalar]
"""The parameters that are set, by name."""

Check: TypeAlias = Callable[[Params], Iterable[tuple[str, str]]]
"""Gives, for parameters that are each right, those that do not go together: name and what to do instead."""

_NAME = re.compile(r"[a-z]+")
_MOST = 20


@dataclass(frozen=True, slots=True)
class Parameter:
    """One typed parameter of a variable.

    ``name`` is of lower-case letters. Without a ``default`` it may be left out, unless it ``is_required``. ``phrase`` is its
    place in a sentence, behind the variable's words: ``"in the last %(value)s"``; without one the variable's own words name it.
    """

    name: str
    type: ValueType
    _: KW_ONLY
    label: str | Promise
    default: Scalar | None = None
    is_required: bool = False
    phrase: str | Promise = ""
    help: str | Promise = ""

    def clean(self, raw: object) -> Scalar | None:
        """Return ``raw`` as a value, the default where nothing was typed, or raise :class:`WrongValueError`."""
        if raw is None or raw == "":
            if self.is_required and self.default is None:
                raise WrongValueError(_("Fill this in: %(label)s.") % {"label": self.label})
            return self.default
        return self.type.clean_one(raw)


def check_parameters(name: str, parameters: Sequence[Parameter]) -> None:
    """Raise ``ValueError`` for parameters that no variable can have: a wrong or repeated name, a type that is no one text."""
    names = [parameter.name for parameter in parameters]
    wrong = [one for one in names if not _NAME.fullmatch(one) or names.count(one) > 1]
    wrong += [parameter.name for parameter in parameters if isinstance(parameter.type, MoneyType | SetOfTexts)]
    if wrong or len(names) > _MOST:
        raise ValueError(f"{name!r} cannot have the parameters {', '.join(wrong or names)}: see rules.parameters.")


def make_key(name: str, parameters: Sequence[Parameter], values: Params) -> str:
    """Return the key of the variable ``name`` with these cleaned ``values``."""
    pairs = [(one.name, _to_text(one, values[one.name])) for one in parameters if one.name in values]
    return f"{name}?{urlencode(pairs, quote_via=quote)}" if pairs else name


def read_key(parameters: Sequence[Parameter], query: str) -> Params:
    """Return the values in the part of a key behind its "?", defaults filled in, or raise :class:`WrongValueError`."""
    typed = {one.name: one for one in parameters}
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST) if query else []
    except ValueError:
        raise WrongValueError(query[:80]) from None
    values: dict[str, Scalar] = {}
    for name, text in pairs:
        if name not in typed or name in values:
            raise WrongValueError(name[:80])
        values[name] = typed[name].type.clean_one(text)
    filled = {one.name: one.clean(None) if one.name not in values else values[one.name] for one in parameters}
    return {name: value for name, value in filled.items() if value is not None}


def bare_name(key: str) -> str:
    """Return the name of the variable in ``key``."""
    return key.partition("?")[0]


def _to_text(parameter: Parameter, value: Scalar) -> str:
    written = parameter.type.to_json(value)
    return str(written).lower() if isinstance(written, bool) else str(written)
