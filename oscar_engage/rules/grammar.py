"""Is this JSON a rule? The one parser that editor, interface and importer share, and the canonical shape it writes back."""

import json
from collections.abc import Mapping
from typing import Any, Literal, cast

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from oscar_engage.rules import shipped  # noqa: F401 - registers what documents speak of
from oscar_engage.rules.actions import ACTIONS
from oscar_engage.rules.engine.compare import IS_UNKNOWN
from oscar_engage.rules.engine.segments import PREFIX, expand_group, segment_of, steps_of
from oscar_engage.rules.engine.tree import Action, Branch, Condition, Document, Group, Node
from oscar_engage.rules.errors import FieldError, InvalidRuleError, WrongValueError
from oscar_engage.rules.parameters import make_key
from oscar_engage.rules.segments.shelf import BadSegmentError, Shelf, Texts
from oscar_engage.rules.sentence import OPERATOR_LABELS
from oscar_engage.rules.variables import VARIABLES, split_key
from oscar_engage.rules.with_json import clean_with, params_to_json

Labels = Mapping[str, str | Promise]

SCHEMA = 1
LONGEST_JSON = 64 * 1024
DEEPEST = 4
MOST_CONDITIONS = 50
MOST_BRANCHES = 20

BROKEN_CONDITION = Condition("", IS_UNKNOWN, None)
"""Stands where a condition could not be read, so that the places of the others stay right."""
BROKEN_ACTION = Action("", "")
_BROKEN_GROUP = Group("and", ())

_DOCUMENT_KEYS = frozenset({"schema", "scope", "branches", "else", "unknown", "segments"})
_GROUP_KEYS = frozenset({"combinator", "not", "rules", "id"})
_OPTIONS_KEYS = frozenset({"engagement"})
_AGENT_KEYS = frozenset({"queue", "fallback"})
_CONDITION_KEYS = frozenset({"field", "with", "operator", "value", "valueSource", "id"})


def parse_document(raw: object) -> Document:
    """Return the rule in ``raw`` (JSON text or what it decodes to) or raise :class:`InvalidRuleError` with every mistake."""
    document, errors = read_document(raw)
    if errors:
        raise InvalidRuleError(errors)
    return document


