"""Which inputs does a draft need? The nested form as values that a template only prints, each error at its field."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oscar_engage.dashboard.rules.agents import agent_controls
from oscar_engage.dashboard.rules.draft import NOTHING, Raw, split_combinator
from oscar_engage.dashboard.rules.inputs import (
    Control,
    Label,
    Option,
    OptionGroup,
    id_of,
    ids_in,
    keeping,
    text_of,
    ungrouped,
    value_controls,
)
from oscar_engage.dashboard.rules.parameters import parameter_controls, stray_errors
from oscar_engage.modules import is_there
from oscar_engage.rules.actions import ACTIONS
from oscar_engage.rules.errors import FieldError
from oscar_engage.rules.grammar import DEEPEST
from oscar_engage.rules.named import NAMES
from oscar_engage.rules.queues import ReadQueues, queue_names
from oscar_engage.rules.sentence import OPERATOR_LABELS
from oscar_engage.rules.types import ValueType
from oscar_engage.rules.variables import VARIABLES

__all__ = ["ConditionLine", "Control", "Form", "GroupLine", "Option", "OptionGroup", "build_form", "id_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The buttons of a condition, a group or a branch: ``what`` they act on, in words, and which of them make sense."""

    path: str
    what: Label
    can_up: bool
    can_down: bool
    can_remove: bool = True

    @property
    def up_id(self) -> str:
        """The HTML id of the button that moves it up."""
        return id_of(f"{self.path}.up")

    @property
    def down_id(self) -> str:
        """The HTML id of the button that moves it down."""
        return id_of(f"{self.path}.down")

    @property
    def remove_id(self) -> str:
        """The HTML id of the button that removes it."""
        return id_of(f"{self.path}.remove")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionLine:
    """One condition: variable, operator, value inputs. ``errors`` are the value's, shown once."""

    path: str
    tools: Tools
    field: Control
    parameters: Sequence[Control] = ()
    operator: Control
    values: Sequence[Control]
    errors: Sequence[str]
    is_group: bool = False

    @property
    def questions(self) -> Sequence[Sequence[Control]]:
        """The parameters' inputs, those together that answer one question: a search stands above what it finds."""
        asked: list[list[Control]] = []
        for control in self.parameters:
            if asked and asked[-1][-1].kind == "find":
                asked[-1].append(control)
            else:
                asked.append([control])
        return asked

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
    tools: Tools | None
    combinator: Control
    lines: Sequence["ConditionLine | GroupLine"]
    can_nest: bool
    errors: Sequence[str]
    is_group: bool = True

    @property
    def id(self) -> str:
        """The HTML id of its frame."""
        return id_of(self.path)

    @property
    def undo_id(self) -> str:
        """The HTML id of the button that takes a removal in it back."""
        return id_of(f"{self.path}.undo")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine:
    """What to do, with which engagement (hidden where nothing is to be done). ``path`` is the list it stands in."""

    path: str
    do: Control
    engagement: Control
    queue: Control | None = None
    fallback: Control | None = None
    """Which agents are asked, and what is offered when none is free; of an action that takes none, ``None``."""

    @property
    def id(self) -> str:
        """The HTML id of the frame around them: choosing what to do replaces this alone."""
        return f"{id_of(self.path)}-action"


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchLine:
    """One branch: conditions and what follows."""

    path: str
    tools: Tools
    when: GroupLine
    then: ActionLine
    is_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The whole nested form. ``summary`` is every error with the id of the control it belongs to."""

    scope: GroupLine
    branches: Sequence[BranchLine]
    otherwise: ActionLine
    unknown: Control
    summary: Sequence[tuple[str, str]]

    @property
    def has_several(self) -> bool:
        """Whether there are branches to put in order."""
        return len(self.branches) > 1


Errors = Callable[[str], list[str]]
Offered = Mapping[str, tuple[str, str]]
"""The engagements: slug to kind of widget and title."""


def build_form(
    raw: Raw, *, engagements: Mapping[str, str], titles: Mapping[str, str] | None = None, errors: Iterable[FieldError] = ()
) -> Form:
    """Return the controls for ``raw`` with ``errors`` at their places.

    ``engagements`` are slug to kind of widget, ``titles`` slug to what people read instead.
    """
    listed = list(errors)
    offered = {slug: (widget, (titles or {}).get(slug, slug)) for slug, widget in engagements.items()}

    def at(path: str) -> list[str]:
        return [error.message for error in listed if error.path == path]

    _ask_for_names(raw)
    branches, queues = _list(raw.get("branches")), cache(queue_names)
    return Form(
        scope=_group(raw.get("scope"), "scope", 1, at),
        branches=[_branch(branch, index, offered, queues, at, count=len(branches)) for index, branch in enumerate(branches)],
        otherwise=_action(raw.get("else"), "else", offered, queues, at, empty=NOTHING),
        unknown=_unknown(text_of(raw.get("unknown")) or "skip", at),
        summary=[(id_of(_place(error.path)), error.message) for error in listed],
    )


def _ask_for_names(raw: Any) -> None:
    """Have all products and categories of the draft named at once: later each is asked for alone."""
    ids: dict[str, list[int]] = {}
    todo = [raw]
    while todo:
        node = todo.pop()
        todo += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        name = text_of(node.get("field")) if isinstance(node, dict) else ""
        if name in VARIABLES and (kind := VARIABLES.get(name).type.name) in NAMES:
            value = node.get("value")
            ids.setdefault(kind, []).extend(ids_in(value if isinstance(value, list) else [value]))
    for kind, asked in ids.items():
        NAMES.get(kind).named(asked)


def _place(path: str) -> str:
    """Lists have no control of their own: their errors stand at the group that holds them."""
    return path.removesuffix(".rules").removesuffix("[]") if path else "branches"


def _branch(raw: Any, index: int, engagements: Offered, queues: ReadQueues, at: Errors, *, count: int) -> BranchLine:
    branch = _mapping(raw)
    path, empty = f"branches[{index}]", NOTHING if branch.get("then") == [] else ""
    return BranchLine(
        path=path,
        tools=Tools(
            path=path,
            what=_("branch %(number)d") % {"number": index + 1},
            can_up=index > 0,
            can_down=index < count - 1,
            can_remove=count > 1,
        ),
        when=_group(branch.get("when"), f"{path}.when", 1, at),
        then=_action(branch.get("then"), f"{path}.then", engagements, queues, at, empty=empty),
        is_first=index == 0,
    )


def _group(given: Any, path: str, depth: int, at: Errors, tools: Tools | None = None) -> GroupLine:
    raw = _mapping(given)
    lines = _list(raw.get("rules"))
    return GroupLine(
        path=path,
        tools=tools,
        combinator=Control(
            kind="select",
            name=f"{path}.combinator",
            label=_("How many must be true"),
            groups=ungrouped(_combinators(), _combinator(raw)),
            errors=[*at(f"{path}.combinator"), *at(f"{path}.not")],
        ),
        lines=[
            _line(line, f"{path}.rules[{index}]", depth, at, index=index, count=len(lines)) for index, line in enumerate(lines)
        ],
        can_nest=depth < DEEPEST,
        errors=[*at(path), *at(f"{path}.rules")],
    )


def _combinators() -> list[tuple[str, str]]:
    return [
        ("and", _("all of these")),
        ("or", _("any of these")),
        ("none", _("none of these")),
        ("some-not", _("not all of these")),
    ]


def _combinator(raw: Mapping[str, Any]) -> str:
    combinator, is_negated = split_combinator(raw)
    if is_negated:
        return "some-not" if combinator == "and" else "none"
    return text_of(combinator) or "and"


def _line(raw: Any, path: str, depth: int, at: Errors, *, index: int, count: int) -> ConditionLine | GroupLine:
    node = _mapping(raw)
    is_group = "combinator" in node or "rules" in node
    what = _("group %(number)d") if is_group else _("condition %(number)d")
    number = {"number": index + 1}
    tools = Tools(path=path, what=what % number, can_up=index > 0, can_down=index < count - 1)
    if is_group:
        return _group(node, path, depth + 1, at, tools)
    name, operator = text_of(node.get("field")), text_of(node.get("operator"))
    kind = VARIABLES.get(name).type if name in VARIABLES else None
    return ConditionLine(
        path=path,
        tools=tools,
        field=Control(
            kind="select",
            name=f"{path}.field",
            label=_("Variable"),
            groups=_variables(name),
            errors=[*at(f"{path}.field"), *at(path), *stray_errors(name, node.get("with"), f"{path}.with", at)],
        ),
        parameters=parameter_controls(name, node, path, at),
        operator=_operator(kind, operator, path, at),
        values=_values(kind, operator, node, path) if kind else (),
        errors=at(f"{path}.value"),
    )


def _values(kind: ValueType, operator: str, node: Mapping[str, Any], path: str) -> Sequence[Control]:
    return value_controls(kind, operator, node.get("value"), f"{path}.value", find=text_of(node.get("find")))


def _variables(chosen: str) -> list[OptionGroup]:
    groups: dict[str, list[Option]] = {}
    for variable in VARIABLES:
        if variable.name != chosen and not is_there("variables", variable.name):
            continue
        groups.setdefault(str(variable.group), []).append(
            Option(variable.name, capfirst(str(variable.label)), variable.name == chosen)
        )
    first = [Option("", _("Choose …"), not chosen)]
    if chosen and chosen not in VARIABLES.names():
        first.append(Option(chosen, chosen, True))
    return [OptionGroup("", first), *(OptionGroup(label, options) for label, options in groups.items())]


def _operator(kind: ValueType | None, chosen: str, path: str, at: Errors) -> Control:
    """Return the choice of a comparison; where there is only one, it is chosen already."""
    known = kind.operators if kind else ()
    chosen = known[0] if not chosen and len(known) == 1 else chosen
    names = known if chosen in known or not chosen else (*known, chosen)
    options = [("", _("Choose …"))] if not chosen or not kind else []
    options += [(name, str(OPERATOR_LABELS.get(name, name))) for name in names]
    return Control(
        kind="select",
        name=f"{path}.operator",
        label=_("Comparison"),
        groups=ungrouped(options, chosen),
        errors=at(f"{path}.operator"),
    )


def _action(raw: Any, path: str, engagements: Offered, queues: ReadQueues, at: Errors, *, empty: str) -> ActionLine:
    actions_given = _list(raw)
    first = _mapping(actions_given[0]) if actions_given else {"do": empty}
    do, slug = text_of(first.get("do")), text_of(_mapping(first.get("with")).get("engagement"))
    actions = [("", _("Choose …"))] if not do else []
    actions += [(kind.name, str(kind.label)) for kind in ACTIONS if kind.name == do or is_there("actions", kind.name)]
    actions.append((NOTHING, _("Leave the shopper alone")))
    return ActionLine(
        path=path,
        do=Control(
            kind="select",
            name=f"{path}[0].do",
            label=_("What to do"),
            groups=ungrouped(keeping(actions, do), do),
            errors=[*at(path), *at(f"{path}[0]"), *at(f"{path}[0].do")],
        ),
        **agent_controls(first, path, engagements, queues, at),
        engagement=Control(
            kind="hidden" if do == NOTHING else "select",
            name=f"{path}[0].with.engagement",
            label=_("Engagement"),
            value=slug,
            groups=_engagements(engagements, slug, do),
            errors=at(f"{path}[0].with.engagement"),
        ),
    )


def _engagements(engagements: Offered, chosen: str, do: str) -> list[OptionGroup]:
    """Offer those that fit what is to be done, and what is chosen; before that is known, all, by what they are for."""
    wanted = ACTIONS.get(do).widget if do in ACTIONS else ""
    headings = {kind.widget: str(kind.label) for kind in ACTIONS}
    groups: dict[str, list[Option]] = {}
    for slug, (widget, title) in engagements.items():
        if slug == chosen or (wanted in ("", widget) and is_there("widgets", widget)):
            groups.setdefault(headings.get(widget, widget), []).append(Option(slug, title, slug == chosen))
    first = [Option("", _("Choose …"), not chosen)]
    if chosen and chosen not in engagements:
        first.append(Option(chosen, chosen, True))
    return [OptionGroup("", first), *(OptionGroup(heading, options) for heading, options in groups.items())]


def _unknown(chosen: str, at: Errors) -> Control:
    options = [("skip", _("do nothing: never act on what is not known")), ("else", _("go on to the next branch"))]
    return Control(
        kind="select",
        name="unknown",
        label=_("Where something is not known"),
        groups=ungrouped(options, chosen),
        errors=at("unknown"),
    )


def _mapping(raw: Any) -> Mapping[str, Any]:
    """What was posted or pasted may have any shape; what is no mapping shows as an empty one."""
    return raw if isinstance(raw, dict) else {}


def _list(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else []
