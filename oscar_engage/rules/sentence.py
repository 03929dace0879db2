"""What does this rule say, in a sentence? A document read back in the reader's language."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.rules.actions import ACTIONS
from oscar_engage.rules.engine.segments import segment_of
from oscar_engage.rules.engine.tree import Action, Branch, Condition, Document, Group, Node
from oscar_engage.rules.types import Boolean
from oscar_engage.rules.variables import describe_params, split_key

OPERATOR_LABELS = {
    "=": gettext_lazy("is"),
    "!=": gettext_lazy("is not"),
    "<": gettext_lazy("is less than"),
    "<=": gettext_lazy("is at most"),
    ">": gettext_lazy("is more than"),
    ">=": gettext_lazy("is at least"),
    "between": gettext_lazy("is between"),
    "in": gettext_lazy("is one of"),
    "notIn": gettext_lazy("is none of"),
    "contains": gettext_lazy("contains"),
    "beginsWith": gettext_lazy("begins with"),
    "null": gettext_lazy("is not known"),
    "notNull": gettext_lazy("is known"),
}
"""Every operator's words, for forms and sentences."""


def sentence(document: Document) -> str:
    """Return ``document`` in words, one sentence for each branch."""
    parts = [_branch(index, document) for index in range(len(document.branches))]
    if document.otherwise:
        parts.append(_("otherwise %(action)s.") % {"action": _actions(document.otherwise)})
    if document.scope is not None and document.scope.rules:
        parts[0] = _("when %(scope)s: %(rest)s") % {"scope": _node(document.scope), "rest": parts[0]}
    return " ".join(capfirst(part) for part in parts)


def say_group(group: Group) -> str:
    """Return a whole tree, such as a segment's, as a sentence of its own."""
    return capfirst(_node(group)) + "."


def say_node(node: Node) -> str:
    """Return a condition or a tree of them in words, as a part of a sentence."""
    return _node(node)


def say_action(actions: tuple[Action, ...]) -> str:
    """Return what a branch does in words; nothing is said to leave the shopper alone."""
    return _actions(actions)


def say_branch(branch: Branch) -> str:
    """Return one branch in words, wherever it stands in its rule."""
    return capfirst(_("if %(conditions)s, %(action)s.") % {"conditions": _node(branch.when), "action": _actions(branch.then)})


def _branch(index: int, document: Document) -> str:
    branch = document.branches[index]
    words = {"conditions": _node(branch.when), "action": _actions(branch.then)}
    if index:
        return _("or else, if %(conditions)s, %(action)s.") % words
    return _("if %(conditions)s, %(action)s.") % words


def _actions(actions: tuple[Action, ...]) -> str:
    if not actions:
        return _("leave the shopper alone")
    action = actions[0]
    said = str(ACTIONS.get(action.do).phrase) % {"engagement": action.engagement}
    if action.queue:
        said = _("%(action)s, answered from the queue “%(queue)s”") % {"action": said, "queue": action.queue}
    if action.fallback:
        said = _("%(action)s, or offer “%(fallback)s” when nobody is free") % {"action": said, "fallback": action.fallback}
    return said


def _node(node: Node, *, inner: bool = False) -> str:
    return say_condition(node) if isinstance(node, Condition) else _group(node, inner=inner)


def _group(group: Group, *, inner: bool) -> str:
    glue = _(" and ") if group.combinator == "and" else _(" or ")
    joined = glue.join(_node(child, inner=True) for child in group.rules)
    if group.negated:
        return _("not (%(conditions)s)") % {"conditions": joined}
    return f"({joined})" if inner and len(group.rules) > 1 else joined


def say_condition(condition: Condition) -> str:
    """Return one condition in words, as a part of a sentence."""
    slug = segment_of(condition.field)
    if slug is not None:
        said = _("the segment “%(name)s” applies") if condition.value else _("the segment “%(name)s” does not apply")
        return said % {"name": slug}
    variable = split_key(condition.field)[0]
    words = {"variable": say_key(condition.field), "operator": OPERATOR_LABELS[condition.operator]}
    if condition.value is None:
        return _("%(variable)s %(operator)s") % words
    if isinstance(variable.type, Boolean):
        return _say_whether(condition, say_key(condition.field), is_phrase=bool(variable.phrase))
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    described = [variable.type.describe(value) for value in values]
    glue = _(" and ") if condition.operator == "between" else _(" or ")
    listed = glue.join([part for part in (", ".join(described[:-1]), described[-1]) if part])
    return _("%(variable)s %(operator)s %(value)s") % {**words, "value": listed}


def _say_whether(condition: Condition, variable: str, *, is_phrase: bool) -> str:
    """Return a question of yes or no in words. Labels such as "is a customer" are quoted: they are no subject of a sentence."""
    holds = bool(condition.value) == (condition.operator == "=")
    if is_phrase:
        return (_("%(variable)s applies") if holds else _("%(variable)s does not apply")) % {"variable": variable}
    return (_("“%(variable)s” applies") if holds else _("“%(variable)s” does not apply")) % {"variable": variable}


def say_key(key: str) -> str:
    """Return the variable that ``key`` asks, with its parameters, in words."""
    variable, params = split_key(key)
    described = describe_params(variable, params)
    head = str(variable.phrase) % described if variable.phrase else str(variable.label)
    tails = [
        str(one.phrase) % {"value": described[one.name]} for one in variable.parameters if one.phrase and one.name in params
    ]
    return " ".join([head, *tails])
