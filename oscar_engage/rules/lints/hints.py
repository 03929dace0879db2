"""What should the author of a rule know, although it may be saved? Conditions that say nothing, branches beyond reach.

What is said is certain as the walker judges it; not everything that could be said is found. Each hint has the place of the
field that it speaks of.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from oscar_engage.rules.engine.explain import locate
from oscar_engage.rules.engine.tree import ELSE, Condition, Document, Group, Node
from oscar_engage.rules.engine.values import Money
from oscar_engage.rules.lints.possible import FALSE, NOT_TRUE, TRUE, All, Formula, Some, comes_out, is_possible, opposite, takes

ABOUT_NO_ACT = ("visitor.", "customer.", "desk.", "time.", "segment.")
"""Beginnings of variables that say nothing of what the shopper does: they hold on every page of a visit alike."""


class LintKind(StrEnum):
    """What a hint is about."""

    NEVER = "never"
    ALWAYS = "always"
    UNREACHABLE = "unreachable"
    SHADOWED = "shadowed"
    DUPLICATE = "duplicate"
    BROAD = "broad"
    CURRENCY = "currency"


@dataclass(frozen=True, slots=True)
class Lint:
    """One hint: ``path`` is its place in the document, as in ``FieldError``; ``message`` is in the reader's language."""

    kind: LintKind
    path: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Higher:
    """A live rule that goes before ours: its name, its priority and what it says."""

    name: str
    priority: int
    document: Document


def find_lints(document: Document) -> list[Lint]:
    """Return the hints about ``document`` alone, in the order of reading."""
    found: list[Lint] = []
    if document.scope is not None and document.scope.rules:
        found += _search(document.scope, "scope")
    for index, branch in enumerate(document.branches):
        path = f"branches[{index}].when"
        inside = list(_search(branch.when, path))
        is_said = any(lint.kind == LintKind.NEVER for lint in (*found, *inside) if lint.path.startswith(("scope", path)))
        found += [*inside, *(() if is_said else _reach(document, index)), *_breadth(document, index)]
        found += _said_by_the_scope(document, index)
    return [*found, *_reach_of_else(document)]


def find_shadow(document: Document, higher: Iterable[Higher]) -> Lint | None:
    """Return a hint if, whenever ``document`` acts, one of ``higher`` acts too and goes first; the first that is found."""
    acting, ours = _acts(document), {condition.field for condition in document.conditions()}
    if not is_possible(acting):
        return None
    for rule in higher:
        if not _asks_for_more(rule.document, ours) and not is_possible(All((acting, opposite(_acts(rule.document))))):
            words = {"name": rule.name, "priority": rule.priority}
            message = _(
                "Whenever this rule holds, “%(name)s” (priority %(priority)d) holds as well and goes first. "
                "Give this rule a lower number, or narrow the other one."
            )
            return Lint(LintKind.SHADOWED, "priority", message % words)
    return None


def find_foreign(document: Document, currency: str) -> Iterator[Lint]:
    """Yield a hint for each condition on money that is not in ``currency``, the shop's own; empty: nobody knows which that is.

    It may be right, in a shop that sells in several; amounts are never changed into one another.
    """
    message = _("Only amounts in %(theirs)s are compared with this; the shop's own currency is %(ours)s.")
    for path, condition in locate(document):
        values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        foreign = next((value.currency for value in values if isinstance(value, Money) and value.currency != currency), "")
        if foreign and currency:
            yield Lint(LintKind.CURRENCY, f"{path}.value", message % {"theirs": foreign, "ours": currency})


def _acts(document: Document) -> Formula:
    """Return when ``document`` does something."""
    taken = [takes(document, index) for index, branch in enumerate(document.branches) if branch.then]
    if document.actions(ELSE):
        taken.append(takes(document, len(document.branches)))
    return Some(tuple(taken))


def _asks_for_more(higher: Document, ours: Container[str]) -> bool:
    """Whether each acting branch needs a variable that ours does not mention: then it hardly ever is a shadow.

    Most live rules are ruled out by this in no time; the few that it keeps back are left unsaid.
    """
    if higher.otherwise:
        return False
    scope = [] if higher.scope is None else list(_certain(higher.scope, ""))
    acting = [[*scope, *_certain(branch.when, "")] for branch in higher.branches if branch.then]
    return all(any(condition.field not in ours for _path, condition in needed) for needed in acting)


