"""Which inputs does a value need? For each type the right one: a list to choose from, an amount with its currency or unit."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from oscar_engage.dashboard.rules.amounts import show_number
from oscar_engage.dashboard.rules.draft import UNITS
from oscar_engage.rules.named import NAMES
from oscar_engage.rules.types import Boolean, Choice, Duration, MoneyType, Number, ValueType, join_list, split_list

_NOT_IN_IDS = re.compile(r"[^a-z0-9]+", re.IGNORECASE)
_VALUELESS = ("null", "notNull")
_LISTED = ("in", "notIn")

Label = str | Promise


def id_of(path: str) -> str:
    """Return the HTML id of the control at ``path``."""
    return "engage-" + _NOT_IN_IDS.sub("-", path).strip("-")


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a select or one box of a list."""

    value: str
    label: Label
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Lines of a select under one heading; an empty heading: none."""

    label: Label
    options: Sequence[Option]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One input: ``kind`` is ``text``, ``number``, ``select``, ``boxes``, ``hidden`` or ``find``.

    A ``find`` fills the control whose HTML id is ``target`` with what it finds.
    """

    kind: str
    name: str
    label: Label
    value: str = ""
    groups: Sequence[OptionGroup] = ()
    help: Label = ""
    errors: Sequence[str] = ()
    target: str = ""

    @property
    def id(self) -> str:
        """The HTML id, made from the name."""
        return id_of(self.name)


def value_controls(kind: ValueType, operator: str, raw: Any, name: str, *, find: str = "") -> Sequence[Control]:
    """Return the inputs for what a condition compares with; ``find`` is what was searched for among the things of its kind."""
    if operator in _VALUELESS:
        return ()
    if kind.name in NAMES:
        return _things(kind.name, operator, raw, name, find=find, search=f"{name.removesuffix('.value')}.find")
    if operator == "between":
        low, high = _ends(raw)
        return [*one_value(kind, low, f"{name}[0]", _("From")), *one_value(kind, high, f"{name}[1]", _("To"))]
    if operator in _LISTED:
        return [_several(kind, raw, name)]
    return one_value(kind, raw[0] if isinstance(raw, list) and raw else raw, name, _("Value"))


def one_value(kind: ValueType, raw: Any, name: str, label: str, *, find: str = "", search: str = "") -> Sequence[Control]:
    """Return the inputs for one value of ``kind``, as it was typed or stored.

    A thing of the shop is searched for by name with an input called ``search``; ``find`` is what was searched for.
    """
    if search and kind.name in NAMES:
        return _things(kind.name, "=", raw, name, find=find, search=search, label=label)
    if isinstance(kind, MoneyType):
        return _money(raw, name, label)
    if isinstance(kind, Duration):
        return _duration(raw, name, label)
    if isinstance(kind, Boolean):
        options = [("", _("Choose …")), ("true", _("yes")), ("false", _("no"))]
        return [Control(kind="select", name=name, label=label, groups=ungrouped(options, text_of(raw)))]
    if isinstance(kind, Choice):
        options = [("", _("Choose …")), *((value, str(words)) for value, words in kind.choices.items())]
        return [Control(kind="select", name=name, label=label, groups=ungrouped(keeping(options, raw), text_of(raw)))]
    is_number, text = isinstance(kind, Number), text_of(raw)
    value = show_number(text) if is_number else text
    return [Control(kind="number" if is_number else "text", name=name, label=label, value=value)]


def _money(raw: Any, name: str, label: str) -> Sequence[Control]:
    """Return amount and currency; as long as none was typed, the shop's own stands there."""
    typed = raw if isinstance(raw, dict) else {"amount": text_of(raw)}
    currency = text_of(typed.get("currency")) or getattr(settings, "OSCAR_DEFAULT_CURRENCY", "")
    return [
        Control(kind="number", name=f"{name}.amount", label=label, value=show_number(text_of(typed.get("amount")))),
        Control(kind="text", name=f"{name}.currency", label=_("Currency"), value=currency),
    ]


