"""What a condition gives beside the name: typed, checked at its place, one key for one question, and back."""

from collections.abc import Collection, Iterator
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.core.registry import UnknownEntryError
from oscar_engage.rules.engine.compare import OPERATORS
from oscar_engage.rules.engine.tree import Condition
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.errors import WrongValueError
from oscar_engage.rules.grammar import parse_document, read_document, to_json
from oscar_engage.rules.kinds import LABELS, SIGNAL_KINDS, carries
from oscar_engage.rules.lints.contradictions import find_contradictions
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.named import NAMES
from oscar_engage.rules.parameters import Parameter, bare_name, make_key
from oscar_engage.rules.sentence import say_condition, sentence
from oscar_engage.rules.types import Boolean, Choice, Duration, Integer, MoneyType, Number, Text
from oscar_engage.rules.validate import is_service_document
from oscar_engage.rules.variables import (
    VARIABLES,
    clock_names,
    costly_names,
    find_variable,
    get_variable,
    reading,
    split_key,
    variable,
)
from oscar_engage.signals.kinds import KINDS
from tests.rules.moments import condition, make_moment, rule_json
from tests.rules.test_grammar import JSON, mistakes

AT = "branches[0].when.rules[0]"
ASKED: list[dict[str, Any]] = []


@pytest.fixture(autouse=True)
def _variable() -> Iterator[None]:
    """A variable with a parameter of every type that one can have."""
    before = dict(VARIABLES._entries)
    ASKED.clear()

    @variable(
        "test.asked",
        type=Integer(),
        label="asked",
        group="Test",
        parameters=(
            Parameter("whole", Integer(), label="Whole", is_required=True, phrase="of %(value)s"),
            Parameter("number", Number(), label="Number"),
            Parameter("span", Duration(), label="Span", default=60.0),
            Parameter("flag", Boolean(), label="Flag"),
            Parameter("choice", Choice({"a": "Apple", "b": "Pear"}), label="Choice"),
            Parameter("text", Text(), label="Text"),
        ),
    )
    def ask(moment: Moment, **params: Any) -> Value:
        ASKED.append(params)
        return len(ASKED)

    yield
    VARIABLES._entries = before


def asks(**params: Any) -> dict[str, Any]:
    return rule_json(condition("test.asked", ">", 3, **params))


def field_of(raw: object) -> str:
    """Return the key of the only condition."""
    (only,) = parse_document(raw).conditions()
    return only.field


def test_condition__with_parameters__has_them_in_its_key_in_declared_order() -> None:
    key = field_of(asks(text="Größe & 1=1", choice="b", whole="7", flag=True))
    assert key == "test.asked?whole=7&span=60&flag=true&choice=b&text=Gr%C3%B6%C3%9Fe%20%26%201%3D1"
    entry, params = split_key(key)
    assert entry is VARIABLES.get("test.asked") is find_variable(key) is get_variable(key)
    assert params == {"whole": 7, "span": 60.0, "flag": True, "choice": "b", "text": "Größe & 1=1"}


def test_condition__left_out_and_empty_parameters__have_their_default_or_none() -> None:
    assert field_of(asks(whole=7, span="", text=None)) == field_of(asks(whole=7)) == "test.asked?whole=7&span=60"


@pytest.mark.parametrize(
    ("params", "paths"),
    [
        ({}, ["with.whole"]),
        ({"whole": "many", "span": -1, "flag": "perhaps"}, ["with.whole", "with.span", "with.flag"]),
        ({"whole": 1, "spam": 3}, ["with.spam"]),
        ({"whole": 1, "nothing_like_it": 3}, ["with.nothing_like_it"]),
        ({"whole": [1]}, ["with.whole"]),
        ({"whole": True}, ["with.whole"]),
    ],
)
def test_condition__wrong_parameters__are_all_named_at_their_places(params: dict[str, Any], paths: list[str]) -> None:
    raw = rule_json({"field": "test.asked", "with": params, "operator": ">", "value": "x"})
    assert list(mistakes(raw)) == [*(f"{AT}.{path}" for path in paths), f"{AT}.value"]


def test_condition__misspelled_parameter__is_told_what_was_meant() -> None:
    assert mistakes(asks(whole=1, spam=3)) == {f"{AT}.with.spam": "This variable has no “spam”. Did you mean “span”?"}
    assert "whole, number, span" in mistakes(asks(whole=1, zzz=3))[f"{AT}.with.zzz"]


def test_condition__parameters_that_are_no_object__are_refused() -> None:
    raw = rule_json({"field": "test.asked", "with": [1], "operator": ">", "value": 1})
    assert list(mistakes(raw)) == [f"{AT}.with"]