def _search(node: Node, path: str) -> Iterator[Lint]:
    """Yield what is to be said below ``node``, and of ``node`` itself where its parts do not explain it."""
    inside: list[Lint] = []
    if isinstance(node, Group):
        for index, child in enumerate(node.rules):
            inside += _search(child, f"{path}.rules[{index}]")
        inside += _duplicates(node, path)
    yield from inside
    if not any(lint.kind in (LintKind.NEVER, LintKind.ALWAYS) for lint in inside):
        yield from _constant(node, f"{path}.value" if isinstance(node, Condition) else path)


def _constant(node: Node, path: str) -> Iterator[Lint]:
    if not is_possible(comes_out(node, TRUE)):
        yield Lint(LintKind.NEVER, path, _("This can never be true."))
    elif not is_possible(comes_out(node, FALSE)):
        yield Lint(LintKind.ALWAYS, path, _("This excludes nobody: it is true for every value."))


def _duplicates(group: Group, path: str) -> Iterator[Lint]:
    seen: set[Node] = set()
    for index, child in enumerate(group.rules):
        if child in seen:
            place = f"{path}.rules[{index}]"
            message = _("This is said twice in the same group; remove one.")
            yield Lint(LintKind.DUPLICATE, f"{place}.field" if isinstance(child, Condition) else place, message)
        seen.add(child)


def _said_by_the_scope(document: Document, index: int) -> Iterator[Lint]:
    """Yield the conditions that the scope asks for already; only those that may be removed without changing anything."""
    if document.scope is None:
        return
    certain = {condition for _path, condition in _certain(document.scope, "scope")}
    for path, condition in _certain(document.branches[index].when, f"branches[{index}].when"):
        if condition in certain:
            yield Lint(LintKind.DUPLICATE, f"{path}.field", _("“Where” asks for this already; remove one."))


def _certain(group: Group, path: str) -> Iterator[tuple[str, Condition]]:
    """Yield the conditions, with their places, that all must hold if ``group`` is to hold."""
    if group.negated or group.combinator != "and":
        return
    for index, child in enumerate(group.rules):
        place = f"{path}.rules[{index}]"
        if isinstance(child, Condition):
            yield place, child
        else:
            yield from _certain(child, place)


def _reach(document: Document, index: int) -> Iterator[Lint]:
    path = f"branches[{index}].when"
    alone = Document(document.scope, document.branches[index : index + 1])
    if not is_possible(takes(alone, 0)):
        yield Lint(LintKind.NEVER, path, _("This can never be true where “Where” holds."))
    elif not is_possible(takes(document, index)):
        yield Lint(LintKind.UNREACHABLE, path, _("This branch is never reached: a branch above it takes every such case."))


def _reach_of_else(document: Document) -> Iterator[Lint]:
    last = len(document.branches)
    if document.otherwise and all(_is_reached(document, index) for index in range(last)) and not _is_reached(document, last):
        message = _("“Otherwise” is never reached: a branch above it takes every case.")
        yield Lint(LintKind.UNREACHABLE, "else[0].do", message)


def _is_reached(document: Document, index: int) -> bool:
    return is_possible(takes(document, index))


def _breadth(document: Document, index: int) -> Iterator[Lint]:
    branch = document.branches[index]
    if branch.then and not _asks_for_an_act(branch.when) and not (document.scope and _asks_for_an_act(document.scope)):
        message = _("Very broad: nothing here asks for a page or for something the shopper did, so it holds everywhere.")
        yield Lint(LintKind.BROAD, f"branches[{index}].when", message)


def _asks_for_an_act(node: Node) -> bool:
    """Whether ``node`` needs something of the page or the visit; one of several alternatives that does not is enough."""
    if isinstance(node, Condition):
        return not node.field.startswith(ABOUT_NO_ACT) and is_possible(comes_out(node, NOT_TRUE))
    asks = [_asks_for_an_act(child) for child in node.rules]
    return any(asks) if (node.combinator == "and") != node.negated else bool(asks) and all(asks)
