"""Is what a rule's author is told true? The walker is the judge."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscar_engage.rules.engine.tree import Action, Branch, Condition, Document, Group
from oscar_engage.rules.engine.values import Value
from oscar_engage.rules.engine.walk import choose, judge, judging
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.lints.hints import Higher, LintKind, find_lints, find_shadow
from oscar_engage.rules.lints.possible import FALSE, MOST_STEPS, TRUE, All, comes_out, is_possible, takes
from tests.rules.moments import condition, group, rule_json
from tests.rules.typed import contexts, typed_documents, typed_nodes

Context = dict[str, Value]
GBP = {"amount": "10.00", "currency": "GBP"}
WHEN = "branches[0].when"
CHECKOUT = condition("page.kind", "=", "checkout")


def hints(*when: Any, **more: Any) -> list[tuple[str, str]]:
    """The kinds and places of what is said of a rule."""
    return [(lint.kind.value, lint.path) for lint in find_lints(parse_document(rule_json(*when, **more)))]


def branches(*whens: dict[str, Any], **more: Any) -> Document:
    return parse_document({**rule_json(CHECKOUT), "branches": [rule_json(when)["branches"][0] for when in whens], **more})


@settings(max_examples=150)
@given(typed_nodes(), st.lists(contexts(), min_size=8, max_size=8))
def test_node__said_to_be_impossible__never_comes_out(node: Group, visitors: list[Context]) -> None:
    verdicts = {judge(node, judging(visitor.__getitem__)) for visitor in visitors}
    if not is_possible(comes_out(node, TRUE)):
        assert True not in verdicts
    if not is_possible(comes_out(node, FALSE)):
        assert False not in verdicts


@settings(max_examples=150)
@given(typed_documents(), st.lists(contexts(), min_size=8, max_size=8))
def test_branch__said_to_be_beyond_reach__is_never_taken(document: Document, visitors: list[Context]) -> None:
    chosen = {choose(document, visitor.__getitem__) for visitor in visitors}
    for index in range(len(document.branches)):
        if not is_possible(takes(document, index)):
            assert index not in chosen
    if document.otherwise and not is_possible(takes(document, len(document.branches))):
        assert -1 not in chosen


@settings(max_examples=150)
@given(typed_documents(), typed_documents(), st.lists(contexts(), min_size=8, max_size=8))
def test_shadow__said_to_be_one__acts_whenever_ours_does(ours: Document, higher: Document, visitors: list[Context]) -> None:
    narrowed = Document(higher.scope, (*ours.branches, *higher.branches), higher.otherwise, ours.unknown)
    for other in (higher, narrowed):
        if find_shadow(ours, [Higher(name="x", priority=1, document=other)]):
            assert all(acts(other, visitor) for visitor in visitors if acts(ours, visitor))


def acts(document: Document, visitor: Context) -> bool:
    index = choose(document, visitor.__getitem__)
    return index is not None and bool(document.actions(index))


@settings(max_examples=100)
@given(typed_documents(), contexts())
def test_duplicate__said_to_be_one__may_be_removed(document: Document, visitor: Context) -> None:
    for lint in find_lints(document):
        if lint.kind == LintKind.DUPLICATE and lint.path.startswith("branches"):
            assert choose(without(document, lint.path.removesuffix(".field")), visitor.__getitem__) == choose(
                document, visitor.__getitem__
            )


def without(document: Document, path: str) -> Document:
    """The document without the node at ``path``."""
    head, *places = path.replace("]", "").split(".rules[")
    number = int(head.removeprefix("branches[").removesuffix(".when"))

    def cut(node: Group, where: list[str]) -> Group:
        index = int(where[0])
        child = node.rules[index]
        left = [cut(child, where[1:])] if len(where) > 1 and isinstance(child, Group) else []
        return Group(node.combinator, (*node.rules[:index], *left, *node.rules[index + 1 :]), node.negated)

    kept = list(document.branches)
    kept[number] = Branch(cut(kept[number].when, places), kept[number].then)
    return Document(document.scope, tuple(kept), document.otherwise, document.unknown)


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ([condition("page.idle_seconds", "<", 0)], [("never", f"{WHEN}.rules[0].value")]),
        ([condition("page.idle_seconds", ">=", 0)], [("always", f"{WHEN}.rules[0].value")]),
        ([condition("visit.pages", ">", 2), condition("visit.pages", "<", 3)], [("never", WHEN)]),
        ([condition("visit.exit_risk", ">", 0.2), condition("visit.exit_risk", "<", 0.3)], []),
        (
            [group(condition("visit.pages", "<", 3), condition("visit.pages", ">=", 3), combinator="or"), CHECKOUT],
            [("always", f"{WHEN}.rules[0]")],
        ),
        ([CHECKOUT, CHECKOUT], [("duplicate", f"{WHEN}.rules[1].field")]),
        ([group(CHECKOUT), group(CHECKOUT)], [("duplicate", f"{WHEN}.rules[1]")]),
        ([condition("visitor.is_customer", "=", True)], [("broad", WHEN)]),
        ([group(condition("visitor.visits", ">", 2), CHECKOUT, combinator="or")], [("broad", WHEN)]),
        ([group(condition("visitor.visits", ">", 2), CHECKOUT)], []),
        ([group(condition("visitor.visits", ">", 2), CHECKOUT, **{"not": True})], [("broad", WHEN)]),
        ([condition("visit.last_search", "contains", "boot"), condition("visit.last_search", "null")], [("never", WHEN)]),
        ([condition("visit.last_search", "contains", "boot"), condition("visit.last_search", "contains", "tent")], []),
        ([condition("visit.last_search", "=", "boots"), condition("visit.last_search", "contains", "tent")], [("never", WHEN)]),
        ([condition("basket.total", ">", GBP), condition("basket.total", "<", {**GBP, "currency": "EUR"})], [("never", WHEN)]),
        ([condition("checkout.error_fields", "contains", "a"), condition("checkout.error_fields", "notIn", ["a"])], []),
        ([condition("page.kind", "notIn", ["home", "category"])], []),
    ],
)
def test_lints__of_conditions__stand_at_their_fields(when: list[Any], found: list[tuple[str, str]]) -> None:
    assert hints(*when) == found


def test_lints__more_values_than_are_tried__says_nothing() -> None:
    many = list(range(300))
    assert hints(condition("visit.pages", "in", many), condition("visit.pages", "notIn", many)) == []


def test_lints__variable_that_is_gone__says_nothing() -> None:
    gone = Condition("crm.value", ">", 3)
    document = Document(None, (Branch(Group("and", (gone, Condition("crm.value", "<", 2))), ()),))
    assert find_lints(document) == []


def test_lints__scope_that_cannot_hold__is_said_once() -> None:
    assert hints(CHECKOUT, scope=group(condition("page.idle_seconds", "<", 0))) == [("never", "scope.rules[0].value")]


def test_lints__branch_against_the_scope__can_never_be_true() -> None:
    assert hints(condition("page.kind", "=", "home"), scope=group(CHECKOUT)) == [("never", "branches[0].when")]


def test_lints__condition_of_the_scope_again__is_said_twice() -> None:
    again = hints(group(CHECKOUT), condition("visit.pages", ">", 2), scope=group(group(CHECKOUT)))
    assert again == [("duplicate", "branches[0].when.rules[0].rules[0].field")]
    assert hints(group(CHECKOUT, condition("visit.pages", ">", 2), combinator="or"), scope=group(CHECKOUT)) == []


def test_lints__branch_covered_by_the_ones_above__is_never_reached() -> None:
    found = find_lints(branches(condition("visit.pages", ">", 2), condition("visit.pages", ">", 5)))
    assert [(lint.kind, lint.path) for lint in found] == [(LintKind.UNREACHABLE, "branches[1].when")]


def test_lints__everything_taken_before__otherwise_is_never_reached() -> None:
    otherwise = rule_json(CHECKOUT)["branches"][0]["then"]
    whens = (condition("visit.pages", ">", 2), condition("visit.pages", "<=", 2))
    found = find_lints(branches(*whens, **{"else": otherwise}))
    assert [(lint.kind, lint.path) for lint in found] == [(LintKind.UNREACHABLE, "else[0].do")]
    assert find_lints(branches(*whens, **{"else": otherwise, "unknown": "else"})) == []


def test_shadow__wider_rule_above__is_named() -> None:
    ours = branches(group(CHECKOUT, condition("visit.pages", ">", 5)))
    wider = Higher(name="Wider", priority=10, document=branches(CHECKOUT))
    other = Higher(name="Other", priority=5, document=branches(condition("visit.pages", ">", 6)))
    lint = find_shadow(ours, [other, wider])
    assert lint is not None
    assert (lint.kind, lint.path) == (LintKind.SHADOWED, "priority")
    assert "“Wider” (priority 10)" in lint.message
    assert find_shadow(ours, [other]) is None


def test_shadow__higher_does_nothing_there__is_none() -> None:
    silent = Document(None, (Branch(branches(CHECKOUT).branches[0].when, ()),), (Action("show.balloon", "x"),))
    assert find_shadow(branches(CHECKOUT), [Higher(name="Silent", priority=1, document=silent)]) is None


def test_shadow__ours_never_acts__is_not_blamed_on_another() -> None:
    never = branches(condition("page.idle_seconds", "<", 0))
    assert find_shadow(never, [Higher(name="Any", priority=1, document=branches(CHECKOUT))]) is None


def test_search__too_many_alternatives__gives_up_and_says_possible() -> None:
    clash = Group("or", tuple(Condition("visit.pages", "=", number) for number in range(4)))
    never = Group("and", (Condition("visit.pages", "=", 9), clash))
    assert MOST_STEPS < 2**12
    apart = [Group("or", tuple(Condition(f"crm.{k}", "=", number) for number in range(2))) for k in range(12)]
    assert not is_possible(comes_out(never, TRUE))
    assert is_possible(All(tuple(comes_out(node, TRUE) for node in (never, *apart))))


def test_shadow__higher_needs_what_ours_does_not_say__is_not_looked_into() -> None:
    ours = branches(CHECKOUT)
    narrower = branches(group(CHECKOUT, condition("visit.pages", ">", 2)))
    assert find_shadow(ours, [Higher(name="Narrower", priority=1, document=narrower)]) is None


def test_shadow__otherwise_of_a_higher_rule__takes_the_rest() -> None:
    then = rule_json(CHECKOUT)["branches"][0]["then"]
    either_way = branches(condition("page.kind", "=", "home"), **{"else": then, "unknown": "else"})
    assert find_shadow(branches(CHECKOUT), [Higher(name="Either way", priority=1, document=either_way)]) is not None
