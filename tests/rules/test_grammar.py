"""What is a rule and what is not: every mistake at once, each at its place; one canonical shape."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.rules.engine.compare import OPERATORS
from oscar_engage.rules.engine.tree import ELSE
from oscar_engage.rules.engine.values import Money
from oscar_engage.rules.engine.walk import choose
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.grammar import parse_document, read_document, to_json
from oscar_engage.rules.validate import check_document, is_service_document
from oscar_engage.rules.variables import VARIABLES
from tests.rules.moments import ENGAGEMENTS, EXAMPLE, condition, do, group, rule_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def mistakes(raw: object, **options: Any) -> dict[str, str]:
    """Return what is wrong with ``raw``: path → message."""
    with pytest.raises(InvalidRuleError) as caught:
        check_document(raw, engagements=ENGAGEMENTS, **options)
    return {error.path: error.message for error in caught.value.errors}


def with_value(field: str, operator: str, value: Any) -> dict[str, Any]:
    return rule_json(condition(field, operator, value))


def test_parse_document__the_design_example__reads_and_writes_back() -> None:
    document = check_document(EXAMPLE, engagements=ENGAGEMENTS)
    assert document.branches[0].when.rules[0].value == Money(Decimal("100.00"), "GBP")  # type: ignore[union-attr]  # a condition
    assert document.actions(ELSE)[0].engagement == "delivery-times"
    assert to_json(document) == EXAMPLE
    assert parse_document(json.dumps(EXAMPLE)) == parse_document(json.dumps(EXAMPLE).encode()) == document


def test_check_document__many_mistakes__come_all_at_once_with_their_places() -> None:
    raw = {
        "schema": 2,
        "scope": group(condition("page.knd", "=", "checkout")),
        "branches": [
            {"when": group(condition("visit.pages", ">", 3), condition("visit.pages", ">", "many")), "then": do("ask-us")},
            {"when": group(combinator="xor"), "then": [{"do": "show.baloon", "with": {"engagement": "ask-us"}}]},
            {
                "when": group(condition("page.kind", "<", "home")),
                "then": [{"do": "show.balloon", "with": {"engagement": "ask-u"}}],
            },
        ],
        "else": [{"do": "show.balloon", "with": {"engagement": "ask-us"}}],
        "unknown": "maybe",
        "priority": 3,
    }
    found = mistakes(raw)
    assert set(found) == {
        "priority",
        "schema",
        "scope.rules[0].field",
        "branches[0].when.rules[1].value",
        "branches[1].when.combinator",
        "branches[1].when.rules",
        "branches[1].then[0].do",
        "branches[2].when.rules[0].operator",
        "branches[2].then[0].with.engagement",
        "else[0].with.engagement",
        "unknown",
    }
    assert "Did you mean “kind of page” (page.kind)?" in found["scope.rules[0].field"]
    assert "Did you mean “Show a balloon” (show.balloon)?" in found["branches[1].then[0].do"]
    assert "Did you mean “ask-us”?" in found["branches[2].then[0].with.engagement"]
    assert found["branches[0].when.rules[1].value"] == "Type a whole number, such as 3."
    assert found["branches[2].when.rules[0].operator"].startswith("Choose how to compare: is (=), ")
    said = "“ask-us” is for “Offer a sticky note”, not for “Show a balloon”; choose another engagement."
    assert found["else[0].with.engagement"] == said


def test_parse__nothing_chosen_yet__names_what_can_be_by_labels_alone() -> None:
    found = mistakes(rule_json(condition("visit.pages", "", 1), **{"else": [{"do": "", "with": {"engagement": "ask-us"}}]}))

    assert (
        found["else[0].do"] == "Choose what to do: Show a balloon, Offer a sticky note, Invite to a chat, Offer a call, "
        "Invite to look at the page together, Invite to talk in the browser, Ask a survey."
    )
    assert "(=)" not in found["branches[0].when.rules[0].operator"]
    assert "is, is not" in found["branches[0].when.rules[0].operator"]


def test_parse__name_that_nothing_is_like__says_beside_the_labels_what_to_type() -> None:
    found = mistakes(rule_json(condition("visit.pages", ">", 1), **{"else": [{"do": "zzz", "with": {"engagement": "ask-us"}}]}))

    assert "Show a balloon (show.balloon)" in found["else[0].do"]


def test_check__engagement_of_a_kind_that_no_action_takes__says_that_it_does_not_fit() -> None:
    raw = rule_json(condition("visit.pages", ">", 1), **{"else": [{"do": "offer.note", "with": {"engagement": "new"}}]})

    with pytest.raises(InvalidRuleError) as caught:
        check_document(raw, engagements={**ENGAGEMENTS, "new": "banner"})

    assert "“new” is not for “Offer a sticky note”" in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ("{", ""),
        ("[" * 100_000, ""),
        ('{"schema": NaN}', "schema"),
        (float("nan"), ""),
        (b"\xff", ""),
        ("\ud800", ""),
        ({"a": object()}, ""),
        (json.dumps({"schema": 1, "branches": [], "x": "y" * 70_000}), ""),
        ("9" * 5000, ""),
        ([], ""),
        (None, ""),
        ({"schema": True, "branches": []}, "schema"),
        ({"schema": 1}, "branches"),
        ({"schema": 1, "branches": []}, "branches"),
        ({"schema": 1, "branches": [3]}, "branches[0]"),
        ({"schema": 1, "branches": [{}]}, "branches[0].when"),
        ({"schema": 1, "branches": [{"when": group(3), "then": []}]}, "branches[0].when.rules[0]"),
        ({"schema": 1, "branches": [{"when": {"combinator": "and"}, "then": []}]}, "branches[0].when.rules"),
        ({"schema": 1, "branches": [{"when": group(group()), "then": []}]}, "branches[0].when.rules[0].rules"),
        (rule_json(condition("visit.pages", ">", 1), scope=[]), "scope"),
        (rule_json(condition("visit.pages", ">", 1), scope=group(**{"not": 1})), "scope.not"),
        (rule_json(condition("visit.pages", ">", 1), **{"else": "show.balloon"}), "else"),
        (rule_json(condition("visit.pages", ">", 1), **{"else": ["show.balloon"]}), "else[0]"),
        (rule_json(condition("visit.pages", ">", 1), **{"else": do("ask-us") * 2}), "else"),
        (rule_json(condition("visit.pages", ">", 1), **{"else": [{"do": "offer.note"}]}), "else[0].with.engagement"),
        (rule_json(condition("visit.pages", ">", 1), **{"else": [{"do": 1, "with": {"engagement": "ask-us"}}]}), "else[0].do"),
        (
            rule_json(
                condition("visit.pages", ">", 1), **{"else": [{"do": "offer.note", "with": {"engagement": "ask-us", "x": 1}}]}
            ),
            "else[0].with.x",
        ),
        (
            rule_json(condition("visit.pages", ">", 1), **{"else": [{"do": "offer.note", "with": {"engagement": "zzz"}}]}),
            "else[0].with.engagement",
        ),
        (rule_json({"field": 3, "operator": "="}), "branches[0].when.rules[0].field"),
        (rule_json({**condition("visit.pages", ">", 1), "valueSource": "field"}), "branches[0].when.rules[0].valueSource"),
        (rule_json({**condition("visit.pages", ">", 1), "js": "x"}), "branches[0].when.rules[0].js"),
        (rule_json(condition("visitor.user.password", "beginsWith", "pbkdf2")), "branches[0].when.rules[0].field"),
        (rule_json(group(group(group(group(condition("visit.pages", ">", 1)))))), "branches[0].when" + ".rules[0]" * 4),
        (rule_json(*[condition("visit.pages", ">", 1)] * 51), "branches[0].when.rules[50]"),
        (
            rule_json(condition("visit.pages", ">", 1))
            | {"branches": rule_json(condition("visit.pages", ">", 1))["branches"] * 21},
            "branches",
        ),
    ],
)
def test_check_document__one_mistake__is_named_at_its_place(raw: object, path: str) -> None:
    assert path in mistakes(raw)


@given(JSON)
def test_read_document__any_json__never_raises(raw: object) -> None:
    document, errors = read_document(raw)
    assert errors
    assert choose(document, lambda name: 1) in (None, ELSE)  # whatever is left of it can be judged, though nobody does


@given(JSON, st.sampled_from(sorted(VARIABLES.names())), st.sampled_from(OPERATORS))
def test_check_document__any_value_for_any_variable__is_refused_or_written_back_the_same(
    value: object, field: str, operator: str
) -> None:
    document, errors = read_document(with_value(field, operator, value))
    if not errors:
        written = to_json(document)
        json.dumps(written, allow_nan=False).encode()
        assert parse_document(written) == document
        assert to_json(parse_document(written)) == written


@pytest.mark.parametrize(
    ("field", "operator", "raw", "written"),
    [
        ("visit.pages", ">", " 3 ", 3),
        ("visit.pages", ">", 3.0, 3),
        ("visit.pages", "between", "3,5", [3, 5]),
        ("visit.pages", "in", ["3", 3, 4], [3, 4]),
        ("page.idle_seconds", ">", "45", 45),
        ("page.idle_seconds", ">", 2.5, 2.5),
        ("page.kind", "in", "home, basket", ["home", "basket"]),
        ("basket.total", ">", {"amount": 100, "currency": "gbp"}, {"amount": "100", "currency": "GBP"}),
        ("basket.total", ">", {"amount": "1e2", "currency": "GBP"}, {"amount": "100", "currency": "GBP"}),
        (
            "basket.total",
            "between",
            [{"amount": "1.5", "currency": "GBP"}, {"amount": 2, "currency": "GBP"}],
            [{"amount": "1.5", "currency": "GBP"}, {"amount": "2", "currency": "GBP"}],
        ),
        ("visitor.is_customer", "=", "true", True),
        ("visitor.is_customer", "=", False, False),
        ("visit.last_search", "contains", " boots ", "boots"),
        ("checkout.error_fields", "contains", "phone", "phone"),
        ("visit.last_search", "null", "anything", None),
    ],
)
def test_clean__what_a_form_sends__is_written_in_one_shape(field: str, operator: str, raw: Any, written: Any) -> None:
    document = parse_document(with_value(field, operator, raw))
    assert to_json(document)["branches"][0]["when"]["rules"][0].get("value") == written


@pytest.mark.parametrize(
    ("field", "operator", "raw", "message"),
    [
        ("visit.pages", ">", 2.5, "Type a whole number"),
        ("visit.pages", ">", True, "Type a whole number"),
        ("visit.pages", ">", None, "Type a whole number"),
        ("visit.pages", ">", 1e300, "Type a whole number"),
        ("visit.pages", ">", "inf", "Type a whole number"),
        ("visit.pages", ">", 10**400, "Type a whole number"),
        ("visit.pages", "between", [1], "Type two values"),
        ("visit.pages", "between", 3, "Type two values"),
        ("visit.pages", "between", [5, 3], "smaller value first"),
        ("visit.pages", "in", [], "at least one"),
        ("visit.pages", "in", list(range(1001)), "at most 1000"),
        ("page.idle_seconds", ">", -1, "number of seconds"),
        ("page.idle_seconds", ">", 1e9, "number of seconds"),
        ("page.kind", "=", "chekout", "Did you mean “checkout”?"),
        ("page.kind", "=", 3, "Choose one of: home"),
        ("page.kind", "=", "zzz", "Choose one of: home"),
        ("basket.total", ">", 100, "an amount and a currency"),
        ("basket.total", ">", {"amount": "100"}, "an amount and a currency"),
        ("basket.total", ">", {"amount": "x", "currency": "GBP"}, "an amount and a currency"),
        ("basket.total", ">", {"amount": "NaN", "currency": "GBP"}, "an amount and a currency"),
        ("basket.total", ">", {"amount": 1, "currency": "GBP", "x": 1}, "an amount and a currency"),
        ("basket.total", ">", {"amount": "1e-999999999", "currency": "GBP"}, "an amount and a currency"),
        ("basket.total", ">", {"amount": "0e999999999", "currency": "GBP"}, "an amount and a currency"),
        (
            "basket.total",
            "between",
            [{"amount": 1, "currency": "GBP"}, {"amount": 2, "currency": "EUR"}],
            "one currency",
        ),
        ("visitor.is_customer", "=", "maybe", "yes or no"),
        ("visitor.is_customer", "=", 1, "yes or no"),
        ("visit.last_search", "=", "", "a text of 1 to 200"),
        ("visit.last_search", "=", "x" * 201, "a text of 1 to 200"),
        ("visit.last_search", "=", "a\x00b", "a text of 1 to 200"),
        ("visit.last_search", "=", 5, "a text of 1 to 200"),
    ],
)
def test_clean__wrong_value__says_what_to_type(field: str, operator: str, raw: Any, message: str) -> None:
    assert message in mistakes(with_value(field, operator, raw))["branches[0].when.rules[0].value"]


@pytest.mark.parametrize(
    ("conditions", "place"),
    [
        ([("visit.pages", ">", 5), ("visit.pages", "<", 3)], "rules[1]"),
        ([("visit.pages", ">=", 5), ("visit.pages", "<", 5)], "rules[1]"),
        ([("visit.pages", "between", [1, 2]), ("visit.pages", ">", 2)], "rules[1]"),
        ([("visit.pages", "=", 5), ("visit.pages", "<", 3)], "rules[1]"),
        ([("visit.pages", "in", [1, 2]), ("visit.searches", ">", 1), ("visit.pages", "notIn", [1, 2, 3])], "rules[2]"),
        ([("page.kind", "=", "home"), ("page.kind", "=", "basket")], "rules[1]"),
        ([("visit.last_search", "=", "boots"), ("visit.last_search", "beginsWith", "shoe")], "rules[1]"),
        ([("visit.last_search", "null", None), ("visit.last_search", "contains", "shoe")], "rules[1]"),
        (
            [
                ("basket.total", ">", {"amount": 1, "currency": "GBP"}),
                ("basket.total", "<", {"amount": 9, "currency": "EUR"}),
            ],
            "rules[1]",
        ),
    ],
)
def test_check_document__conditions_that_exclude_each_other__are_never_true(conditions: list[Any], place: str) -> None:
    raw = rule_json(*[condition(*parts) for parts in conditions])
    assert "never be true" in mistakes(raw)[f"branches[0].when.{place}.value"]


def test_check_document__branch_against_its_scope_or_the_group_around__is_never_true() -> None:
    scope = group(group(condition("page.kind", "=", "checkout")))
    inner = group(condition("visit.pages", "<", 2), condition("visit.searches", ">", 3), combinator="or")
    found = mistakes(rule_json(condition("page.kind", "=", "product"), condition("visit.pages", ">", 3), inner, scope=scope))
    assert set(found) == {"branches[0].when.rules[0].value", "branches[0].when.rules[2].rules[0].value"}


def test_check_document__groups_side_by_side_that_exclude_each_other__are_never_true() -> None:
    found = mistakes(rule_json(group(condition("visit.pages", "<", 2)), group(condition("visit.pages", ">", 3))))
    assert set(found) == {"branches[0].when.rules[1].rules[0].value"}


@pytest.mark.parametrize(
    "tree",
    [
        group(condition("visit.pages", ">", 5), condition("visit.pages", "<", 3), combinator="or"),
        group(group(condition("visit.pages", ">", 5), condition("visit.pages", "<", 3), **{"not": True})),
        group(condition("visit.pages", ">=", 5), condition("visit.pages", "<=", 5)),
        group(condition("visit.pages", "notNull"), condition("visit.pages", ">", 3)),
        group(condition("visit.pages", "null"), condition("visit.pages", "null")),
        group(condition("checkout.error_fields", "contains", "a"), condition("checkout.error_fields", "contains", "b")),
        group(condition("visit.pages", "in", [1, 5]), condition("visit.pages", ">", 3)),
        group(
            group(condition("visit.pages", ">", 5), condition("visit.searches", ">", 5), combinator="or"),
            condition("visit.pages", "<", 3),
        ),
    ],
)
def test_check_document__conditions_that_can_hold__are_let_pass(tree: dict[str, Any]) -> None:
    raw = rule_json(condition("visit.searches", ">=", 0)) | {"branches": [{"when": tree, "then": []}]}
    check_document(raw, engagements=ENGAGEMENTS)


def test_check_document__service_rule_reading_the_visit__is_refused() -> None:
    raw = rule_json(condition("login.failures", ">", 1), condition("visit.pages", ">", 3), condition("nope", "=", 1))
    assert "service rule" in mistakes(raw, service=True)["branches[0].when.rules[1].field"]
    service = check_document(rule_json(condition("login.failures", ">", 1)), engagements=ENGAGEMENTS, service=True)
    assert is_service_document(service)


def test_check_document__known_extras_of_the_query_builder__are_dropped() -> None:
    raw = rule_json({**condition("visit.pages", ">", 3), "id": "x", "valueSource": "value"})
    assert to_json(check_document(raw, engagements=ENGAGEMENTS)) == {
        **rule_json(condition("visit.pages", ">", 3)),
        "else": [],
        "unknown": "skip",
    }
