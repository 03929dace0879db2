"""The page "Simulator": the truth beside what was measured, and a command to type before there is any."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from oscar_engage.dashboard.navigation import may_see_simulator
from oscar_engage.dashboard.simulator.reading import read_page
from oscar_engage.rules.models import Rule
from oscar_engage.simulation.models import SimulationRun
from oscar_engage.simulation.parameters import Kind
from tests.decisions.test_decide import make_rule

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, tzinfo=UTC)


def truth(**fields: Any) -> dict[str, Any]:
    counts = {"units": 40, "alone": 2, "invited": 6, "treated_units": 20, "treated_alone": 1, "treated_invited": 3}
    return {**counts, "effect": 0.1, "effect_treated": 0.1, "gained": 2, "kinds": {}, **fields}


def make_run(*rules: Rule, **fields: Any) -> SimulationRun:
    truths = {"shop": truth(), **{str(rule.pk): truth() for rule in rules}}
    document = {"days": 21, "visits": 900, "orders": 30, "seed": 1, "effects": 1.0, "truths": truths}
    document["kinds"] = dict.fromkeys(Kind, 5)
    return SimulationRun.objects.create(**{"started_at": NOW, "ended_at": NOW, "document": document, **fields})


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("boss", "boss@example.com", "pw"))
    return client


def test_page__nothing_simulated__says_what_to_type(admin: Client) -> None:
    make_run(ended_at=None)
    text = admin.get(reverse("engage_dashboard:engage-simulator")).content.decode()
    assert "manage.py engage_simulate" in text


@pytest.mark.parametrize("number", [1, 3])
def test_page__some_rules__queries_stay_the_same(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rules = [make_rule(name=f"Rule {place}") for place in range(number)]
    make_run(*rules)
    with django_assert_num_queries(3):
        page = read_page(today=NOW.date())
    assert page is not None
    assert [line.rule_id for line in page.lines] == [None, *(rule.pk for rule in rules)]
    assert all((line.truth, line.value, line.is_covered) == (10.0, None, None) for line in page.lines)
    assert [share.share for share in page.kinds] == [25.0] * 4


def test_page__rule_deleted_since__is_left_out(admin: Client) -> None:
    run = make_run()
    run.document["truths"]["999"] = truth()
    run.save()
    page = read_page(today=NOW.date())
    assert page is not None
    assert [line.rule_id for line in page.lines] == [None]
    assert "The whole shop" in admin.get(reverse("engage_dashboard:engage-simulator")).content.decode()


def test_menu__shop_that_sells__has_no_simulator() -> None:
    user = get_user_model().objects.create_superuser("boss", "boss@example.com", "pw")
    with override_settings(DEBUG=False):
        assert may_see_simulator(user, "engage_dashboard:engage-simulator") is False
    with override_settings(ENGAGE_MAY_SIMULATE=True):
        assert may_see_simulator(user, "engage_dashboard:engage-simulator") is True
