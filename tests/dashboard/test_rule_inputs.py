"""Does each type of value get the right input, and is what stands there what is stored?"""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.core.loading import get_model
from oscar.test.factories import create_product

from oscar_engage.dashboard.rules.controls import ConditionLine, build_form
from oscar_engage.dashboard.rules.inputs import Control
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.rules.named import NAMES
from oscar_engage.shop.names import ShopNames
from tests.dashboard.conftest import DOCUMENT, ENGAGEMENTS

EDIT = "engage_dashboard:engage-rule-edit"


def line_of(condition: dict[str, Any]) -> ConditionLine:
    raw = {"branches": [{"when": {"combinator": "and", "rules": [condition]}, "then": []}]}
    line = build_form(raw, engagements=ENGAGEMENTS).branches[0].when.lines[0]
    assert isinstance(line, ConditionLine)
    return line


def chosen(control: Control) -> list[str]:
    return [option.value for group in control.groups for option in group.options if option.is_chosen]


def offered(control: Control) -> list[tuple[str, str]]:
    return [(option.value, str(option.label)) for group in control.groups for option in group.options]


@pytest.mark.parametrize(
    ("seconds", "amount", "unit"),
    [
        (45, "45", "1"),
        (90, "90", "1"),
        (120, "2", "60"),
        (7200, "2", "3600"),
        (86400, "1", "86400"),
        (0, "0", "1"),
        ("x", "x", "1"),
    ],
)
def test_duration__stored_in_seconds__is_shown_in_the_largest_whole_unit(seconds: Any, amount: str, unit: str) -> None:
    number, units = line_of({"field": "page.idle_seconds", "operator": ">", "value": seconds}).values
    assert (number.value, chosen(units)) == (amount, [unit])


def test_duration__typed_with_a_unit__stays_as_typed() -> None:
    number, units = line_of({"field": "page.idle_seconds", "operator": ">", "value": {"amount": "1,5", "unit": "60"}}).values
    assert (number.value, chosen(units)) == ("1,5", ["60"])


def test_money__new__has_the_shops_currency(settings: Any) -> None:
    settings.OSCAR_DEFAULT_CURRENCY = "SEK"
    amount, currency = line_of({"field": "basket.total", "operator": ">", "value": ""}).values
    assert (amount.value, currency.value) == ("", "SEK")


@pytest.mark.django_db
def test_action__chosen__offers_the_engagements_that_fit() -> None:
    then = [{"do": "invite.chat", "with": {"engagement": ""}}]
    branch = build_form({"branches": [{"when": {}, "then": then}]}, engagements=ENGAGEMENTS, titles={"checkout-help": "Help!"})
    assert offered(branch.branches[0].then.engagement) == [("", "Choose …"), ("checkout-help", "Help!")]


def test_action__none__keeps_the_engagement_out_of_sight() -> None:
    form = build_form({"branches": [], "else": [{"do": "nothing", "with": {"engagement": "gone"}}]}, engagements=ENGAGEMENTS)
    assert (form.otherwise.engagement.kind, form.otherwise.engagement.value) == ("hidden", "gone")


@pytest.mark.django_db
def test_product__searched_by_name__is_offered_beside_the_chosen_one() -> None:
    _forget()
    boots, tent = create_product(title="Rain boots"), create_product(title="Tent")
    condition = {"field": "page.product", "operator": "=", "value": str(tent.pk), "find": "boot"}
    search, choice = line_of(condition).values
    assert (search.kind, search.value, search.target) == ("find", "boot", choice.id)
    assert offered(choice)[1:] == [(str(tent.pk), "Tent"), (str(boots.pk), "Rain boots")]
    assert chosen(choice) == [str(tent.pk)]

    search, boxes = line_of({**condition, "operator": "in", "value": [tent.pk], "find": "zeppelin"}).values
    assert (boxes.kind, offered(boxes), str(search.help)) == (
        "boxes",
        [(str(tent.pk), "Tent")],
        "Nothing has this in its name.",
    )


@pytest.mark.django_db
def test_product__that_is_gone__keeps_its_number() -> None:
    _forget()
    _search, choice = line_of({"field": "page.product", "operator": "=", "value": 99}).values
    assert offered(choice)[1:] == [("99", "99")]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["product", "category"])
def test_page__with_things__names_them_in_the_sentence_with_one_query(
    kind: str, client_of: Callable[[str], Client], rule: Rule
) -> None:
    client, counts = client_of("merchandiser"), []
    make: Callable[[str], Any] = {"product": lambda title: create_product(title=title), "category": make_category}[kind]
    client.get(reverse(EDIT, args=[rule.pk]))  # what a process asks once
    things = {f"Boots {number}": make(f"Boots {number}").pk for number in range(3)}
    for asked in (dict(list(things.items())[:1]), things):
        _forget()
        lines = [{"field": f"page.{kind}", "operator": "=", "value": pk} for pk in asked.values()]
        branch = {**DOCUMENT["branches"][0], "when": {"combinator": "or", "rules": lines}}
        RuleVersion.objects.filter(rule=rule).update(document={**DOCUMENT, "branches": [branch]})
        with CaptureQueriesContext(connection) as captured:
            page = unescape(client.get(reverse(EDIT, args=[rule.pk])).content.decode())
        counts.append(len(captured))
        assert all(f"{kind} in view is “{title}”" in page for title in asked)
    assert counts[0] == counts[1]


def make_category(name: str) -> Any:
    return get_model("catalogue", "Category").add_root(name=name)


@pytest.mark.django_db
def test_category__before_any_search__offers_those_at_the_top() -> None:
    _forget()
    boots = make_category("Boots")
    rain = boots.add_child(name="Rain boots")
    _search, choice = line_of({"field": "page.category", "operator": "=", "value": ""}).values
    assert offered(choice)[1:] == [(str(boots.pk), "Boots")]
    for text in ("rain", str(rain.pk)):
        _search, choice = line_of({"field": "page.category", "operator": "=", "value": "", "find": text}).values
        assert offered(choice)[1:] == [(str(rain.pk), "Rain boots")]


def test_names__asked_again__come_from_memory_for_five_minutes() -> None:
    asked: list[set[int]] = []
    now = [0.0]

    def read(ids: Any) -> dict[int, str]:
        asked.append(set(ids))
        return {one: str(one) for one in ids if one < 5}

    names = ShopNames(read, lambda text: {}, clock=lambda: now[0])
    assert names.named([1, 9]) == {1: "1"}
    assert names.named([1, 9, 2]) == {1: "1", 2: "2"}
    now[0] = 301.0
    assert names.named([1]) == {1: "1"}
    assert asked == [{1, 9}, {2}, {1}]


def _forget() -> None:
    for kind in ("product", "category"):
        names = NAMES.get(kind)
        assert isinstance(names, ShopNames)
        names.forget()
