"""Is the author told what the rule cannot do, beside what it says?"""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.dashboard.rules.controls import build_form
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import Rule
from oscar_engage.widgets.models import Engagement
from tests.dashboard.browser import submit
from tests.dashboard.conftest import DOCUMENT, ENGAGEMENTS

pytestmark = pytest.mark.django_db
CREATE, EDIT = "engage_dashboard:engage-rule-create", "engage_dashboard:engage-rule-edit"


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    forget_live_rules()
    return client_of("merchandiser")


def preview(client: Client, url: str, document: dict[str, Any] = DOCUMENT, **typed: str) -> str:
    sent = dict(submit(build_form(document, engagements=ENGAGEMENTS)))
    fields: dict[str, Any] = {**sent, "edit": "preview", "priority": "200", "purpose": "sales", **typed}
    return unescape(client.post(url, fields, headers={"HX-Request": "true"}).content.decode())


def test_hint__rule_above_takes_all__links_to_the_priority(client: Client, rule: Rule) -> None:
    page = preview(client, reverse(CREATE))
    assert 'href="#id_priority"' in page
    assert "“Hesitation in the checkout” (priority 100) holds as well" in page


@pytest.mark.parametrize("priority", ["50", "", "x", "9" * 30])
def test_hint__rule_not_above__is_none(client: Client, rule: Rule, priority: str) -> None:
    Rule.objects.filter(pk=rule.pk).update(priority=150)
    forget_live_rules()
    assert "id_priority" not in preview(client, reverse(CREATE), priority=priority)


def test_hint__about_itself__is_none(client: Client, rule: Rule) -> None:
    assert "id_priority" not in preview(client, reverse(EDIT, args=[rule.pk]))


def test_hint__rule_above_for_a_while_only__is_none(client: Client, rule: Rule) -> None:
    Rule.objects.filter(pk=rule.pk).update(ends_at=timezone.now() + timedelta(days=1))
    forget_live_rules()
    assert "id_priority" not in preview(client, reverse(CREATE))


def test_hint__sales_rule_above_a_service_rule__is_none(client: Client, rule: Rule) -> None:
    assert "id_priority" not in preview(client, reverse(CREATE), purpose="service")


def test_hint__engagement_not_active__leads_to_it(client: Client, engagements: list[Engagement]) -> None:
    Engagement.objects.filter(slug="delivery-times").update(is_active=False)
    page = preview(client, reverse(CREATE))
    assert "“delivery-times” is not active yet" in page
    assert reverse("engage_dashboard:engage-engagement-edit", args=[engagements[0].pk]) in page


def test_hint__condition_that_says_nothing__links_to_its_field(client: Client, engagements: list[Engagement]) -> None:
    page = preview(
        client, reverse(CREATE), **{"branches[0].when.rules[1].operator": ">=", "branches[0].when.rules[1].value.amount": "0"}
    )
    assert 'href="#engage-branches-0-when-rules-1-value"' in page
    assert "This excludes nobody" in page


def test_hint__draft_not_complete__says_nothing(client: Client, rule: Rule) -> None:
    page = preview(client, reverse(CREATE), **{"branches[0].when.rules[1].value.amount": ""})
    assert "Not complete yet" in page
    assert "engage-hints" not in page


def test_hints__on_a_rule__keep_nobody_from_saving(client: Client, rule: Rule) -> None:
    sent = dict(submit(build_form(DOCUMENT, engagements=ENGAGEMENTS)))
    settings = {"name": "Shadowed", "priority": "200", "purpose": "sales", "holdout_percent": "20"}
    assert client.post(reverse(CREATE), {**sent, **settings, "save": "draft"}).status_code == 302
    assert Rule.objects.filter(name="Shadowed").exists()


def foreign(operator: str, value: Any) -> dict[str, Any]:
    """Return the document of a rule whose second condition is about the basket's total."""
    line = {"field": "basket.total", "operator": operator, "value": value}
    branch = DOCUMENT["branches"][0]
    when = {**branch["when"], "rules": [branch["when"]["rules"][0], line]}
    return {**DOCUMENT, "branches": [{**branch, "when": when}]}


def test_hint__amount_not_in_the_shops_currency__names_both_and_leads_to_it(client: Client, rule: Rule) -> None:
    dollars, pounds = ({"amount": "100", "currency": code} for code in ("USD", "GBP"))
    said = "Only amounts in USD are compared with this; the shop's own currency is GBP."
    for operator, value in ((">", dollars), ("between", [dollars, {**dollars, "amount": "200"}])):
        page = preview(client, reverse(CREATE), foreign(operator, value))
        assert page.count(said) == 1
        (place,) = re.findall(r'href="#([^"]+)">Only amounts', page)
        assert place == "engage-branches-0-when-rules-1-value"
    assert "Only amounts" not in preview(client, reverse(CREATE), foreign(">", pounds))


def test_hint__currency_of_the_shop_not_known__says_nothing_of_it(client: Client, rule: Rule, settings: Any) -> None:
    settings.OSCAR_DEFAULT_CURRENCY = ""
    page = preview(client, reverse(CREATE), foreign(">", {"amount": "1", "currency": "USD"}))
    assert "Only amounts" not in page


NEVER = "This can never be true together with the other conditions on the same variable."


def contradiction() -> dict[str, Any]:
    """Return the document of a rule that is saved by nobody: the page is the checkout, and it is the basket."""
    branch = DOCUMENT["branches"][0]
    lines = [{"field": "page.kind", "operator": "=", "value": kind} for kind in ("checkout", "basket")]
    return {**DOCUMENT, "branches": [{**branch, "when": {**branch["when"], "rules": lines}}]}


def test_contradiction__before_saving__is_no_hint(client: Client, rule: Rule) -> None:
    page = preview(client, reverse(CREATE), contradiction())
    assert "To correct before you save" in page
    assert page.count("This can never be true") == page.count(NEVER) == 1
    assert 'href="#engage-branches-0-when-rules-1-value"' in page
    assert "save all the same" not in page


def test_contradiction__refused__is_said_on_top_and_at_its_field_and_nowhere_else(client: Client, rule: Rule) -> None:
    sent = dict(submit(build_form(contradiction(), engagements=ENGAGEMENTS)))
    settings = {"name": "Never", "priority": "200", "purpose": "sales", "holdout_percent": "20"}
    answer = client.post(reverse(CREATE), {**sent, **settings, "publish": "1"})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert page.count("This can never be true") == page.count(NEVER) == 2
    assert "save all the same" not in page
    assert "To correct before you save" not in page


def test_hint__never_true_and_yet_saved__stays_one(client: Client, rule: Rule) -> None:
    """What is turned round is looked through by the hints alone."""
    branch = DOCUMENT["branches"][0]
    none = {"combinator": "and", "not": True, "rules": [branch["when"]["rules"][0]]}
    when = {"combinator": "and", "rules": [*branch["when"]["rules"], none]}
    page = preview(client, reverse(CREATE), {**DOCUMENT, "branches": [{**branch, "when": when}]})
    assert "This can never be true." in page
    assert "save all the same" in page
    assert "To correct before you save" not in page
