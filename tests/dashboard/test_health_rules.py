"""Does the health page name the rules that are live and not judged?"""

from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from oscar_engage.dashboard.health.state import MOST_UNJUDGED, read_health
from oscar_engage.rules.live import skipped_rules
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.rules.types import Number
from tests.rules.moments import NOW, condition, rule_json
from tests.rules.test_publish import make_live

pytestmark = pytest.mark.django_db


def page() -> str:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root", "root@example.com", "x"))
    return unescape(client.get(reverse("engage_dashboard:engage-health")).content.decode())


def break_rule(rule: Rule) -> None:
    when = {"combinator": "and", "rules": [{"field": "gone.away", "operator": "=", "value": 1}]}
    document = {"schema": 1, "branches": [{"when": when, "then": []}]}
    RuleVersion.objects.filter(rule=rule).update(document=document)


def test_health__all_rules_are_judged__says_nothing() -> None:
    make_live()
    assert "engage-unjudged" not in page()


def test_health__a_rule_cannot_be_read__is_named_with_its_mistake_and_a_way_to_it() -> None:
    make_live(name="Works")
    rule = make_live(name="Worked once")
    break_rule(rule)
    shown = page()
    assert "1 live rule is not judged" in shown
    assert f'<a href="{reverse("engage_dashboard:engage-rule-edit", args=[rule.pk])}">Worked once</a>' in shown
    assert "There is no variable “gone.away” here." in shown
    assert "A live rule cannot be read and is not judged" in shown


def test_health__a_rule_was_read_in_another_language__its_mistake_is_told_in_the_reader_s() -> None:
    break_rule(make_live())
    with translation.override("en"):
        skipped_rules(NOW)
    with translation.override("de"):
        (unjudged,) = read_health(now=NOW).unjudged
    assert "gone.away" in unjudged.reason
    assert "There is no" not in unjudged.reason


def test_health__a_type_of_the_shop_s_own_fails__its_error_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    make_live(rule_json(condition("visit.pages", ">", 77)))

    def explode(self: Number, operator: str, raw: object) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(Number, "clean", explode)
    (unjudged,) = read_health(now=NOW).unjudged
    assert unjudged.reason == "ZeroDivisionError"


def test_health__one_rule_too_many__is_named(settings: Any) -> None:
    make_live(name="High", priority=1)
    make_live(name="Low", priority=2)
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "LIVE_RULES": 1}
    shown = page()
    assert "1 live rule is not judged" in shown
    assert "Low" in shown
    assert "One rule too many" in shown


@pytest.mark.parametrize("number", [1, 3])
def test_health__any_number_of_them__takes_the_same_queries(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _rule in range(number):
        break_rule(make_live())
    with django_assert_num_queries(13):
        health = read_health(now=NOW)
    assert health.unjudged_count == len(health.unjudged) == number <= MOST_UNJUDGED
