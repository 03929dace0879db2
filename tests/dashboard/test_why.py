"""Can a merchandiser read why a rule did not show, for a visit that goes on or is over, at a chosen time?"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.decisions.models import Assignment, Decision
from oscar_engage.rules.engine.tree import Condition, Group
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import Rule
from oscar_engage.rules.sentence import say_node
from oscar_engage.visitors.models import Visit, Visitor
from tests.decisions.recorded import hesitation, keep_visit
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    forget_live_rules()
    return client_of("merchandiser")


def page_of(visit: Visit, **query: Any) -> str:
    address = reverse("engage_dashboard:engage-visit-rules", args=[visit.pk])
    return address + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")


def recorded(seconds: float = 30, hours: float = 3) -> Visit:
    return keep_visit(timezone.now() - timedelta(hours=hours), *hesitation(seconds))


@pytest.mark.parametrize("count", [1, 3])
def test_visit__any_number_of_rules__takes_the_same_queries(
    count: int, rule: Rule, client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    visit = recorded()
    for number in range(count - 1):
        Rule.objects.create(name=f"Rule {number}")
    client.get(page_of(visit))
    # session, user, permissions (2), savepoints (2), notifications, visit, trail, running, engagements, log (2), what a
    # model said, and five more
    with django_assert_num_queries(20):
        client.get(page_of(visit))


def test_visit__over__says_what_stopped_each_rule_at_its_end(rule: Rule, client: Client) -> None:
    page = text_of(client.get(page_of(recorded())))
    assert "The conditions do not hold." in page
    assert "Hesitation in the checkout" in page
    assert "time without activity is more than 45 seconds" in page
    assert "As it stood on" in page
    assert not Decision.objects.exists()
    assert not Assignment.objects.exists()


def test_visit__time_chosen__is_judged_then(rule: Rule, client: Client) -> None:
    visit = recorded(50)
    with override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.0}):
        Rule.objects.update(holdout_share=0)
        told = visit.started_at + timedelta(seconds=45.3)
        page = text_of(client.get(page_of(visit, at=told.isoformat().replace("+", "%2B"))))
        assert "It would have shown." in page
        assert "selected" in page
        assert "It would have shown." not in text_of(client.get(page_of(visit, at="yesterday")))
        assert client.get(page_of(visit, at="2026-99-99T00:00")).status_code == 200
        assert client.get(page_of(visit, at="2026-01-01T00:00")).status_code == 200


def test_visit__one_rule__is_open_and_leads_to_all(rule: Rule, client: Client) -> None:
    Rule.objects.create(name="Another")
    page = text_of(client.get(page_of(recorded(), rule=rule.pk)))
    assert "<details" in page
    assert " open>" in page
    assert "All rules" in page
    assert client.get(page_of(recorded(), rule="x" * 40)).status_code == 200


def test_visit__stages__answer_their_questions(rule: Rule, client: Client) -> None:
    page = re.sub(r"<[^>]*>|\s+", " ", text_of(client.get(page_of(recorded()))))
    page = re.sub(r" +", " ", page)
    assert "Do the conditions hold? no" in page
    assert "Has it just become true? not asked" in page
    assert "Has the shopper said no lately? no" in page
    assert "Is the shopper in the hold-out? no" in page or "Is the shopper in the hold-out? yes" in page


def test_visit__page_just_opened__says_so_in_the_one_sentence(rule: Rule, client: Client) -> None:
    visit = recorded(50)
    at = (visit.started_at + timedelta(milliseconds=100)).isoformat().replace("+", "%2B")
    page = text_of(client.get(page_of(visit, at=at)))
    assert "Nothing may appear on this page, or not at this moment: page just opened." in page


def test_pages__of_one_rule__lead_back_to_it(rule: Rule, client: Client) -> None:
    back = f'href="{reverse("engage_dashboard:engage-rule-edit", args=[rule.pk])}"'
    visit = recorded()
    for address in (page_of(visit), page_of(visit, rule=rule.pk), reverse("engage_dashboard:engage-rule-why", args=[rule.pk])):
        assert back in client.get(address).content.decode()


def test_visit__goes_on__is_judged_now(rule: Rule, client: Client) -> None:
    visit = recorded(30, hours=0)
    page = text_of(client.get(page_of(visit)))
    assert "As it stands now" in page
    assert "What engage sees now" in page
    assert page_of(visit) in text_of(client.get(reverse("engage_dashboard:engage-visit", args=[visit.pk])))


def test_visit__not_logged_or_not_whole__says_so(rule: Rule, client: Client) -> None:
    quiet = keep_visit(timezone.now(), *hesitation(20), consent=1)
    assert "Nothing of this visit is logged" in text_of(client.get(page_of(quiet)))
    partial = recorded()
    Visit.objects.filter(pk=partial.pk).update(state={**partial.state, "signals": 99})
    assert "The log does not hold all of this visit" in text_of(client.get(page_of(partial)))


def test_visit__of_nobody__is_over(client: Client) -> None:
    visit = recorded()
    Visitor.objects.update(is_automaton=True)
    assert client.get(page_of(visit)).status_code == 404


def test_visit__without_a_rule__says_what_to_do(client: Client) -> None:
    assert "There is no rule to explain" in text_of(client.get(page_of(recorded())))


def test_visit__looked_at__is_noted_once(rule: Rule, client: Client) -> None:
    visit = recorded()
    for _time in range(2):
        client.get(page_of(visit))
    assert AuditEntry.objects.filter(action="visit.viewed").count() == 1


def test_visit__in_german__reads_german(rule: Rule, client: Client) -> None:
    page = client.get(page_of(recorded()), headers={"Accept-Language": "de"}).content.decode()
    assert 'lang="de"' in page


@pytest.mark.parametrize("count", [1, 3])
def test_rule__any_number_of_visits__takes_the_same_queries(
    count: int, rule: Rule, client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _number in range(count):
        recorded()
    address = reverse("engage_dashboard:engage-rule-why", args=[rule.pk])
    client.get(address)
    with django_assert_num_queries(
        10
    ):  # session, user, permissions (2), savepoints (2), notifications, rule, visits, decisions
        page = text_of(client.get(address))
    assert page.count("/rules/?rule=") == count


def test_rule__visits_to_choose__tell_what_was_decided(rule: Rule, client: Client) -> None:
    visit = recorded()
    Decision.objects.create(
        visitor_id=visit.visitor_id,
        visit=visit,
        version_id=rule.published_id,
        branch=0,
        arm="none",
        reason="lost",
        eligible_at=visit.started_at,
    )
    assert "a higher rule won" in text_of(client.get(page_of(visit))).partition("Stage by stage")[0]
    assert "a higher rule won" in text_of(client.get(reverse("engage_dashboard:engage-rule-why", args=[rule.pk])))


def test_rule__no_visit__says_what_to_do(rule: Rule, client: Client) -> None:
    assert "No visit in the last seven days" in text_of(client.get(reverse("engage_dashboard:engage-rule-why", args=[rule.pk])))


def test_say_node__groups__are_bracketed_as_they_are_nested() -> None:
    kind, pages = Condition("page.kind", "=", "home"), Condition("visit.pages", ">", 2)
    inner = Group("or", (kind, pages))
    assert say_node(Group("and", (kind, inner))) == (
        "kind of page is home page and (kind of page is home page or pages in this visit is more than 2)"
    )
    assert say_node(Group("and", (Group("and", (kind,)), Group("or", (kind,), negated=True)))) == (
        "kind of page is home page and not (kind of page is home page)"
    )
