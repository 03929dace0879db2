"""Do the report pages and the health page show what there is, at a constant price?"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.analytics.models import Conversion
from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.reports.period import choose_period
from oscar_engage.decisions.models import Assignment
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.models import Rule
from oscar_engage.visitors.models import Visit, Visitor
from tests.dashboard.conftest import DOCUMENT, ENGAGEMENTS, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


@pytest.mark.parametrize("rules", [1, 3])
def test_reports__any_number_of_rules__takes_the_same_queries(
    rules: int, client: Client, rule: Rule, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(rules - 1):
        other = Rule.objects.create(name=f"Rule {number}")
        save_draft(other, DOCUMENT, user=None, now=NOW, engagements=ENGAGEMENTS)
        publish(other, user=None, now=NOW, engagements=ENGAGEMENTS)
    client.get(reverse("engage_dashboard:engage-reports"))
    with django_assert_num_queries(13):  # session, user, permissions (2), savepoints (2), notifications, rules, report (5)
        page = client.get(reverse("engage_dashboard:engage-reports")).content.decode()
    assert page.count("not enough data yet") == 2 * rules


def test_report__orders_of_both_arms__stand_in_the_table_and_the_drawing(client: Client, rule: Rule, visit: Visit) -> None:
    now = timezone.now()
    at = now - timedelta(days=1)
    Assignment.objects.create(visitor_id=visit.visitor_id, rule=rule, arm="control", probability=0.2, drawn_at=at)
    Conversion.objects.create(
        order_id=1, order_number="1", visitor_id=visit.visitor_id, total=Decimal("1234.50"), currency="GBP", placed_at=now
    )
    page = client.get(reverse("engage_dashboard:engage-report", args=[rule.pk])).content.decode()
    assert "£1,234.50" in page
    assert page.count("<svg") == 1
    german = client.get(reverse("engage_dashboard:engage-report", args=[rule.pk]), headers={"Accept-Language": "de"})
    assert "1.234,50" in german.content.decode()
    assert 'viewBox="0 0 690 230"' in german.content.decode()


@pytest.mark.attack("O01")
@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("is_staff", "1 visitor was a member of staff and is left out."),
        ("is_automaton", "1 browser was run by a program and is left out."),
    ],
)
def test_report__who_is_no_shopper__is_left_out_and_said_so(
    client: Client, rule: Rule, visit: Visit, mark: str, words: str
) -> None:
    at = timezone.now() - timedelta(days=1)
    Assignment.objects.create(visitor_id=visit.visitor_id, rule=rule, arm="control", probability=0.2, drawn_at=at)
    page = reverse("engage_dashboard:engage-report", args=[rule.pk])
    assert words not in client.get(page).content.decode()
    Visitor.objects.update(**{mark: True})
    assert words in client.get(page).content.decode()


@pytest.mark.parametrize(("asked", "days"), [(None, 30), ("7", 7), ("90", 90), ("-1", 30), ("1e9", 30), ("", 30)])
def test_period__whatever_is_asked__is_one_of_ours(asked: str | None, days: int) -> None:
    period = choose_period(asked, now=NOW)
    assert (period.days, period.until - period.since) == (days, timedelta(days=days))


@pytest.mark.attack("M09", "M10")
def test_health__dead_job__can_be_tried_again_once(client: Client, dead_job: Job) -> None:
    page = client.get(reverse("engage_dashboard:engage-health")).content.decode()
    assert "orders.sweep" in page
    assert "No worker is running" in page
    for _again in range(2):
        client.post(reverse("engage_dashboard:engage-job-retry", args=[dead_job.pk]))
    dead_job.refresh_from_db()
    assert dead_job.state == JobState.DUE
    assert AuditEntry.objects.filter(action="job.retried").count() == 1
