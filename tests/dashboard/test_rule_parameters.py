"""Does a condition on a variable with parameters show an input for each, and keep what was typed?"""

from typing import Any

import pytest
from oscar.core.loading import get_model

from oscar_engage.dashboard.rules.controls import ConditionLine, build_form
from oscar_engage.dashboard.rules.draft import new_draft, read_draft, to_document
from oscar_engage.rules.errors import FieldError
from oscar_engage.rules.named import NAMES
from tests.dashboard.browser import submit
from tests.dashboard.conftest import ENGAGEMENTS

pytestmark = pytest.mark.django_db

AT = "branches[0].when.rules[0]"
COUNT = {
    "field": "history.count",
    "with": {"kind": "product.viewed", "category": "12", "days": "7"},
    "operator": ">=",
    "value": "3",
}


def draft(condition: dict[str, Any]) -> dict[str, Any]:
    raw = new_draft()
    raw["branches"][0]["when"]["rules"] = [condition]
    return raw


def line_of(condition: dict[str, Any], *errors: FieldError) -> ConditionLine:
    line = build_form(draft(condition), engagements=ENGAGEMENTS, errors=errors).branches[0].when.lines[0]
    assert isinstance(line, ConditionLine)
    return line


def sent_back(condition: dict[str, Any]) -> Any:
    """Return the condition after its form was shown and sent."""
    document = to_document(read_draft(submit(build_form(draft(condition), engagements=ENGAGEMENTS))))
    return document["branches"][0]["when"]["rules"][0]


def test_form__condition_with_parameters__has_a_labelled_input_for_each() -> None:
    line = line_of(COUNT)
    assert [str(control.label) for control in line.parameters] == [
        "What happened",
        "Product: search by name",
        "Product",
        "Category: search by name",
        "Category",
        "Kind of page",
        "Words of the search",
        "In the last … days",
        "In the last … minutes",
    ]
    things = ["find", "select", "find", "select"]
    assert [control.kind for control in line.parameters] == ["select", *things, "select", "text", "number", "number"]
    assert line.parameters[0].name == f"{AT}.with.kind"
    assert line.parameters[7].value == "7"
    assert line_of({"field": "visit.pages", "operator": ">", "value": "3"}).parameters == []


def test_form__condition_with_parameters__keeps_a_search_and_what_it_finds_together_and_says_what_may_stay_empty() -> None:
    questions = line_of(COUNT).questions
    assert [[control.kind for control in question] for question in questions] == [
        ["select"],
        ["find", "select"],
        ["find", "select"],
        ["select"],
        ["text"],
        ["number"],
        ["number"],
    ]
    assert [str(question[-1].help) for question in questions] == ["", *["optional"] * 4, *["one of the two"] * 2]


def test_form__condition_with_parameters__is_sent_back_the_same() -> None:
    assert sent_back(COUNT) == COUNT


def test_form__new_condition__shows_the_defaults_and_a_cleared_one_stays_cleared() -> None:
    fresh = {"field": "history.sequence", "operator": "=", "value": "true"}
    assert [control.value for control in line_of(fresh).parameters if control.kind == "number"] == ["30", "1"]
    typed = {**fresh, "with": {"first": "search.made", "minutes": ""}}
    assert [control.value for control in line_of(typed).parameters if control.kind == "number"] == ["", ""]


def test_form__another_variable_chosen__drops_what_was_typed_for_the_one_before() -> None:
    raw = draft({**COUNT, "field": "visit.pages"})
    assert to_document(raw)["branches"][0]["when"]["rules"][0] == {"field": "visit.pages", "operator": ">=", "value": "3"}


@pytest.mark.parametrize("broken", [None, "x", ["kind"], 7])
def test_form__parameters_of_any_shape__are_shown_as_none(broken: Any) -> None:
    assert [control.value for control in line_of({**COUNT, "with": broken}).parameters][7] == ""
    assert "with" not in to_document(draft({**COUNT, "with": broken}))["branches"][0]["when"]["rules"][0]


def test_form__errors__stand_at_their_parameter_and_strays_at_the_variable() -> None:
    line = line_of(
        {**COUNT, "with": {**COUNT["with"], "dayz": 3}},  # type: ignore[dict-item]  # a mapping
        FieldError(f"{AT}.with.days", "one of the two"),
        FieldError(f"{AT}.with.dayz", "days"),
        FieldError(f"{AT}.with", "an object"),
    )
    assert list(line.parameters[7].errors) == ["one of the two"]
    assert list(line.field.errors) == ["an object", "days"]


def test_form__category_as_a_parameter__is_searched_for_by_name_and_chosen() -> None:
    boots = get_model("catalogue", "Category").add_root(name="Winter boots")
    NAMES.get("category").forget()  # type: ignore[attr-defined]  # the shop's own
    sought = {**COUNT, "with": {"kind": "product.viewed", "days": "7"}, "find": {"category": "boots"}}

    search, choice = line_of(sought).parameters[3:5]

    assert (search.name, search.value, search.target) == (f"{AT}.find.category", "boots", choice.id)
    assert [(option.value, str(option.label)) for group in choice.groups for option in group.options] == [
        ("", "Choose …"),
        (str(boots.pk), "Winter boots"),
    ]
    assert sent_back({**sought, "with": {**sought["with"], "category": str(boots.pk)}}) == {  # type: ignore[dict-item]  # a mapping
        **COUNT,
        "with": {"kind": "product.viewed", "category": str(boots.pk), "days": "7"},
    }
