"""Is the author told what the rule cannot do, beside what it says?"""

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


def preview(client: Client, url: str, **typed: str) -> str:
    sent = dict(submit(build_form(DOCUMENT, engagements=ENGAGEMENTS)))
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
