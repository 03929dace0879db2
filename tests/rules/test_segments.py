"""Named segments: what a condition may name, what a version keeps of it, and what is judged."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.rules.engine.segments import PREFIX, expand, segment_of, steps_of, used_in
from oscar_engage.rules.engine.tree import Condition, Document, Group, Node
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.engine.walk import Leaf, choose, judge, judging
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.grammar import parse_document, read_document, read_group, to_json
from oscar_engage.rules.segments.shelf import names_in
from oscar_engage.rules.sentence import sentence
from oscar_engage.rules.validate import check_document
from oscar_engage.rules.variables import SEGMENTS, VARIABLES
from tests.rules.moments import ENGAGEMENTS, condition, group, make_moment, rule_json
from tests.rules.trees import contexts, documents, groups, plain_conditions, trees

BUSY = group(condition("visit.pages", ">", 3), condition("visit.searches", ">", 1), combinator="or")
SHOPPER = group(condition("basket.lines", ">", 0), condition("segment.busy", "=", True))
SHOP = {"busy": BUSY, "shopper": SHOPPER}


def mistakes(raw: object, segments: Any = None, **options: Any) -> dict[str, str]:
    with pytest.raises(InvalidRuleError) as caught:
        check_document(raw, engagements=ENGAGEMENTS, segments=segments, **options)
    return {error.path: error.message for error in caught.value.errors}


def belongs(slug: str, answer: Any = True) -> dict[str, Any]:
    return condition(f"segment.{slug}", "=", answer)


def test_parse__segment_of_the_shop__the_version_keeps_it_and_those_inside() -> None:
    document = check_document(rule_json(belongs("shopper")), engagements=ENGAGEMENTS, segments={**SHOP, "other": BUSY})
    written = to_json(document)
    assert list(written["segments"]) == ["busy", "shopper"]
    assert written["segments"]["busy"] == BUSY
    assert parse_document(written) == document
    assert to_json(parse_document(written)) == written


def test_parse__segments_that_nothing_names__are_left_out() -> None:
    document = parse_document(rule_json(condition("visit.pages", ">", 3), segments={"busy": BUSY, "bad": 3}))
    assert document.segments == ()
    assert "segments" not in to_json(document)


def test_parse__what_a_form_sends__is_written_in_one_shape() -> None:
    document, errors = read_document(rule_json(belongs("busy", "false")), segments=SHOP)
    assert not errors
    assert to_json(document)["branches"][0]["when"]["rules"] == [belongs("busy", False)]


@pytest.mark.parametrize(
    ("slug", "message"),
    [
        ("bussy", "Did you mean “busy”?"),
        ("zzz", "There is no segment “zzz”. Create it first."),
        ("", "There is no segment “”."),
        ("Busy?x=1", "There is no segment"),
    ],
)
def test_check__segment_that_is_not_there__says_which_was_meant(slug: str, message: str) -> None:
    found = mistakes(rule_json(belongs(slug)), {**SHOP, "Busy?x=1": BUSY})
    assert message in found["branches[0].when.rules[0].field"]


@pytest.mark.parametrize("operator", ["!=", "null", "in"])
def test_check__segment_asked_in_another_way__is_refused(operator: str) -> None:
    assert (
        "is (=)" in mistakes(rule_json(condition("segment.busy", operator, True)), SHOP)["branches[0].when.rules[0].operator"]
    )


def test_check__segments_that_name_each_other__show_the_circle() -> None:
    circle = {"a": group(belongs("b")), "b": group(belongs("a"))}
    assert "circle: “a” → “b” → “a”" in mistakes(rule_json(belongs("a")), circle)["branches[0].when.rules[0].field"]
    assert "circle" in mistakes(rule_json(belongs("b"), belongs("a")), circle)["branches[0].when.rules[1].field"]


def chain(length: int) -> dict[str, Any]:
    """Return segments s1 … of which each names the next, with one condition in the last."""
    named = {f"s{number}": group(belongs(f"s{number + 1}")) for number in range(1, length)}
    return {**named, f"s{length}": group(condition("visit.pages", ">", 3))}


def test_check__segments_inside_segments__to_depth_three() -> None:
    check_document(rule_json(belongs("s1")), engagements=ENGAGEMENTS, segments=chain(3))
    check_document(rule_json(belongs("s2")), engagements=ENGAGEMENTS, segments=chain(4))
    assert "3 deep, no deeper" in mistakes(rule_json(belongs("s1")), chain(4))["branches[0].when.rules[0].field"]


def test_check__segment_that_cannot_be_read__names_its_first_mistake() -> None:
    found = mistakes(rule_json(belongs("old")), {"old": group(condition("qqqqqq", "=", 1))})
    assert "The segment “old” cannot be used: There is no variable “qqqqqq” here." in found["branches[0].when.rules[0].field"]
    assert (
        "Add at least one condition" in mistakes(rule_json(belongs("old")), {"old": group()})["branches[0].when.rules[0].field"]
    )


def test_check__conditions__are_counted_as_if_written_out() -> None:
    many = {"many": group(*[condition("visit.pages", ">", 1)] * 25)}
    check_document(rule_json(belongs("many"), belongs("many")), engagements=ENGAGEMENTS, segments=many)
    found = mistakes(rule_json(belongs("many"), belongs("many"), condition("visit.pages", ">", 1)), many)
    assert found == {"branches[0].when.rules[2]": "A rule has at most 50 conditions."}
    twice = {**many, "twice": group(*[belongs("many")] * 3)}
    assert "at most 50" in mistakes(rule_json(belongs("twice")), twice)["branches[0].when.rules[0].field"]


def test_check__segments__are_at_most_twenty() -> None:
    crowd = {f"s{number}": BUSY for number in range(21)}
    found = mistakes(rule_json(*[belongs(slug) for slug in crowd]), crowd)
    assert found == {"branches[0].when.rules[20].field": "A rule may speak of 20 segments, no more."}


def test_check__depth__is_counted_as_if_written_out() -> None:
    deep = {"deep": group(group(group(condition("visit.pages", ">", 1)), condition("visit.pages", ">", 2), combinator="or"))}
    inside = group(belongs("deep"), condition("visit.searches", ">", 1), combinator="or")
    check_document(rule_json(belongs("deep")), engagements=ENGAGEMENTS, segments=deep)
    found = mistakes(
        rule_json(group(inside, condition("basket.lines", ">", 1)), condition("visit.pages", ">", 1)),
        {
            "deep": group(
                group(inside_out(2), condition("visit.pages", ">", 3), combinator="or"), condition("visit.pages", ">", 2)
            )
        },
    )
    assert found == {"branches[0].when": "With its segments written out, this is nested more than 4 deep."}


def inside_out(depth: int) -> dict[str, Any]:
    """Return a tree whose way of joining changes ``depth`` times."""
    if depth == 0:
        return condition("visit.pages", ">", 9)
    joined = "and" if depth % 2 == 0 else "or"
    return group(inside_out(depth - 1), condition("visit.pages", ">", depth), combinator=joined)


def test_check__own_segments_of_no_shape__are_refused() -> None:
    assert "segments" in mistakes(rule_json(condition("visit.pages", ">", 1), segments=[]))


def test_check__service_rule__may_use_a_segment_of_the_page_alone() -> None:
    failed = {"failed": group(condition("login.failures", ">", 1))}
    check_document(rule_json(belongs("failed")), engagements=ENGAGEMENTS, segments=failed, service=True)
    found = mistakes(rule_json(belongs("shopper")), SHOP, service=True)
    assert list(found) == ["branches[0].when.rules[0].field"]
    assert "reads only the current page" in found["branches[0].when.rules[0].field"]


def test_check__segment_against_a_condition_beside_it__is_never_true() -> None:
    few = {"few": group(condition("visit.pages", "<", 2))}
    found = mistakes(rule_json(condition("visit.pages", ">", 3), belongs("few")), few)
    assert "never be true" in found["branches[0].when.rules[1].value"]


def test_sentence__condition_on_a_segment__names_it() -> None:
    document, _errors = read_document(rule_json(belongs("busy"), belongs("shopper", False)), segments=SHOP)
    assert sentence(document).startswith("If the segment “busy” applies and the segment “shopper” does not apply, show")


def test_variables__name_of_a_segment__is_one_that_is_not_listed_and_never_read() -> None:
    variable = VARIABLES.get("segment.busy")
    assert "segment.busy" in VARIABLES
    assert "segment.busy" not in VARIABLES.names()
    assert VARIABLES.get("segment.busy") is variable
    assert (variable.group, str(variable.label)) == (SEGMENTS, "segment “busy”")
    assert variable.read(make_moment()) is UNKNOWN
    assert 3 not in VARIABLES


def test_names_in__anything__gives_the_slugs_and_never_raises() -> None:
    assert sorted(names_in(group(belongs("a"), group(belongs("b"), 3, {"field": 4}), {"rules": 5}))) == ["a", "b"]
    assert list(names_in(None)) == []


def test_read_group__mistakes__stand_below_the_path() -> None:
    read, errors = read_group(group(condition("visit.pages", ">", "x")), path="scope", segments={})
    assert [error.path for error in errors] == ["scope.rules[0].value"]
    assert isinstance(read, Group)


# The law: written out, a rule means what it meant with its segments judged by name.

NAMES = ("p", "q", "r")


@st.composite
def documents_with_segments(draw: st.DrawFn) -> Document:
    """Return a document that names segments, of which r names none, q may name r, p may name q and r."""
    named: list[tuple[str, Group]] = []
    for slug in reversed(NAMES):
        known = [known for known, _group in named]
        named.append((slug, draw(groups(trees(mentions(known) if known else plain_conditions())))))
    document = draw(documents(mentions(list(NAMES))))
    return Document(document.scope, document.branches, document.otherwise, document.unknown, tuple(named))


def mentions(slugs: list[str]) -> st.SearchStrategy[Condition]:
    """Return plain conditions and conditions on one of ``slugs``."""
    return plain_conditions() | st.builds(
        Condition, st.sampled_from([PREFIX + slug for slug in slugs]), st.just("="), st.booleans()
    )


def judging_by_name(document: Document, read: Any) -> Leaf:
    plain = judging(read)
    named = dict(document.segments)

    def leaf(condition: Condition) -> Any:
        slug = segment_of(condition.field)
        if slug is None:
            return plain(condition)
        truth = judge(named[slug], leaf)
        return truth if truth is None or condition.value is True else not truth

    return leaf


@given(documents_with_segments(), contexts())
def test_expand__any_document__means_the_same(document: Document, known: dict[str, Value]) -> None:
    written_out = expand(document)

    def read(name: str) -> Value:
        return known[name]

    leaf = judging_by_name(document, read)
    assert not any(segment_of(condition.field) for condition in written_out.conditions())
    for (slug, before), (same_slug, after) in zip(document.segments, written_out.segments, strict=True):
        assert slug == same_slug
        assert judge(after, judging(read)) is judge(before, leaf)
    for before, after in zip(document.trees(), written_out.trees(), strict=True):
        assert judge(after, judging(read)) is judge(before, leaf)
    assert expand(written_out) == written_out
    choose(written_out, read)


@given(trees(mentions(["p", "q"])))
def test_used_in__any_tree__names_each_once(tree: Node) -> None:
    assert len(list(used_in(tree))) == len(set(used_in(tree)))


@given(groups(trees(plain_conditions())))
def test_steps_of__any_tree__is_at_least_one_and_at_most_its_depth(tree: Group) -> None:
    assert 1 <= steps_of(tree) <= depth_of(tree)


def depth_of(tree: Group) -> int:
    return 1 + max((depth_of(child) for child in tree.rules if isinstance(child, Group)), default=0)


IN_CHECKOUT, BROWSES = condition("page.kind", "=", "checkout"), condition("visit.pages", ">", 5)


@pytest.mark.parametrize(
    "cares",
    [
        group(IN_CHECKOUT, BROWSES, combinator="or"),
        group(condition("visit.seconds", ">", 1), group(BROWSES, group(IN_CHECKOUT), combinator="or")),
        group(group(IN_CHECKOUT, BROWSES, combinator="or"), combinator="or"),
    ],
)
def test_check__one_of_several_ways_of_a_segment_is_closed_by_the_rule__is_no_mistake(cares: Any) -> None:
    raw = rule_json(condition("page.kind", "=", "product"), belongs("cares"))
    assert check_document(raw, engagements=ENGAGEMENTS, segments={"cares": cares})
    scoped = rule_json(belongs("outer"), scope=group(condition("page.kind", "=", "product")))
    assert check_document(scoped, engagements=ENGAGEMENTS, segments={"cares": cares, "outer": group(belongs("cares"))})


def test_check__only_way_of_a_segment_or_one_in_the_rule_itself_is_closed__is_refused() -> None:
    product = condition("page.kind", "=", "product")
    certain = {"cares": group(BROWSES, group(IN_CHECKOUT, combinator="or"))}
    message = "This can never be true together with the other conditions on the same variable."
    assert mistakes(rule_json(product, belongs("cares")), segments=certain) == {"branches[0].when.rules[1].value": message}
    own = rule_json(product, group(IN_CHECKOUT, BROWSES, combinator="or"))
    assert mistakes(own) == {"branches[0].when.rules[1].rules[0].value": message}
