"""What the reports and the trail say cannot be made to say something else."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.audit.models import AppendOnlyError, AuditEntry
from oscar_engage.audit.trail import record_action
from oscar_engage.dashboard.templatetags.engage_report_menu import PAGES
from oscar_engage.desk.models import Conversation, Message
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.visitors.models import Visitor
from tests.architecture.source import modules, relative

pytestmark = pytest.mark.django_db

WRITES = re.compile(r"AuditEntry\(|AuditEntry\.objects\.(?:bulk_)?create")
WORDS, ADDRESS = "My number is 0151 23456", "shopper-of-b07@example.com"


@pytest.mark.attack("O07")
@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(action="nothing.done"),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).delete(),
        lambda entry: AuditEntry.objects.bulk_update([entry], ["action"]),
    ],
    ids=["save", "delete", "update", "delete many", "update many"],
)
def test_trail__changed_or_deleted_by_any_of_djangos_ways__is_refused(change: Callable[[AuditEntry], Any]) -> None:
    entry = record_action(actor=None, action="rule.published", object_kind="rule", object_id=7, now=timezone.now())
    entry.action = "nothing.done"
    with pytest.raises(AppendOnlyError):
        change(entry)
    assert AuditEntry.objects.get(pk=entry.pk).action == "rule.published"


@pytest.mark.attack("O07")
def test_trail__is_written_in_one_place_and_edited_on_no_page() -> None:
    writers = [
        path for path in modules() if "AuditEntry(" in path.read_text() or "AuditEntry.objects.create" in path.read_text()
    ]
    assert {str(relative(path)) for path in writers} == {"audit/models.py", "audit/trail.py"}
    assert AuditEntry not in site._registry


@pytest.mark.attack("O07")
def test_trail__a_rule_is_paused__has_one_line_that_says_who_and_what(client: Client) -> None:
    rule = Rule.objects.create(name="Help in the checkout")
    version = RuleVersion.objects.create(rule=rule, number=1, document={"schema": 1, "branches": [], "else": []})
    Rule.objects.filter(pk=rule.pk).update(status="live", published=version)
    owner = get_user_model().objects.create_superuser("owner", "owner@shop.example", "x")
    client.force_login(owner)
    client.post(reverse("engage_dashboard:engage-rule-pause", args=[rule.pk]))
    (entry,) = AuditEntry.objects.all()
    assert (entry.actor_id, entry.action, entry.object_id) == (owner.pk, "rule.paused", str(rule.pk))


@pytest.mark.attack("B07")
def test_exports__every_page_of_the_reports__hold_nothing_that_a_shopper_wrote(client: Client) -> None:
    client.force_login(get_user_model().objects.create_superuser("owner", "owner@shop.example", "x"))
    now = timezone.now()
    visitor = Visitor.objects.create(created_at=now, last_seen_at=now)
    talk = Conversation.objects.create(kind="note", visitor_id=visitor.pk, email=ADDRESS, created_at=now, due_at=now)
    Message.objects.create(conversation=talk, seq=1, client_id=visitor.pk, role="shopper", body=WORDS, at=now)
    files = []
    for _label, name in PAGES:
        response = client.get(reverse(f"engage_dashboard:{name}"), {"as": "csv"})
        if response.headers["Content-Type"].startswith("text/csv"):
            files.append(name)
            text = response.content.decode()
            assert WORDS not in text, name
            assert ADDRESS not in text, name
            assert str(visitor.pk) not in text, name
    assert {"engage-reports", "engage-report-rules", "engage-report-funnel", "engage-report-costs"} <= set(files)