def read_document(raw: object, *, segments: Texts | None = None) -> tuple[Document, list[FieldError]]:
    """Return as much of the rule as can be read, and every mistake; the rule is usable only if there is none.

    Its conditions may speak of the ``segments`` given (slug to a group's JSON); by default, of those that it brings along.
    """
    try:
        decoded = _decode(raw)
    except (ValueError, TypeError, RecursionError):
        message = _("This is not a rule: JSON of at most %(limit)d KB is needed.") % {"limit": LONGEST_JSON // 1024}
        return Document(None, ()), [FieldError("", message)]
    parser = _Parser(_texts_of(decoded) if segments is None else segments)
    return parser.document(decoded), parser.errors


def read_group(raw: object, *, path: str, segments: Texts) -> tuple[Group, list[FieldError]]:
    """Return one tree of conditions, such as a segment's, and every mistake below ``path``."""
    parser = _Parser(segments)
    return parser.whole_group(raw, path), parser.errors


def _read_segment(raw: object, shelf: Shelf) -> tuple[Group, list[FieldError]]:
    parser = _Parser({}, shelf)
    return parser.whole_group(raw, ""), parser.errors


def _texts_of(raw: object) -> Texts:
    own = raw.get("segments") if isinstance(raw, Mapping) else None
    return own if isinstance(own, Mapping) else {}


def _decode(raw: object) -> object:
    text = raw if isinstance(raw, str | bytes) else json.dumps(raw, allow_nan=False, ensure_ascii=False)
    if len(text.encode() if isinstance(text, str) else text) > LONGEST_JSON:
        raise ValueError(text[:80])
    decoded: object = json.loads(text)
    return decoded


class _Parser:
    """Reads a document top down; a mistake is noted and reading goes on."""

    def __init__(self, segments: Texts, shelf: Shelf | None = None) -> None:
        self.errors: list[FieldError] = []
        self.conditions = 0
        self.shelf = Shelf(segments, _read_segment) if shelf is None else shelf

    def document(self, raw: object) -> Document:
        if not isinstance(raw, Mapping):
            self._wrong("", _("A rule is an object with “schema”, “branches” and “else”."))
            return Document(None, ())
        self._check_keys(raw, _DOCUMENT_KEYS, "")
        if raw.get("schema") != SCHEMA or isinstance(raw.get("schema"), bool):
            self._wrong("schema", _("Type 1: the only schema there is."))
        scope = None if raw.get("scope") is None else self.group(raw["scope"], "scope", 1)
        branches = tuple(
            self.branch(item, f"branches[{index}]")
            for index, item in enumerate(self._list(raw.get("branches"), "branches", MOST_BRANCHES))
        )
        otherwise = self.actions(raw.get("else", []), "else")
        if isinstance(raw.get("branches"), list) and not branches:
            self._wrong("branches", _("Add at least one branch."))
        if not isinstance(raw.get("segments", {}), Mapping):
            self._wrong("segments", _("Segments are an object: a short name with a group each."))
        unknown = raw.get("unknown", "skip")
        if unknown not in ("skip", "else"):
            self._wrong("unknown", _("Type “skip” or “else”."))
        return Document(scope, branches, otherwise, cast(Literal["skip", "else"], unknown), self.shelf.taken)

    def branch(self, raw: object, path: str) -> Branch:
        if not isinstance(raw, Mapping):
            self._wrong(path, _("A branch is an object with “when” and “then”."))
            return Branch(_BROKEN_GROUP, ())
        self._check_keys(raw, frozenset({"when", "then"}), path)
        when = self.whole_group(raw.get("when"), f"{path}.when")
        return Branch(when, self.actions(raw.get("then"), f"{path}.then"))

    def actions(self, raw: object, path: str) -> tuple[Action, ...]:
        items = self._list(raw, path, None)
        if len(items) > 1:
            self._wrong(path, _("A branch does one thing; remove the others."))
        return tuple(self.action(item, f"{path}[{index}]") for index, item in enumerate(items[:1]))

    def action(self, raw: object, path: str) -> Action:
        if not isinstance(raw, Mapping):
            self._wrong(path, _("An action is an object with “do” and “with”."))
            return BROKEN_ACTION
        self._check_keys(raw, frozenset({"do", "with"}), path)
        labels = {kind.name: kind.label for kind in ACTIONS}
        do = self._name(raw.get("do"), f"{path}.do", labels, ACTIONS.nearest, _("Choose what to do: %(names)s."))
        options = raw.get("with")
        if not isinstance(options, Mapping):
            options = {}
        is_answered = bool(do) and ACTIONS.get(do).needs_agent
        self._check_keys(options, _OPTIONS_KEYS | (_AGENT_KEYS if is_answered or not do else frozenset()), f"{path}.with")
        slug = options.get("engagement")
        if not isinstance(slug, str) or not slug:
            self._wrong(f"{path}.with.engagement", _("Choose an engagement."))
            slug = ""
        if not is_answered:
            return Action(do, slug)
        return Action(do, slug, *(self.option(options, name, f"{path}.with.{name}") for name in ("queue", "fallback")))

    def option(self, options: Mapping[str, object], name: str, path: str) -> str:
        """Read a short name that may be left out."""
        slug = options.get(name, "")
        if not isinstance(slug, str):
            self._wrong(path, _("Type a short name, or leave it out."))
            return ""
        return slug

    def whole_group(self, raw: object, path: str) -> Group:
        """Read a tree that must hold something."""
        group = self.group(raw, path, 1)
        if isinstance(raw, Mapping) and raw.get("rules") == []:
            self._wrong(f"{path}.rules", _("Add at least one condition."))
        return group

    def group(self, raw: object, path: str, depth: int) -> Group:
        if not isinstance(raw, Mapping):
            self._wrong(path, _("A group is an object with “combinator” and “rules”."))
            return _BROKEN_GROUP
        if depth > DEEPEST:
            self._wrong(path, _("Groups may be nested %(limit)d deep, no deeper.") % {"limit": DEEPEST})
            return _BROKEN_GROUP
        self._check_keys(raw, _GROUP_KEYS, path)
        combinator, negated = raw.get("combinator"), raw.get("not", False)
        if combinator not in ("and", "or"):
            self._wrong(f"{path}.combinator", _("Type “and” or “or”."))
        if not isinstance(negated, bool):
            self._wrong(f"{path}.not", _("Type true or false."))
        rules = tuple(
            self.node(item, f"{path}.rules[{index}]", depth)
            for index, item in enumerate(self._list(raw.get("rules"), f"{path}.rules", None))
        )
        group = Group("or" if combinator == "or" else "and", rules, negated is True)
        if depth == 1 and self.shelf.taken and steps_of(expand_group(group, dict(self.shelf.taken))) > DEEPEST:
            message = _("With its segments written out, this is nested more than %(limit)d deep.")
            self._wrong(path, message % {"limit": DEEPEST})
        return group

    def node(self, raw: object, path: str, depth: int) -> Node:
        if isinstance(raw, Mapping) and ("rules" in raw or "combinator" in raw):
            group = self.group(raw, path, depth + 1)
            if raw.get("rules") == []:
                self._wrong(f"{path}.rules", _("Add at least one condition."))
            return group
        return self.condition(raw, path)

    def condition(self, raw: object, path: str) -> Condition:
        self._count(1, path)
        if not isinstance(raw, Mapping):
            self._wrong(path, _("A condition is an object with “field”, “operator” and “value”."))
            return BROKEN_CONDITION
        self._check_keys(raw, _CONDITION_KEYS, path)
        if raw.get("valueSource", "value") != "value":
            self._wrong(f"{path}.valueSource", _("Compare with a value, not with another variable."))
        labels = {variable.name: variable.label for variable in VARIABLES}
        slug = segment_of(raw["field"]) if isinstance(raw.get("field"), str) else None
        if slug is not None:
            field = self._segment(slug, path)
        else:
            field = self._name(raw.get("field"), f"{path}.field", labels, VARIABLES.nearest, _("Choose a variable."))
        if not field:
            return BROKEN_CONDITION
        variable = VARIABLES.get(field)
        params, wrong = clean_with(variable, raw.get("with"), f"{path}.with")
        self.errors += wrong
        kind = variable.type
        labels = {operator: OPERATOR_LABELS[operator] for operator in kind.operators}
        message = _("Choose how to compare: %(names)s.")
        operator = self._name(raw.get("operator"), f"{path}.operator", labels, None, message)
        if not operator:
            return BROKEN_CONDITION
        try:
            value = kind.clean(operator, raw.get("value"))
        except WrongValueError as error:
            self._wrong(f"{path}.value", str(error))
            return BROKEN_CONDITION
        return BROKEN_CONDITION if wrong else Condition(make_key(field, variable.parameters, params), operator, value)

    def _segment(self, slug: str, path: str) -> str:
        """Return the name of the variable that asks for this segment; its conditions count as if they stood here."""
        try:
            taken = self.shelf.take(slug)
        except BadSegmentError as error:
            self._wrong(f"{path}.field", str(error))
            return ""
        self._count(taken.conditions - 1, path)
        return f"{PREFIX}{slug}"

    def _count(self, conditions: int, path: str) -> None:
        """Count ``conditions`` more, and note once that they are too many."""
        had_room = self.conditions <= MOST_CONDITIONS
        self.conditions += conditions
        if had_room and self.conditions > MOST_CONDITIONS:
            self._wrong(path, _("A rule has at most %(limit)d conditions.") % {"limit": MOST_CONDITIONS})

    def _name(self, raw: object, path: str, labels: Labels, nearest: Any, message: str) -> str:
        """Return ``raw`` when it is one of ``labels``; otherwise note what to choose and return an empty text.

        People read labels; who typed a wrong name reads beside them what to type, since only JSON is typed.
        """
        if isinstance(raw, str) and raw in labels:
            return raw
        typed = raw if isinstance(raw, str) else ""
        near = nearest(typed) if nearest and typed else None
        if near:
            words = {"name": typed[:80], "label": labels[near], "near": near}
            message = _("There is no “%(name)s”. Did you mean “%(label)s” (%(near)s)?") % words
        elif "%(names)s" in message:
            names = [f"{label} ({name})" if typed else str(label) for name, label in labels.items()]
            message %= {"names": ", ".join(names)}
        elif typed:
            message = _("There is no variable “%(name)s” here. Choose another.") % {"name": typed[:80]}
        self._wrong(path, message)
        return ""

    def _list(self, raw: object, path: str, limit: int | None) -> list[object]:
        if not isinstance(raw, list):
            self._wrong(path, _("A list is needed here."))
            return []
        if limit is not None and len(raw) > limit:
            self._wrong(path, _("At most %(limit)d are allowed here.") % {"limit": limit})
            return raw[:limit]
        return raw

    def _check_keys(self, raw: Mapping[str, object], known: frozenset[str], path: str) -> None:
        for key in raw:
            if key not in known:
                place = f"{path}.{key[:80]}" if path else key[:80]
                self._wrong(place, _("Remove this: a rule has nothing of that name here."))

    def _wrong(self, path: str, message: str) -> None:
        self.errors.append(FieldError(path, message))


def to_json(document: Document) -> dict[str, Any]:
    """Return ``document`` in its one canonical shape; parsing that gives an equal document."""
    written: dict[str, Any] = {"schema": SCHEMA}
    if document.scope is not None:
        written["scope"] = _node_to_json(document.scope)
    written["branches"] = [
        {"when": _node_to_json(branch.when), "then": _actions_to_json(branch.then)} for branch in document.branches
    ]
    written["else"] = _actions_to_json(document.otherwise)
    written["unknown"] = document.unknown
    if document.segments:
        written["segments"] = {slug: group_to_json(group) for slug, group in document.segments}
    return written


def group_to_json(group: Group) -> dict[str, Any]:
    """Return one tree of conditions in its canonical shape."""
    return _node_to_json(group)


def _node_to_json(node: Node) -> dict[str, Any]:
    if isinstance(node, Condition):
        variable, params = split_key(node.field)
        value = variable.type.to_json_of(node.operator, node.value)
        given = {"with": params_to_json(variable, params)} if params else {}
        written = {"field": variable.name, **given, "operator": node.operator}
        return written if value is None else {**written, "value": value}
    group: dict[str, Any] = {"combinator": node.combinator}
    if node.negated:
        group["not"] = True
    return {**group, "rules": [_node_to_json(child) for child in node.rules]}


def _actions_to_json(actions: tuple[Action, ...]) -> list[dict[str, Any]]:
    return [{"do": action.do, "with": _options_to_json(action)} for action in actions]


def _options_to_json(action: Action) -> dict[str, str]:
    given = {"engagement": action.engagement, "queue": action.queue, "fallback": action.fallback}
    return {name: slug for name, slug in given.items() if slug or name == "engagement"}