def _duration(raw: Any, name: str, label: str) -> Sequence[Control]:
    """Return amount and unit; what is stored in seconds is shown in the largest unit in which it is whole."""
    amount, unit = _in_units(raw) if not isinstance(raw, dict) else (text_of(raw.get("amount")), text_of(raw.get("unit")))
    words = (_("seconds"), _("minutes"), _("hours"), _("days"))
    options = list(zip(UNITS, words, strict=True))
    return [
        Control(kind="number", name=f"{name}.amount", label=label, value=show_number(amount)),
        Control(kind="select", name=f"{name}.unit", label=_("Unit"), groups=ungrouped(options, unit or UNITS[0])),
    ]


def _in_units(raw: Any) -> tuple[str, str]:
    text = text_of(raw)
    try:
        seconds = float(text)
    except ValueError:
        return text, UNITS[0]
    unit = next((unit for unit in reversed(UNITS) if seconds and seconds % int(unit) == 0), UNITS[0])
    return (text if unit == UNITS[0] else f"{seconds / int(unit):.0f}"), unit


def _several(kind: ValueType, raw: Any, name: str) -> Control:
    chosen = _split(raw)
    if isinstance(kind, Choice):
        options = [Option(value, words, value in chosen) for value, words in kind.choices.items()]
        return Control(kind="boxes", name=f"{name}[]", label=_("Values"), groups=[OptionGroup("", options)])
    value = join_list(text_of(one) for one in chosen)
    return Control(kind="text", name=name, label=_("Values"), value=value, help=_("separated by commas"))


def _things(kind: str, operator: str, raw: Any, name: str, *, find: str, search: str, label: str = "") -> Sequence[Control]:
    """Return what to choose from: what is chosen already, and what the search finds."""
    chosen = [text_of(one) for one in _split(raw)] if operator in _LISTED or isinstance(raw, list) else [text_of(raw)]
    chosen = [one for one in chosen if one]
    names = {str(pk): title for pk, title in NAMES.get(kind).named(ids_in(chosen)).items()}
    found = {str(pk): title for pk, title in NAMES.get(kind).find(find).items()}
    offered = {**{one: names.get(one, one) for one in chosen}, **found}
    options = [Option(value, title, value in chosen) for value, title in offered.items()]
    finder = Control(
        kind="find",
        name=search,
        label=_("%(what)s: search by name") % {"what": label} if label else _("Search by name"),
        value=find,
        help=_("Nothing has this in its name.") if find and not found else "",
        target=id_of(name),
    )
    if operator in _LISTED:
        return [finder, Control(kind="boxes", name=f"{name}[]", label=_("Values"), groups=[OptionGroup("", options)])]
    first = Option("", _("Search, then choose …") if not options else _("Choose …"), not chosen)
    choice = [first, *options[: len(chosen)][:1], *options[len(chosen) :]]
    return [finder, Control(kind="select", name=name, label=label or _("Value"), groups=[OptionGroup("", choice)])]


def ids_in(texts: Iterable[Any]) -> list[int]:
    """Return those of ``texts`` that can be ids."""
    plain = (text_of(text) for text in texts)
    return [int(text) for text in plain if text.isdecimal() and len(text) < 10]  # noqa: PLR2004 - what fits an id


def ungrouped(options: Iterable[tuple[str, str]], chosen: str) -> list[OptionGroup]:
    """Return ``options`` under no heading."""
    return [OptionGroup("", [Option(value, label, value == chosen) for value, label in options])]


def keeping(options: list[tuple[str, str]], chosen: Any) -> list[tuple[str, str]]:
    """Add a value that is not on the list, so that what was typed or imported is not lost."""
    text = text_of(chosen)
    return options if text in dict(options) or not text else [*options, (text, text)]


def text_of(raw: Any) -> str:
    """Return what stands in an input for ``raw``."""
    if raw is None or isinstance(raw, dict | list):
        return ""
    return str(raw).lower() if isinstance(raw, bool) else str(raw)


def _split(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else split_list(text_of(raw))


def _ends(raw: Any) -> tuple[Any, Any]:
    items = raw if isinstance(raw, list) else [raw]
    return (items[0] if items else "", items[1] if len(items) > 1 else "")
