"""Does the nested form keep what was typed, through every button?"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscar_engage.dashboard.rules.controls import GroupLine, build_form
from oscar_engage.dashboard.rules.draft import apply_edit, new_draft, read_draft, to_document
from oscar_engage.rules.errors import FieldError
from tests.dashboard.browser import submit
from tests.dashboard.conftest import DOCUMENT, ENGAGEMENTS

CONDITIONS: list[dict[str, Any]] = [
    {"field": "page.kind", "operator": "=", "value": "checkout"},
    {"field": "page.kind", "operator": "in", "value": ["basket", "checkout"]},
    {"field": "page.idle_seconds", "operator": "between", "value": ["10", "60"]},
    {"field": "basket.total", "operator": ">", "value": {"amount": "100.00", "currency": "GBP"}},
    {
        "field": "basket.total",
        "operator": "between",
        "value": [{"amount": "1", "currency": "GBP"}, {"amount": "2", "currency": "GBP"}],
    },
    {"field": "visitor.is_customer", "operator": "=", "value": "true"},
    {"field": "visit.last_search", "operator": "in", "value": "boots, shoes"},
    {"field": "visit.last_search", "operator": "null"},
]
groups = st.recursive(
    st.sampled_from(CONDITIONS),
    lambda below: st.builds(
        lambda combinator, negated, rules: {"combinator": combinator, **({"not": True} if negated else {}), "rules": rules},
        st.sampled_from(["and", "or"]),
        st.booleans(),
        st.lists(below, min_size=1, max_size=3),
    ),
    max_leaves=6,
)
whens = st.lists(groups, min_size=1, max_size=3).map(lambda rules: {"combinator": "and", "rules": rules})
documents = st.builds(
    lambda scope, branches, has_else: {
        "schema": 1,
        "scope": scope,
        "branches": [
            {"when": when, "then": [{"do": "show.balloon", "with": {"engagement": "delivery-times"}}]} for when in branches
        ],
        "else": [{"do": "invite.chat", "with": {"engagement": "checkout-help"}}] if has_else else [],
        "unknown": "skip",
    },
    whens,
    st.lists(whens, min_size=1, max_size=2),
    st.booleans(),
)


def normal(raw: Any) -> Any:
    """A number and its text are the same to the grammar."""
    if isinstance(raw, dict):
        return {key: normal(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [normal(value) for value in raw]
    return float(raw) if isinstance(raw, str) and raw.isdecimal() else raw


@pytest.mark.django_db
@settings(deadline=None, max_examples=60)
@given(documents)
def test_form__any_rule_shown_and_sent_back__is_the_same_rule(document: dict[str, Any]) -> None:
    sent = submit(build_form(document, engagements=ENGAGEMENTS))
    assert normal(to_document(read_draft(sent))) == normal(document)


def test_edit__add_and_remove_a_condition__restores_the_draft() -> None:
    added, place = apply_edit(DOCUMENT, "add-condition:branches[0].when")
    assert place == "branches[0].when.rules[2].field"
    removed, _place = apply_edit(added, "remove:branches[0].when.rules[2]")
    assert removed == DOCUMENT


def test_edit__remove_the_first__keeps_the_second() -> None:
    left, _place = apply_edit(DOCUMENT, "remove:branches[0].when.rules[0]")
    assert [line["field"] for line in left["branches"][0]["when"]["rules"]] == ["page.idle_seconds"]
    assert len(DOCUMENT["branches"][0]["when"]["rules"]) == 2


def test_edit__first_condition_of_the_scope__makes_the_scope() -> None:
    added, place = apply_edit(new_draft(), "add-condition:scope")
    assert place == "scope.rules[0].field"
    assert added["scope"]["rules"] == [{"field": "", "operator": "", "value": ""}]


@pytest.mark.parametrize("edit", ["remove:branches[9]", "remove:__class__", "add-group:branches", "burn", "remove:", "change"])
def test_edit__nonsense__changes_nothing(edit: str) -> None:
    assert apply_edit(DOCUMENT, edit)[0] == DOCUMENT


@given(st.lists(st.tuples(st.text(max_size=40), st.lists(st.text(max_size=5), max_size=2)), max_size=20))
def test_read_draft__any_fields__never_raises(fields: list[tuple[str, list[str]]]) -> None:
    to_document(read_draft(fields))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.from_regex(r"(scope|branches|else|unknown)(\.[a-z]{1,5}|\[[0-9]{1,2}\]){0,5}", fullmatch=True),
            st.lists(st.text(max_size=5), min_size=1, max_size=2),
        ),
        max_size=20,
    )
)
def test_read_draft__any_places__can_be_shown_and_edited(fields: list[tuple[str, list[str]]]) -> None:
    raw = read_draft(fields)
    build_form(raw, engagements=ENGAGEMENTS)
    apply_edit(raw, "add-branch")
    to_document(raw)


def test_form__unknown_variable_and_engagement__stay_selected() -> None:
    raw = new_draft()
    raw["branches"][0]["when"]["rules"][0]["field"] = "crm.lifetime_value"
    raw["branches"][0]["then"][0] = {"do": "show.balloon", "with": {"engagement": "gone"}}
    assert dict(submit(build_form(raw, engagements=ENGAGEMENTS)))["branches[0].when.rules[0].field"] == ["crm.lifetime_value"]
    assert dict(submit(build_form(raw, engagements=ENGAGEMENTS)))["branches[0].then[0].with.engagement"] == ["gone"]


def test_form__errors__stand_at_their_fields() -> None:
    errors = [
        FieldError("branches[0].when.rules[1].value", "a number"),
        FieldError("branches[0].then[0].do", "choose"),
        FieldError("branches[0].when.rules", "one condition"),
    ]
    form = build_form(DOCUMENT, engagements=ENGAGEMENTS, errors=errors)
    when = form.branches[0].when
    line = when.lines[1]
    assert not isinstance(line, GroupLine)
    assert line.errors == ["a number"]
    assert form.branches[0].then.do.errors == ["choose"]
    assert when.errors == ["one condition"]
    assert [place for place, _message in form.summary] == [line.values_id, form.branches[0].then.do.id, when.id]