def test_condition__parameters_of_a_variable_without_any__are_refused() -> None:
    message = mistakes(rule_json(condition("visit.pages", ">", 1, days=7)))[f"{AT}.with.days"]
    assert message == "Remove this: the variable takes no parameters."


@given(JSON, st.sampled_from(sorted(VARIABLES.names())), st.sampled_from(OPERATORS))
def test_condition__any_parameters_of_any_variable__are_refused_or_written_back_the_same(
    params: object, field: str, operator: str
) -> None:
    document, errors = read_document(rule_json({"field": field, "with": params, "operator": operator, "value": 3}))
    if not errors:
        written = to_json(document)
        assert parse_document(written) == document
        assert to_json(parse_document(written)) == written


@given(
    st.fixed_dictionaries(
        {"whole": st.integers(-(10**12), 10**12)},
        optional={
            "number": st.floats(-1e12, 1e12, allow_nan=False),
            "span": st.floats(0, 3e7, allow_nan=False),
            "flag": st.booleans(),
            "choice": st.sampled_from(["a", "b"]),
            "text": st.text(min_size=1, max_size=200).filter(lambda text: text.isprintable() and text == text.strip()),
        },
    )
)
def test_key__any_right_parameters__is_read_back_as_what_was_given(params: dict[str, Any]) -> None:
    document = parse_document(asks(**params))
    key = field_of(to_json(document))
    assert dict(split_key(key)[1]) == {"span": 60.0, **params}
    entry = VARIABLES.get("test.asked")
    assert make_key(bare_name(key), entry.parameters, split_key(key)[1]) == key
    assert parse_document(to_json(document)) == document


@pytest.mark.parametrize("key", ["test.asked", "test.asked?whole=x", "test.asked?whole=1&whole=2", "visit.pages?days=7", "?"])
def test_key__that_nobody_takes__is_unknown_and_never_an_exception(key: str) -> None:
    assert find_variable(key) is None
    assert reading(make_moment())(key) is UNKNOWN
    with pytest.raises((UnknownEntryError, WrongValueError)):
        split_key(key)


@given(st.text())
def test_key__any_text__is_answered(key: str) -> None:
    find_variable(f"test.asked?{key}")
    assert find_variable(key) is None or key in VARIABLES


def test_reading__two_keys_of_one_variable__are_two_questions_each_asked_once() -> None:
    read = reading(make_moment())
    one, other = "test.asked?whole=1&span=60", "test.asked?whole=2&span=60"
    assert (read(one), read(other), read(one)) == (1, 2, 1)
    assert ASKED == [{"whole": 1, "span": 60.0}, {"whole": 2, "span": 60.0}]


def test_reading__variable_registered_anew_under_the_name__is_asked_instead() -> None:
    key = "test.asked?whole=1"
    assert reading(make_moment())(key) == 1
    del VARIABLES._entries["test.asked"]
    assert reading(make_moment())(key) is UNKNOWN
    later = variable("test.asked", type=Integer(), label="", group="", parameters=(Parameter("whole", Integer(), label=""),))
    later(lambda moment, whole: -whole)
    assert reading(make_moment())(key) == -1


def test_split_key__more_keys_than_are_kept__are_still_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oscar_engage.rules.variables._MOST_SPLIT", 2)
    assert [split_key(f"test.asked?whole={number}")[1]["whole"] for number in range(5)] == [0, 1, 2, 3, 4]


def test_contradiction__same_parameters__is_found_and_with_others_not() -> None:
    twice = parse_document(rule_json(condition("test.asked", ">", 3, whole=1), condition("test.asked", "<", 2, whole=1)))
    apart = parse_document(rule_json(condition("test.asked", ">", 3, whole=1), condition("test.asked", "<", 2, whole=2)))
    assert [path for path, _condition in find_contradictions(twice)] == ["branches[0].when.rules[1]"]
    assert not list(find_contradictions(apart))


def test_sentence__with_parameters__reads_naturally() -> None:
    assert say_condition(Condition("test.asked?whole=7&span=60", ">", 3)) == "asked of 7 is more than 3"


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ((Parameter("Days", Integer(), label=""),), "x.y"),
        ((Parameter("days", Integer(), label=""),) * 2, "x.y"),
        ((Parameter("days", MoneyType(), label=""),), "x.y"),
        ((), "x?y"),
    ],
)
def test_variable__that_cannot_be__is_refused_when_it_is_registered(parameters: Any, name: str) -> None:
    with pytest.raises(ValueError, match="x"):
        variable(name, type=Integer(), label="", group="", parameters=parameters)


def test_names__keys__are_in_when_their_variable_is() -> None:
    assert "history.seconds_since?kind=search.made" in clock_names()
    assert "history.count?kind=search.made&days=7" not in clock_names()
    assert "history.count?kind=search.made&days=7" in costly_names()
    assert "page.kind" not in costly_names()
    assert 7 not in costly_names()


