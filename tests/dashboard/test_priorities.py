"""Can a merchandiser see and set in which order rules come, and what a rule may do at most?"""

import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from oscar_engage.audit.models import AuditEntry
from oscar_engage.decisions.order.models import PriorityFormula
from oscar_engage.decisions.order.store import read_formula
from oscar_engage.decisions.priority import BY_NUMBER, Formula
from oscar_engage.rules.models import Rule
from oscar_engage.widgets.models import Engagement
from tests.dashboard.test_rules import fields
from tests.decisions.test_decide import make_rule

pytestmark = pytest.mark.django_db
PAGE = "engage_dashboard:engage-priorities"
BY_POINTS = {"is_number_first": "False", "value_weight": "1", "basket_percent": "20", "customer_percent": ""}


def text(response: Any) -> str:
    plain = re.sub(r"<[^>]*>", " ", unescape(response.content.decode()).replace("\xa0", " "))
    return re.sub(r"\s+", " ", plain)


@pytest.fixture
def rules() -> list[Rule]:
    return [
        make_rule(name="Ask us", priority=1, goal_value=Decimal("5.00")),
        make_rule(name="Delivery", priority=2, goal="basket"),
    ]


@pytest.fixture
def merchandiser(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


def places(page: str, example: str) -> list[str]:
    """Return the names of the rules in their order in one example."""
    section = page[page.index(example) :]
    return re.findall(r"\d\. (Ask us|Delivery)", section)[:2]


def test_page__nothing_said__is_the_order_of_the_numbers(merchandiser: Client, rules: list[Rule]) -> None:
    page = text(merchandiser.get(reverse(PAGE)))
    for example in ("Somebody new with 30", "Somebody new with 250", "A customer who has spent"):
        assert places(page, example) == ["Ask us", "Delivery"]
    assert read_formula() == BY_NUMBER


def test_page__formula_tried__shows_order_and_sums_and_writes_nothing(merchandiser: Client, rules: list[Rule]) -> None:
    page = text(merchandiser.post(reverse(PAGE), {**BY_POINTS, "basket": "100"}))
    assert places(page, "Your example") == ["Delivery", "Ask us"]
    assert places(page, "Somebody new with 30") == ["Delivery", "Ask us"]
    assert "20 % of the basket of 100.00" in page
    assert "1 × value 5.00" in page
    assert "it is not saved yet" in page
    assert not PriorityFormula.objects.exists()


def test_save__formula__counts_and_is_on_the_trail(merchandiser: Client, rules: list[Rule]) -> None:
    save = reverse(PAGE + "-save")
    page = text(merchandiser.post(save, BY_POINTS, follow=True))
    assert "They count from now on" in page
    assert read_formula() == Formula(is_number_first=False, value_weight=1, basket_percent=20)
    entry = AuditEntry.objects.get(action="priorities.changed")
    assert entry.detail == {
        "is_number_first": [True, False],
        "value_weight": ["0.00", "1.00"],
        "basket_percent": ["0.00", "20.00"],
    }
    assert "what decides first: the number → the points" in page
    assert "Merchandiser" in page
    assert "Nothing was changed" in text(merchandiser.post(save, BY_POINTS, follow=True))
    assert AuditEntry.objects.filter(action="priorities.changed").count() == 1
    assert "first by your priorities" in text(merchandiser.get(reverse("engage_dashboard:engage-rules")))


@pytest.mark.parametrize(
    ("field", "value"),
    [("basket_percent", "101"), ("value_weight", "-1"), ("customer_percent", "x"), ("unknown_basket", "1e9"), ("basket", "-5")],
)
def test_save__number_out_of_bounds__says_where_and_keeps_what_was(
    merchandiser: Client, rules: list[Rule], field: str, value: str
) -> None:
    for name in (PAGE, PAGE + "-save"):
        response = merchandiser.post(reverse(name), {**BY_POINTS, field: value})
        assert response.status_code == 422
        assert f'href="#id_{field}"' in response.content.decode()
    assert read_formula() == BY_NUMBER


def test_save__who_may_not_publish__sees_and_tries_only(client_of: Callable[[str], Client], rules: list[Rule]) -> None:
    supervisor = client_of("supervisor")
    page = supervisor.post(reverse(PAGE), BY_POINTS).content.decode()
    assert reverse(PAGE + "-save") not in page
    assert supervisor.post(reverse(PAGE + "-save"), BY_POINTS).status_code == 403
    assert not PriorityFormula.objects.exists()


def test_page__no_live_rule__says_what_to_do(merchandiser: Client) -> None:
    assert "No rule is live yet" in text(merchandiser.get(reverse(PAGE)))


@pytest.mark.parametrize("count", [1, 3])
def test_page__any_number_of_rules__takes_the_same_queries(
    merchandiser: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_rule(name=f"Rule {number}")
    merchandiser.get(reverse(PAGE))
    # the frame and the permissions: 7; the row, the rules, the trail
    with django_assert_num_queries(10):
        merchandiser.get(reverse(PAGE))


def editor(rule: Rule) -> str:
    return reverse("engage_dashboard:engage-rule-edit", args=[rule.pk])


def test_rule__caps_and_worth__are_typed_kept_and_on_the_trail(merchandiser: Client, engagements: list[Engagement]) -> None:
    rule = make_rule(name="Capped", priority=10, holdout_share=0.25)
    page = merchandiser.get(editor(rule)).content.decode()
    assert "Its own caps" in page
    own = {"goal": "basket", "goal_value": "2.50", "cap_offers": "2", "cap_days": "", "cap_day": "100"}
    wrong = merchandiser.post(editor(rule), fields(save="draft", **{**own, "cap_day": "0"}))
    assert wrong.status_code == 422
    assert 'href="#id_cap_day"' in wrong.content.decode()
    assert merchandiser.post(editor(rule), fields(save="draft", **own)).status_code == 302
    rule.refresh_from_db()
    assert (rule.cap_offers, rule.cap_days, rule.cap_day, rule.goal, rule.goal_value) == (2, 30, 100, "basket", Decimal("2.50"))
    history = text(merchandiser.get(reverse("engage_dashboard:engage-rule-history", args=[rule.pk])))
    for words in ("offers to one shopper", "worth more with", "the basket at hand", "2.50"):
        assert words in history
    assert "<details open>" in merchandiser.get(editor(rule)).content.decode()
