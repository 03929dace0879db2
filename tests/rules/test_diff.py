"""What changed between two versions: in sentences, by structure."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.rules.engine.tree import Action, Branch, Condition, Document, Group
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.life.diff import Kind, diff, diff_groups
from tests.rules.moments import condition, do, group, rule_json
from tests.rules.trees import groups, trees

PAGES, SEARCHES = condition("visit.pages", ">", 3), condition("visit.searches", ">", 1)
LINES = condition("basket.lines", ">", 0)


def said(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [str(change) for change in diff(parse_document(old), parse_document(new))]


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        (rule_json(PAGES), rule_json(PAGES), []),
        (
            rule_json(PAGES, SEARCHES),
            rule_json(condition("visit.pages", ">", 5), LINES),
            [
                "Branch 1: “pages in this visit is more than 3” became “pages in this visit is more than 5”.",
                "Branch 1: removed “searches is more than 1”.",
                "Branch 1: added “lines in the basket is more than 0”.",
            ],
        ),
        (
            rule_json(PAGES),
            rule_json(condition("visit.pages", "<", 9)),
            ["Branch 1: “pages in this visit is more than 3” became “pages in this visit is less than 9”."],
        ),
        (
            rule_json(PAGES, SEARCHES),
            rule_json(SEARCHES, PAGES),
            [
                "Branch 1, the order of conditions: “pages in this visit is more than 3, searches is more"
                " than 1” became “searches is more than 1, pages in this visit is more than 3”."
            ],
        ),
        (
            rule_json(PAGES, group(SEARCHES, LINES, combinator="or")),
            rule_json(PAGES, group(SEARCHES, condition("basket.lines", ">", 2), **{"not": True})),
            [
                "Branch 1, group 1, how many must be true: “any of these” became “not all of these”.",
                "Branch 1, group 1: “lines in the basket is more than 0” became “lines in the basket is more than 2”.",
            ],
        ),
        (
            rule_json(PAGES),
            rule_json(PAGES, engagement="ask-us", scope=group(LINES), unknown="else", **{"else": do("delivery-times")}),
            [
                "Where: “everywhere” became “lines in the basket is more than 0”.",
                "Branch 1, what to do: “show the balloon “delivery-times”” became “offer the sticky note “ask-us””.",
                "Otherwise: “leave the shopper alone” became “show the balloon “delivery-times””.",
                "Where something is not known: “do nothing” became “go on as if it were false”.",
            ],
        ),
        (
            rule_json(PAGES, scope=group(LINES)),
            rule_json(PAGES, scope=group(LINES, SEARCHES, combinator="or", **{"not": True})),
            [
                "Where, how many must be true: “all of these” became “none of these”.",
                "Where: added “searches is more than 1”.",
            ],
        ),
    ],
)
def test_diff__two_versions__is_said_in_the_order_of_reading(
    old: dict[str, Any], new: dict[str, Any], sentences: list[str]
) -> None:
    assert said(old, new) == sentences


def branches(*whens: Any) -> dict[str, Any]:
    return rule_json(PAGES) | {"branches": [{"when": group(when), "then": do("ask-us")} for when in whens]}


def test_diff__branches__are_recognised_wherever_they_stand() -> None:
    assert said(branches(PAGES, LINES), branches(LINES, PAGES, SEARCHES)) == [
        "Branch 3: added “If searches is more than 1, offer the sticky note “ask-us”.”.",
        "The order of the branches: “If pages in this visit is more than 3, offer the sticky note “ask-us”. / If lines in"
        " the basket is more than 0, offer the sticky note “ask-us”.” became “If lines in the basket is more than 0, offer the"
        " sticky note “ask-us”. / If pages in this visit is more than 3, offer the sticky note “ask-us”. / If searches"
        " is more than 1, offer the sticky note “ask-us”.”.",
    ]
    assert said(branches(PAGES, LINES), branches(LINES)) == [
        "Branch 1: removed “If pages in this visit is more than 3, offer the sticky note “ask-us”.”."
    ]


def test_diff__branch_with_other_conditions_and_another_action__is_still_a_change() -> None:
    changes = diff(parse_document(rule_json(PAGES)), parse_document(rule_json(SEARCHES, engagement="ask-us")))
    assert {change.kind for change in changes} == {Kind.ADDED, Kind.REMOVED, Kind.CHANGED}


def test_diff__segments__tells_of_their_text_and_of_those_that_come_and_go() -> None:
    def rule(*slugs: str, **texts: Any) -> dict[str, Any]:
        return rule_json(*[condition(f"segment.{slug}", "=", True) for slug in slugs], segments=texts)

    assert said(rule("a", a=group(PAGES)), rule("a", a=group(PAGES, LINES))) == [
        "Segment “a”: added “lines in the basket is more than 0”."
    ]
    assert said(rule("a", a=group(PAGES)), rule("b", b=group(PAGES))) == [
        "Branch 1: removed “the segment “a” applies”.",
        "Branch 1: added “the segment “b” applies”.",
        "Segments: removed “a”.",
        "Segments: added “b”.",
    ]


CONDITIONS = st.builds(
    Condition,
    st.sampled_from(["visit.pages", "visit.searches", "basket.lines"]),
    st.sampled_from(["<", ">"]),
    st.integers(1, 3),
)
ACTIONS = st.sampled_from([(), (Action("show.balloon", "x"),), (Action("show.balloon", "y"),)])
BRANCHES = st.builds(Branch, groups(trees(CONDITIONS)), ACTIONS)
SEGMENTS = st.dictionaries(st.sampled_from("ab"), groups(CONDITIONS)).map(lambda named: tuple(sorted(named.items())))
DOCUMENTS = st.builds(
    Document,
    st.none() | groups(CONDITIONS),
    st.lists(BRANCHES, min_size=1, max_size=3).map(tuple),
    ACTIONS,
    st.sampled_from(["skip", "else"]),
    SEGMENTS,
)


@given(DOCUMENTS)
def test_diff__a_document_and_itself__is_empty(document: Document) -> None:
    assert diff(document, document) == ()


@given(DOCUMENTS, DOCUMENTS)
def test_diff__two_documents__is_empty_only_for_equal_ones_and_always_says_something(old: Document, new: Document) -> None:
    changes = diff(old, new)
    assert bool(changes) == (old != new)
    assert all(str(change) and change.place for change in changes)


@given(groups(trees(CONDITIONS)), groups(trees(CONDITIONS)))
def test_diff_groups__two_trees__is_empty_only_for_equal_ones(old: Group, new: Group) -> None:
    assert bool(diff_groups(old, new, place="Segment")) == (old != new)
