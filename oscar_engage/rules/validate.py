"""May this rule be saved? The grammar's mistakes and those that only the shop's own things can show, all at once."""

from collections.abc import Container, Iterable, Iterator, Mapping
from difflib import get_close_matches

from django.utils.translation import gettext as _

from oscar_engage.rules.actions import ACTIONS, action_of
from oscar_engage.rules.engine.explain import locate
from oscar_engage.rules.engine.segments import expand
from oscar_engage.rules.engine.tree import Action, Condition, Document, Group, Node
from oscar_engage.rules.errors import FieldError, InvalidRuleError
from oscar_engage.rules.grammar import read_document
from oscar_engage.rules.lints.contradictions import find_contradictions
from oscar_engage.rules.queues import queue_names
from oscar_engage.rules.segments.shelf import Texts
from oscar_engage.rules.variables import find_variable

__all__ = ["FieldError", "InvalidRuleError", "check_document", "find_impossible", "is_service_document"]


def check_document(
    raw: object, *, engagements: Mapping[str, str], service: bool = False, segments: Texts | None = None
) -> Document:
    """Return the rule in ``raw`` or raise :class:`InvalidRuleError` with every mistake in it.

    ``engagements`` are the shop's engagements, slug to kind of widget. ``service``: the rule is to fire below the consent
    to personalisation, so it may read only facts of the current page. ``segments``: the shop's, as they are now; by default
    those that the document brings along.
    """
    document, errors = read_document(raw, segments=segments)
    errors += [*_engagement_errors(document, engagements), *_fallback_errors(document, engagements), *_queue_errors(document)]
    errors += find_impossible(document)
    if service:
        errors += _service_errors(document)
    if errors:
        raise InvalidRuleError(errors)
    return document


def find_impossible(document: Document) -> list[FieldError]:
    """Return the mistakes of a document that can be read: what contradicts itself is not saved."""
    message = _("This can never be true together with the other conditions on the same variable.")
    return [FieldError(f"{path}.value", message) for path in _impossible(document)]


def is_service_document(document: Document) -> bool:
    """Whether ``document`` reads only facts of the current page, as a service rule must."""
    return not any(_service_errors(document))


def _service_errors(document: Document) -> Iterator[FieldError]:
    message = _("A service rule reads only the current page; remove this, or make it a sales rule.")
    wrong = (path for path, condition in locate(expand(document)) if condition.field and not _is_service(condition))
    yield from (FieldError(f"{place}.field", message) for place in _in_the_form(document, wrong))


def _is_service(condition: Condition) -> bool:
    variable = find_variable(condition.field)
    return variable is not None and variable.service


def _impossible(document: Document) -> Iterable[str]:
    """Return the places of what can never hold; one of several ways in which a segment may hold is no mistake of the rule."""
    written_out, shown = expand(document), {path for path, _condition in locate(document)}
    choices = tuple(_choices(written_out))
    found = (path for path, _condition in find_contradictions(written_out))
    return _in_the_form(document, (path for path in found if not _is_one_way(path, _nearest_above(path, shown), choices)))


def _is_one_way(path: str, segment: str, choices: Iterable[str]) -> bool:
    """Whether ``path`` stands below one of ``choices`` that is ``segment`` or a part of it."""
    return path != segment and any(
        (choice == segment or choice.startswith(f"{segment}.")) and path.startswith(f"{choice}.") for choice in choices
    )


def _choices(document: Document) -> Iterator[str]:
    """Yield the places of the groups of which one condition of several is enough."""
    trees = [(f"branches[{index}].when", branch.when) for index, branch in enumerate(document.branches)]
    waiting: list[tuple[str, Node]] = [*trees, *([] if document.scope is None else [("scope", document.scope)])]
    while waiting:
        place, node = waiting.pop()
        if isinstance(node, Group):
            if node.combinator == "or" and len(node.rules) > 1:
                yield place
            waiting += [(f"{place}.rules[{index}]", child) for index, child in enumerate(node.rules)]


def _in_the_form(document: Document, paths: Iterable[str]) -> Iterable[str]:
    """Return, for places in the written-out document, those of the conditions that stand in the form, each once."""
    shown = {path for path, _condition in locate(document)}
    return dict.fromkeys(_nearest_above(path, shown) for path in paths)


def _nearest_above(path: str, shown: Container[str]) -> str:
    while path not in shown:
        path = path.rpartition(".")[0]
    return path


def _engagement_errors(document: Document, engagements: Mapping[str, str]) -> Iterator[FieldError]:
    for path, action in _actions(document):
        if not action.engagement:
            continue
        place = f"{path}.with.engagement"
        if action.engagement not in engagements:
            yield FieldError(place, _missing(action.engagement, engagements))
        elif action.do and ACTIONS.get(action.do).widget != engagements[action.engagement]:
            yield FieldError(place, _wrong_widget(action, engagements))


def _fallback_errors(document: Document, engagements: Mapping[str, str]) -> Iterator[FieldError]:
    for path, action in _actions(document):
        place = f"{path}.with.fallback"
        if action.fallback and action.fallback not in engagements:
            yield FieldError(place, _missing(action.fallback, engagements))
        elif action.fallback and not action_of(engagements[action.fallback]):
            message = _("“%(name)s” needs an agent, too; choose a note or a balloon.")
            yield FieldError(place, message % {"name": action.fallback})


def _queue_errors(document: Document) -> Iterator[FieldError]:
    """Yield a mistake for each queue that there is not; one query if any is named."""
    named = [(path, action.queue) for path, action in _actions(document) if action.queue]
    known = queue_names() if named else {}
    for path, slug in named:
        if slug not in known:
            near = next(iter(get_close_matches(slug, known, n=1)), "")
            words = {"name": slug[:80], "near": near}
            message = (
                _("There is no queue “%(name)s”. Did you mean “%(near)s”?") if near else _("There is no queue “%(name)s”.")
            )
            yield FieldError(f"{path}.with.queue", message % words)


def _actions(document: Document) -> Iterator[tuple[str, Action]]:
    for index, branch in enumerate(document.branches):
        yield from ((f"branches[{index}].then[{place}]", action) for place, action in enumerate(branch.then))
    yield from ((f"else[{place}]", action) for place, action in enumerate(document.otherwise))


def _missing(slug: str, engagements: Mapping[str, str]) -> str:
    near = get_close_matches(slug, engagements, n=1)
    if near:
        return _("There is no engagement “%(name)s”. Did you mean “%(near)s”?") % {"name": slug[:80], "near": near[0]}
    return _("There is no engagement “%(name)s”. Create it first.") % {"name": slug[:80]}


def _wrong_widget(action: Action, engagements: Mapping[str, str]) -> str:
    """Say so in the actions' labels: the kinds of widget are never shown by their names."""
    words = {"name": action.engagement, "action": ACTIONS.get(action.do).label}
    fitting = [kind.label for kind in ACTIONS if kind.widget == engagements[action.engagement]]
    if fitting:
        words["fitting"] = fitting[0]
        return _("“%(name)s” is for “%(fitting)s”, not for “%(action)s”; choose another engagement.") % words
    return _("“%(name)s” is not for “%(action)s”; choose another engagement.") % words
