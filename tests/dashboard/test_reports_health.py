"""Do the report pages and the health page show what there is, at a constant price?"""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.analytics.funnel.count import FUNNEL, SEGMENTS
from oscar_engage.analytics.lift.count import LIFT
from oscar_engage.analytics.mails.write import write_mail
from oscar_engage.analytics.models import Conversion, RollupDay
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.reports.period import choose_period
from oscar_engage.decisions.models import Assignment, Decision
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.models import Rule
from oscar_engage.visitors.models import Visit, Visitor
from tests.dashboard.conftest import DOCUMENT, ENGAGEMENTS, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


PAGES = {"engage-reports": 13, "engage-report-rules": 13, "engage-report-funnel": 11}
"""Queries: session, user, permissions (2), savepoints (2), notifications, and of its own: names, counts, and one more.

The overview also asks whom models left alone, the page of rules what each rule cost.
"""


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("rules", [1, 3])
def test_reports__any_number_of_rules__takes_the_same_queries(
    rules: int, page: str, client: Client, rule: Rule, visit: Visit, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(rules - 1):
        other = Rule.objects.create(name=f"Rule {number}")
        save_draft(other, DOCUMENT, user=None, now=NOW, engagements=ENGAGEMENTS)
        publish(other, user=None, now=NOW, engagements=ENGAGEMENTS)
        draw(other, visit)
    draw(rule, visit)
    client.get(reverse(f"engage_dashboard:{page}"))
    with django_assert_num_queries(PAGES[page] - 1):
        shown = client.get(reverse(f"engage_dashboard:{page}")).content.decode()
    assert shown.count("<svg") <= 1


def draw(rule: Rule, visit: Visit, *, days_ago: int = 1, arm: str = "control") -> None:
    at = timezone.now() - timedelta(days=days_ago)
    Assignment.objects.create(visitor_id=visit.visitor_id, rule=rule, arm=arm, probability=0.2, shop_share=0.1, drawn_at=at)
    Decision.objects.create(
        visitor_id=visit.visitor_id,
        visit=visit,
        version=rule.published,
        branch=0,
        action="show.balloon",
        engagement="help",
        arm=arm,
        reason="rule_holdout",
        eligible_at=at,
    )
    fill(LIFT, now=timezone.now())
    for rollup in (FUNNEL, SEGMENTS):
        fill(rollup, now=timezone.now())


def test_report__orders_of_both_arms__stand_in_the_table_and_the_drawing(client: Client, rule: Rule, visit: Visit) -> None:
    now = timezone.now()
    Conversion.objects.create(
        order_id=1, order_number="1", visitor_id=visit.visitor_id, total=Decimal("1234.50"), currency="GBP", placed_at=now
    )
    draw(rule, visit)
    address = reverse("engage_dashboard:engage-report", args=[rule.pk])
    page = client.get(address).content.decode()
    assert "£1,234" in page
    assert "Not measurable yet" in page
    assert page.count("<svg") == 1
    assert "in the rule&#x27;s hold-out" in page
    german = client.get(address, headers={"Accept-Language": "de"}).content.decode()
    assert "1.234\N{NO-BREAK SPACE}£" in german


@pytest.mark.attack("O01")
@pytest.mark.parametrize(
    ("mark", "words"), [("is_staff", "members of staff: 1,"), ("is_automaton", "browsers run by programs: 1,")]
)
def test_report__who_is_no_shopper__is_left_out_and_said_so(
    client: Client, rule: Rule, visit: Visit, mark: str, words: str
) -> None:
    draw(rule, visit)
    page = reverse("engage_dashboard:engage-report", args=[rule.pk])
    assert words not in client.get(page).content.decode()
    Visitor.objects.update(**{mark: True})
    RollupDay.objects.all().delete()
    fill(LIFT, now=timezone.now())
    assert words in client.get(page).content.decode()


def test_overview__rule_that_does_harm__is_to_be_stopped(client: Client, rule: Rule) -> None:
    today = timezone.localdate()
    fill_by_hand(rule, today, treated=(8_000, 800), control=(2_000, 400))
    page = client.get(reverse("engage_dashboard:engage-reports"))
    assert [(row.name, row.tone) for row in page.context["urgent"]] == [(rule.name, "bad")]
    assert "It does harm: stop it." in page.content.decode()
    sheet = client.get(reverse("engage_dashboard:engage-report-rules"), {"as": "csv"}).content.decode()
    assert f"{rule.name},stop,buyers,," in sheet


def test_overview__beside_the_weekly_mail__says_the_same(client: Client, rule: Rule) -> None:
    today = timezone.localdate()
    fill_by_hand(rule, today, treated=(8_000, 1_600), control=(2_000, 200), revenue=5_000)
    context = client.get(reverse("engage_dashboard:engage-reports")).context
    (card,) = context["cards"]
    mail = write_mail("owner@shop.example", "en", day=today, is_weekly=True)
    assert "£40,000 earned" in card.headline
    assert card.headline in mail.subject
    for words in (mail.body, mail.alternatives[0][0]):
        assert card.headline in words
        assert card.sentence in words
    RollupDay.objects.all().delete()
    fill_by_hand(rule, today, treated=(8_000, 800), control=(2_000, 400))
    (row,) = client.get(reverse("engage_dashboard:engage-reports")).context["urgent"]
    assert row.sentence in write_mail("owner@shop.example", "en", day=today, is_weekly=False).body


@pytest.mark.attack("O05")
def test_overview__arms_not_as_drawn__says_nothing_else(client: Client, rule: Rule) -> None:
    fill_by_hand(rule, timezone.localdate(), treated=(6_000, 1_200), control=(4_000, 400))
    page = client.get(reverse("engage_dashboard:engage-reports")).content.decode()
    assert "something loses visitors of one side" in page
    shown = client.get(reverse("engage_dashboard:engage-report", args=[rule.pk])).content.decode()
    assert "no comparison is shown" in shown


def fill_by_hand(
    rule: Rule, today: date, *, treated: tuple[int, int], control: tuple[int, int], revenue: int | None = None
) -> None:
    """Write a closed day of the lift, as if it had been counted."""
    cells = []
    for name in (str(rule.pk), "shop"):
        for arm, (units, buyers) in (("treated", treated), ("control", control)):
            cells += [[name, arm, "0.800000", "buyers", "", units, buyers, buyers, buyers, 0, 0, 0]]
            if revenue is not None:
                sums = Moments.of_values([revenue] * buyers).as_numbers()
                cells += [[name, arm, "0.800000", "revenue", "GBP", *sums]]
    RollupDay.objects.create(
        rollup="lift", day=today - timedelta(days=20), version=1, cells=cells, digest="", filled_at=timezone.now()
    )


@pytest.mark.parametrize("by", ["engagement", "variant", "channel", "device", "rule", "segment", "nonsense"])
def test_funnel__told_apart_by_anything__counts_the_moment_once(client: Client, rule: Rule, visit: Visit, by: str) -> None:
    draw(rule, visit)
    page = client.get(reverse("engage_dashboard:engage-report-funnel"), {"by": by, "beside": "before"})
    (row,) = page.context["rows"]
    assert row.numbers[:2] == (1, 1)
    sheet = client.get(reverse("engage_dashboard:engage-report-funnel"), {"by": by, "as": "csv"}).content.decode()
    assert list(csv.reader(sheet.splitlines()))[1][1:3] == ["1", "1"]


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
