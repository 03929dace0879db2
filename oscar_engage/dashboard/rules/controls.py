"""Which inputs does a draft need? The nested form as values that a template only prints, each error at its field."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oscar_engage.dashboard.rules.draft import NOTHING, Raw
from oscar_engage.dashboard.rules.parameters import parameter_controls, stray_errors
from oscar_engage.rules.actions import ACTIONS
from oscar_engage.rules.errors import FieldError
from oscar_engage.rules.grammar import DEEPEST
from oscar_engage.rules.sentence import OPERATOR_LABELS
from oscar_engage.rules.types import Boolean, Choice, Duration, MoneyType, Number, ValueType
from oscar_engage.rules.variables import VARIABLES

_NOT_IN_IDS = re.compile(r"[^a-z0-9]+", re.IGNORECASE)
_VALUELESS = ("", "null", "notNull")
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
    """One input: ``kind`` is ``text``, ``number``, ``select`` or ``boxes``."""

    kind: str
    name: str
    label: Label
    value: str = ""
    groups: Sequence[OptionGroup] = ()
    help: Label = ""
    errors: Sequence[str] = ()

    @property
    def id(self) -> str:
        """The HTML id, made from the name."""
        return id_of(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionLine:
    """One condition: variable, operator, value inputs. ``errors`` are the value's, shown once."""

    path: str
    field: Control
    parameters: Sequence[Control] = ()
    operator: Control
    values: Sequence[Control]
    errors: Sequence[str]
    is_group: bool = False

    @property
    def id(self) -> str:
        """The HTML id of the line: choosing a variable replaces this line alone, not what is being typed elsewhere."""
        return f"{id_of(self.path)}-line"

    @property
    def error_id(self) -> str:
        """The HTML id of the value's errors; empty without any."""
        return f"{self.field.id}-value-error" if self.errors else ""

    @property
    def values_id(self) -> str:
        """The HTML id of the frame around the values, unless the only value has that id itself."""
        own = id_of(f"{self.path}.value")
        return "" if any(control.id == own for control in self.values) else own


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """A group of conditions and groups."""

    path: str
    combinator: Control
    negated: bool
    lines: Sequence["ConditionLine | GroupLine"]
    can_nest: bool
    errors: Sequence[str]
    is_group: bool = True

    @property
    def id(self) -> str:
        """The HTML id of its frame."""
        return id_of(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine:
    """What to do, with which engagement."""

    do: Control
    engagement: Control


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchLine:
    """One branch: conditions and what follows."""

    path: str
    when: GroupLine
    then: ActionLine
    is_first: bool
    can_remove: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The whole nested form. ``summary`` is every error with the id of the control it belongs to."""

    scope: GroupLine
    branches: Sequence[BranchLine]
    otherwise: ActionLine
    unknown: Control
    summary: Sequence[tuple[str, str]]


Errors = Callable[[str], list[str]]


def build_form(raw: Raw, *, engagements: Mapping[str, str], errors: Iterable[FieldError] = ()) -> Form:
    """Return the controls for ``raw`` with ``errors`` at their places; ``engagements`` are slug to kind of widget."""
    listed = list(errors)

    def at(path: str) -> list[str]:
        return [error.message for error in listed if error.path == path]

    branches = _list(raw.get("branches"))
    return Form(
        scope=_group(raw.get("scope"), "scope", 1, at),
        branches=[_branch(branch, index, len(branches), engagements, at) for index, branch in enumerate(branches)],
        otherwise=_action(raw.get("else"), "else", engagements, at, empty=NOTHING),
        unknown=_unknown(_text(raw.get("unknown")) or "skip", at),
        summary=[(id_of(_place(error.path)), error.message) for error in listed],
    )


def _place(path: str) -> str:
    """Lists have no control of their own: their errors stand at the group that holds them."""
    return path.removesuffix(".rules") if path else "branches"


def _branch(raw: Any, index: int, count: int, engagements: Mapping[str, str], at: Errors) -> BranchLine:
    branch = _mapping(raw)
    path = f"branches[{index}]"
    return BranchLine(
        path=path,
        when=_group(branch.get("when"), f"{path}.when", 1, at),
        then=_action(branch.get("then"), f"{path}.then", engagements, at, empty=NOTHING if branch.get("then") == [] else ""),
        is_first=index == 0,
        can_remove=count > 1,
    )


def _group(given: Any, path: str, depth: int, at: Errors) -> GroupLine:
    raw = _mapping(given)
    combinator = _text(raw.get("combinator")) or "and"
    options = [("and", _("all of these")), ("or", _("any of these"))]
    return GroupLine(
        path=path,
        combinator=Control(
            kind="select",
            name=f"{path}.combinator",
            label=_("How many must be true"),
            groups=_ungrouped(options, combinator),
            errors=at(f"{path}.combinator"),
        ),
        negated=raw.get("not") in (True, "true"),
        lines=[_line(line, f"{path}.rules[{index}]", depth, at) for index, line in enumerate(_list(raw.get("rules")))],
        can_nest=depth < DEEPEST,
        errors=[*at(path), *at(f"{path}.rules"), *at(f"{path}.not")],
    )


def _line(raw: Any, path: str, depth: int, at: Errors) -> ConditionLine | GroupLine:
    node = _mapping(raw)
    if "combinator" in node or "rules" in node:
        return _group(node, path, depth + 1, at)
    name, operator = _text(node.get("field")), _text(node.get("operator"))
    kind = VARIABLES.get(name).type if name in VARIABLES else None
    return ConditionLine(
        path=path,
        field=Control(
            kind="select",
            name=f"{path}.field",
            label=_("Variable"),
            groups=_variables(name),
            errors=[*at(f"{path}.field"), *at(path), *stray_errors(name, node.get("with"), f"{path}.with", at)],
        ),
        parameters=parameter_controls(name, node.get("with"), f"{path}.with", at, build=_one),
        operator=_operator(kind, operator, path, at),
        values=_values(kind, operator, node.get("value"), f"{path}.value") if kind else (),
        errors=at(f"{path}.value"),
    )


def _variables(chosen: str) -> list[OptionGroup]:
    groups: dict[str, list[Option]] = {}
    for variable in VARIABLES:
        groups.setdefault(str(variable.group), []).append(
            Option(variable.name, capfirst(str(variable.label)), variable.name == chosen)
        )
    first = [Option("", _("Choose …"), not chosen)]
    if chosen and chosen not in VARIABLES.names():
        first.append(Option(chosen, chosen, True))
    return [OptionGroup("", first), *(OptionGroup(label, options) for label, options in groups.items())]


def _operator(kind: ValueType | None, chosen: str, path: str, at: Errors) -> Control:
    known = kind.operators if kind else ()
    names = known if chosen in known or not chosen else (*known, chosen)
    options = [("", _("Choose …"))] if not chosen or not kind else []
    options += [(name, str(OPERATOR_LABELS.get(name, name))) for name in names]
    return Control(
        kind="select",
        name=f"{path}.operator",
        label=_("Comparison"),
        groups=_ungrouped(options, chosen),
        errors=at(f"{path}.operator"),
    )


def _values(kind: ValueType, operator: str, raw: Any, name: str) -> Sequence[Control]:
    if operator in _VALUELESS[1:]:
        return ()
    if operator == "between":
        low, high = _ends(raw)
        return [*_one(kind, low, f"{name}[0]", _("From")), *_one(kind, high, f"{name}[1]", _("To"))]
    if operator in _LISTED:
        return [_several(kind, raw, name)]
    return _one(kind, raw[0] if isinstance(raw, list) and raw else raw, name, _("Value"))


def _one(kind: ValueType, raw: Any, name: str, label: str) -> Sequence[Control]:
    if isinstance(kind, MoneyType):
        money = raw if isinstance(raw, dict) else {"amount": _text(raw), "currency": ""}
        return [
            Control(kind="number", name=f"{name}.amount", label=label, value=_text(money.get("amount"))),
            Control(kind="text", name=f"{name}.currency", label=_("Currency"), value=_text(money.get("currency"))),
        ]
    if isinstance(kind, Boolean):
        options = [("", _("Choose …")), ("true", _("yes")), ("false", _("no"))]
        return [Control(kind="select", name=name, label=label, groups=_ungrouped(options, _text(raw)))]
    if isinstance(kind, Choice):
        options = [("", _("Choose …")), *((value, str(words)) for value, words in kind.choices.items())]
        return [Control(kind="select", name=name, label=label, groups=_ungrouped(_keeping(options, raw), _text(raw)))]
    is_number = isinstance(kind, Number | Duration)
    help_text = _("in seconds") if isinstance(kind, Duration) else ""
    return [Control(kind="number" if is_number else "text", name=name, label=label, value=_text(raw), help=help_text)]


def _several(kind: ValueType, raw: Any, name: str) -> Control:
    chosen = raw if isinstance(raw, list) else [part.strip() for part in _text(raw).split(",") if part.strip()]
    if isinstance(kind, Choice):
        options = [Option(value, words, value in chosen) for value, words in kind.choices.items()]
        return Control(kind="boxes", name=f"{name}[]", label=_("Values"), groups=[OptionGroup("", options)])
    value = ", ".join(_text(one) for one in chosen)
    return Control(kind="text", name=name, label=_("Values"), value=value, help=_("separated by commas"))


def _action(raw: Any, path: str, engagements: Mapping[str, str], at: Errors, *, empty: str) -> ActionLine:
    actions_given = _list(raw)
    first = _mapping(actions_given[0]) if actions_given else {"do": empty}
    do, slug = _text(first.get("do")), _text(_mapping(first.get("with")).get("engagement"))
    actions = [("", _("Choose …"))] if not do else []
    actions += [(kind.name, str(kind.label)) for kind in ACTIONS]
    actions.append((NOTHING, _("Leave the shopper alone")))
    return ActionLine(
        do=Control(
            kind="select",
            name=f"{path}[0].do",
            label=_("What to do"),
            groups=_ungrouped(_keeping(actions, do), do),
            errors=[*at(path), *at(f"{path}[0]"), *at(f"{path}[0].do")],
        ),
        engagement=Control(
            kind="select",
            name=f"{path}[0].with.engagement",
            label=_("Engagement"),
            groups=_engagements(engagements, slug),
            errors=at(f"{path}[0].with.engagement"),
        ),
    )


def _engagements(engagements: Mapping[str, str], chosen: str) -> list[OptionGroup]:
    groups: dict[str, list[Option]] = {}
    for slug, widget in engagements.items():
        groups.setdefault(widget, []).append(Option(slug, slug, slug == chosen))
    first = [Option("", _("Choose …"), not chosen)]
    if chosen and chosen not in engagements:
        first.append(Option(chosen, chosen, True))
    return [OptionGroup("", first), *(OptionGroup(widget, options) for widget, options in groups.items())]


def _unknown(chosen: str, at: Errors) -> Control:
    options = [("skip", _("do nothing")), ("else", _("go on as if it were false"))]
    return Control(
        kind="select",
        name="unknown",
        label=_("Where something is not known"),
        groups=_ungrouped(options, chosen),
        errors=at("unknown"),
    )


def _ungrouped(options: Iterable[tuple[str, str]], chosen: str) -> list[OptionGroup]:
    return [OptionGroup("", [Option(value, label, value == chosen) for value, label in options])]


def _keeping(options: list[tuple[str, str]], chosen: Any) -> list[tuple[str, str]]:
    """Add a value that is not on the list, so that what was typed or imported is not lost."""
    text = _text(chosen)
    return options if text in dict(options) or not text else [*options, (text, text)]


def _mapping(raw: Any) -> Mapping[str, Any]:
    """What was posted or pasted may have any shape; what is no mapping shows as an empty one."""
    return raw if isinstance(raw, dict) else {}


def _list(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _ends(raw: Any) -> tuple[Any, Any]:
    items = raw if isinstance(raw, list) else [raw]
    return (items[0] if items else "", items[1] if len(items) > 1 else "")


def _text(raw: Any) -> str:
    if raw is None or isinstance(raw, dict | list):
        return ""
    return str(raw).lower() if isinstance(raw, bool) else str(raw)