HISTORY = {"kind": "product.viewed", "category": 12, "days": 7}


def test_history__as_the_design_writes_it__has_the_key_of_the_design() -> None:
    raw = rule_json(condition("history.count", ">=", 3, **HISTORY))
    assert field_of(raw) == "history.count?kind=product.viewed&category=12&days=7"
    assert to_json(parse_document(raw))["branches"] == raw["branches"]
    assert not is_service_document(parse_document(raw))


@pytest.mark.parametrize(
    ("field", "params", "place"),
    [
        ("history.count", {"kind": "product.viewed"}, "days"),
        ("history.count", {"kind": "product.viewed", "days": 7, "minutes": 7}, "days"),
        ("history.count", {"kind": "product.viewed", "days": 91}, "days"),
        ("history.count", {"kind": "product.viewd", "days": 7}, "kind"),
        ("history.count", {"kind": "login.failed", "product": 7, "days": 7}, "product"),
        ("history.count", {"kind": "search.made", "category": 7, "days": 7}, "category"),
        ("history.visits", {"kind": "product.viewed", "words": "boots", "days": 7}, "words"),
        ("history.seconds_since", {"kind": "product.viewed", "page": "home"}, "page"),
        ("history.sequence", {"first": "search.made"}, "then"),
        ("history.sequence", {"first": "search.made", "then": "page.viewed", "fourth": "page.viewed"}, "third"),
        ("history.sequence", {"first": "search.made", "then": "page.viewed", "without": "page.viewed"}, "without"),
        ("history.sequence", {"first": "search.made", "then": "page.viewed", "minutes": 0}, "minutes"),
        ("basket.fell", {"of": "weight"}, "of"),
    ],
)
def test_history__parameters_that_make_no_sense__are_refused_at_their_place(
    field: str, params: dict[str, Any], place: str
) -> None:
    assert list(mistakes(rule_json(condition(field, "notNull", **params)))) == [f"{AT}.with.{place}"]


def test_history__filter_of_which_a_kind_tells_nothing__is_named_with_the_kind() -> None:
    found = mistakes(rule_json(condition("history.seconds_since", "notNull", kind="search.made", product=3)))
    assert "Leave “Product” empty: “searches” says nothing of it." in str(found)


class OneCategory:
    """The names of a shop with one category."""

    def named(self, ids: Collection[int]) -> dict[int, str]:
        return {one: "Boots" for one in ids if one == 12}

    def find(self, text: str) -> dict[int, str]:
        return {12: "Boots"}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (
            condition("history.count", ">=", 3, **HISTORY),
            "number of products viewed of category “Boots” in the last 7 days is at least 3",
        ),
        (
            condition("history.count", ">=", 1, kind="search.made", words="boots", minutes=1),
            "number of searches with “boots” in the last 60 seconds is at least 1",
        ),
        (
            condition("history.visits", ">=", 4, kind="page.viewed", category=13, days=1),
            "visits with “pages viewed” of category 13 in the last 24 hours is at least 4",
        ),
        (
            condition("history.seconds_since", ">", 600, kind="search.made"),
            "time since the last of “searches” is more than 10 minutes",
        ),
        (
            condition("history.sequence", "=", True, first="product.viewed", then="basket.line_added", without="search.made"),
            "“products viewed” then “products put into the basket” without “searches” in between within 30 minutes"
            " in the last 24 hours applies",
        ),
        (
            condition("basket.fell", ">=", "30 %", minutes=10),
            "fall of “basket total” from the peak of the last 10 minutes is at least 30 %",
        ),
    ],
)
def test_history__sentence__reads_naturally(raw: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NAMES._entries, "category", OneCategory())
    assert sentence(parse_document(rule_json(raw))).startswith(f"If {words}, ")


def test_kinds__shipped__all_have_words_and_a_shops_own_its_name() -> None:
    ours = {kind.name for kind in KINDS if kind.payload.__module__.startswith("oscar_engage.")}
    assert ours == set(LABELS)
    assert set(SIGNAL_KINDS.choices) == set(KINDS.names())
    assert len(SIGNAL_KINDS.choices) == len(KINDS)
    assert "no.such" not in SIGNAL_KINDS.choices
    assert carries("product.viewed", "product_id", "query")
    assert not carries("login.failed", "product_id")


def test_kinds__registered_later__are_choices_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS._entries, "shop.own", KINDS.get("login.failed"))
    assert SIGNAL_KINDS.clean_one("shop.own") == "shop.own"
    assert SIGNAL_KINDS.describe("shop.own") == "shop.own"
    assert list(SIGNAL_KINDS.choices)[-1] == "shop.own"


def test_kinds__in_another_language__are_translated_when_they_are_read() -> None:
    with override("en"):
        assert SIGNAL_KINDS.describe("search.made") == "searches"
