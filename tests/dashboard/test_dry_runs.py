"""Can a merchandiser begin a dry run, watch it, read what came of it, and end it, with and without a script?"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from oscar_engage.decisions.dry_run.models import DryRun
from oscar_engage.decisions.matches.fill import fill_moments
from oscar_engage.jobs.run import run_due
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import Rule, RuleVersion
from tests.dashboard.conftest import DOCUMENT, ENGAGEMENTS, NOW
from tests.decisions.recorded import hesitation, keep_visit
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MATCHES = "/dashboard/engage/rules/matches/"
FORM = {
    "branches[0].when.combinator": "and",
    "branches[0].when.rules[0].field": "page.kind",
    "branches[0].when.rules[0].operator": "=",
    "branches[0].when.rules[0].value": "checkout",
    "branches[0].then[0].do": "show.balloon",
    "branches[0].then[0].with.engagement": "delivery-times",
    "unknown": "skip",
}


@pytest.fixture(autouse=True)
def _nobody_held_out() -> Any:
    forget_live_rules()
    with override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.0}):
        yield
    forget_live_rules()


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


def record(*seconds: float) -> None:
    for number, one in enumerate(seconds):
        keep_visit(timezone.now() - timedelta(hours=3, minutes=number), *hesitation(one))


def begin(client: Client, rule: Rule, days: Any = 7) -> Any:
    return client.post(reverse("engage_dashboard:engage-rule-dry-run", args=[rule.pk]), {"days": days})


def test_begin__version_saved__leads_to_its_progress_then_its_result(rule: Rule, client: Client) -> None:
    record(10, 50, 100)
    Rule.objects.update(holdout_share=0)
    address = begin(client, rule).headers["Location"]
    going = text_of(client.get(address))
    assert "0 of 3 visits read." in going
    assert 'hx-trigger="every 2s"' in going
    assert "No worker is running" in going

    run_due(now=timezone.now())

    part = text_of(client.get(address, headers=HTMX))
    assert "<html" not in part
    assert "hx-trigger" not in part
    assert "3 of 3 visits read." in part
    assert "What keeps most visits out: “time without activity is more than 45 seconds”." in part
    assert "Without it, 1 more would match." in part
    assert '<dd id="engage-offered">2</dd>' in part
    assert "offered" in part
    listed = text_of(client.get(reverse("engage_dashboard:engage-rule-dry-run", args=[rule.pk])))
    assert address in listed
    assert "finished" in listed


def test_result__lost_and_unsure__name_the_rule_and_what_is_missing(rule: Rule, client: Client) -> None:
    record(50, 50)
    idle = {"field": "page.idle_seconds", "operator": ">", "value": 44}
    agents = {"field": "desk.free_agents", "operator": ">", "value": 0}
    scoped: dict[str, Any] = {**DOCUMENT, "scope": {"combinator": "and", "rules": [idle]}}
    winner = Rule.objects.create(name="Winner", priority=1, holdout_share=0)
    save_draft(winner, scoped, user=None, now=NOW, engagements=ENGAGEMENTS)
    publish(winner, user=None, now=NOW, engagements=ENGAGEMENTS)
    silent = {"when": {"combinator": "and", "rules": [agents]}, "then": []}
    several = {**DOCUMENT, "branches": [silent, *DOCUMENT["branches"] * 2]}
    save_draft(rule, {**several, "scope": scoped["scope"]}, user=None, now=NOW, engagements=ENGAGEMENTS)
    address = begin(client, rule).headers["Location"]
    run_due(now=timezone.now())
    page = text_of(client.get(address))
    assert "not recorded: free agents" in page
    assert "Branch 2" in page
    assert "where: time without activity is more than 44 seconds" in page
    save_draft(rule, DOCUMENT, user=None, now=NOW, engagements=ENGAGEMENTS)
    address = begin(client, rule).headers["Location"]
    run_due(now=timezone.now())
    assert "Winner (2)" in text_of(client.get(address))


def test_begin__days_out_of_range__says_what_to_type(rule: Rule, client: Client) -> None:
    response = begin(client, rule, days=400)
    assert response.status_code == 422
    assert "30" in text_of(response)
    assert not DryRun.objects.exists()


def test_begin__without_a_version__says_what_to_do(client: Client) -> None:
    rule = Rule.objects.create(name="Empty")
    response = begin(client, rule)
    assert response.status_code == 302
    assert "it has no version yet" in text_of(client.get(response.headers["Location"]))


def test_cancel__keeps_what_was_counted(rule: Rule, client: Client) -> None:
    address = begin(client, rule).headers["Location"]
    client.post(f"{address}cancel/")
    page = text_of(client.get(address))
    assert "cancelled" in page
    assert "No visit could be tried" in page


def test_result__version_that_can_no_longer_be_read__still_shows_its_counts(rule: Rule, client: Client) -> None:
    record(50)
    address = begin(client, rule).headers["Location"]
    run_due(now=timezone.now())
    RuleVersion.objects.update(document={})
    assert client.get(address).status_code == 200


def test_result__what_is_missing__is_said_in_words(rule: Rule, client: Client) -> None:
    address = begin(client, rule).headers["Location"]
    unsaid = {"page.idle_seconds": 2, "?presence": 1, "shop.gone": 1}
    DryRun.objects.update(tally={"visits": 3, "unsure": 3, "unsaid": unsaid}, finished_at=NOW)
    page = text_of(client.get(address))
    assert "2 visits: how long nothing was touched: browsers tell 20, 45 and 90 seconds in the checkout" in page
    assert "1 visit: whether the page was still open" in page
    assert "1 visit: shop.gone" in page


@pytest.mark.parametrize("count", [1, 3])
def test_run__any_number_of_visits__takes_the_same_queries(
    count: int, rule: Rule, client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    record(*[50] * count)
    address = begin(client, rule).headers["Location"]
    run_due(now=timezone.now())
    client.get(address)
    with django_assert_num_queries(8):  # session, user, permissions (2), savepoints (2), notifications, the run
        client.get(address, headers=HTMX)


def test_matches__draft_in_the_form__is_counted_as_a_fragment(rule: Rule, client: Client) -> None:
    record(10, 50)
    fill_moments({}, now=timezone.now())
    response = client.post(MATCHES, FORM, headers=HTMX)
    part = text_of(response)
    assert "<html" not in part
    assert "Would have matched <strong>2</strong> of 2 visits in the last 7 days." in part
    assert "hx-trigger" not in part


def test_matches__variable_that_no_visit_tells__is_named_in_words(rule: Rule, client: Client) -> None:
    record(10)
    fill_moments({}, now=timezone.now())
    asked = {"field": "history.count", "with.kind": "search.made", "with.days": "7", "operator": ">", "value": "1"}
    typed = {f"branches[0].when.rules[0].{name}": text for name, text in asked.items()}
    part = text_of(client.post(MATCHES, {**FORM, **typed}, headers=HTMX))
    assert "so the number may be too small: number of searches in the last 7 days." in part
    assert "history.count" not in part


def test_matches__still_counting__asks_again_by_itself(rule: Rule, client: Client) -> None:
    record(10, 50)
    part = text_of(client.post(MATCHES, FORM, headers=HTMX))
    assert "counting… 2 visits are still to be read." in part
    assert 'hx-trigger="load delay:3s"' in part


def test_matches__draft_that_is_not_complete__says_so(client: Client) -> None:
    assert "Complete the rule" in text_of(client.post(MATCHES, {}, headers=HTMX))


def test_matches__nothing_recorded__says_so(rule: Rule, client: Client) -> None:
    assert "No visit of the last 7 days is recorded yet." in text_of(client.post(MATCHES, FORM, headers=HTMX))


def test_matches__plain_button__brings_the_draft_back_to_the_editor(rule: Rule, client: Client) -> None:
    page = text_of(client.post(MATCHES, {**FORM, "rule": rule.pk, "name": "Typed", "save": "draft"}))
    assert "<html" in page
    assert f'action="/dashboard/engage/rules/{rule.pk}/"' in page
    assert 'name="name" value="Typed"' in page
    assert 'name="save"' not in page
    assert 'action="/dashboard/engage/rules/new/"' in text_of(client.post(MATCHES, FORM))


@pytest.mark.parametrize("count", [1, 3])
def test_matches__any_number_of_visits__takes_the_same_queries(
    count: int, rule: Rule, client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    record(*[50] * count)
    fill_moments({}, now=timezone.now())
    client.post(MATCHES, FORM, headers=HTMX)
    with django_assert_num_queries(
        10
    ):  # session, user, permissions, savepoints (2 each), notifications, segments, moments, unread
        client.post(MATCHES, FORM, headers=HTMX)
