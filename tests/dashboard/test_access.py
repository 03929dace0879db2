"""Who may open what? The checked-in table, row by row, and no address outside it."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.access import CODENAMES
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.jobs.models import Job
from oscar_engage.rules.models import Rule
from oscar_engage.widgets.models import Engagement

TABLE = Path(__file__).parent / "expected_access.csv"


def rows() -> list[dict[str, str]]:
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


def test_access_table__every_url__has_a_row_and_permissions() -> None:
    names = [pattern.name for pattern in apps.get_app_config("engage_dashboard").urls[0]]
    config = apps.get_app_config("engage_dashboard")
    assert sorted(names) == sorted(row["url_name"] for row in rows())
    assert set(names) == set(CODENAMES)
    for name in names:
        assert config.permissions_map[name], f"{name} would be open to everybody"
        assert all(permission.startswith("oscar_engage.") for permission in config.permissions_map[name])


def test_permissions__url_nobody_listed__is_for_superusers() -> None:
    assert apps.get_app_config("engage_dashboard").get_permissions("engage-forgotten") == ["is_superuser"]


@pytest.mark.parametrize("role", ["anonymous", "customer", "staff", "agent", "merchandiser", "supervisor", "superuser"])
def test_access__every_url__answers_as_the_table_says(
    role: str, client_of: Callable[[str], Client], rule: Rule, engagements: list[Engagement], note: Conversation, dead_job: Job
) -> None:
    client = client_of(role)
    targets = {"rule": rule.pk, "engagement": engagements[0].pk, "conversation": note.public_id, "job": dead_job.pk}
    for row in rows():
        arguments = [targets[row["object"]]] if row["object"] else []
        url = reverse(f"engage_dashboard:{row['url_name']}", args=arguments)
        response = client.get(url) if row["method"] == "GET" else client.post(url, {"presence": "away"})
        assert response.status_code == int(row[role]), (row["url_name"], role, response.status_code)
        if role == "anonymous":
            assert response.headers["Location"].startswith(reverse("dashboard:login"))


@pytest.mark.parametrize("role", ["anonymous", "customer", "staff"])
def test_access__without_permission__posting_changes_nothing(
    role: str, client_of: Callable[[str], Client], rule: Rule, note: Conversation, dead_job: Job
) -> None:
    client = client_of(role)
    before = (AuditEntry.objects.count(), Rule.objects.get().status, Conversation.objects.get().status)
    client.post(reverse("engage_dashboard:engage-rule-pause", args=[rule.pk]))
    client.post(reverse("engage_dashboard:engage-conversation-close", args=[note.public_id]))
    client.post(reverse("engage_dashboard:engage-job-retry", args=[dead_job.pk]))
    assert before == (AuditEntry.objects.count(), Rule.objects.get().status, Conversation.objects.get().status)
    assert Job.objects.get().state == "dead"
    assert not Agent.objects.exists()


def test_csrf__post_without_a_token__is_refused(
    client_of: Callable[[str], Client], rule: Rule, note: Conversation, engagements: list[Engagement], dead_job: Job
) -> None:
    client = client_of("superuser")
    client.handler.enforce_csrf_checks = True
    targets = {"rule": rule.pk, "engagement": engagements[0].pk, "conversation": note.public_id, "job": dead_job.pk}
    editors = {"engage-rule-create", "engage-rule-edit", "engage-engagement-create", "engage-engagement-edit"}
    checked = [row for row in rows() if row["method"] == "POST" or row["url_name"] in editors]
    assert len(checked) == 11
    for row in checked:
        arguments = [targets[row["object"]]] if row["object"] else []
        response = client.post(reverse(f"engage_dashboard:{row['url_name']}", args=arguments), {})
        assert response.status_code == 403, row["url_name"]
