"""Who may open what? The checked-in table, row by row, and no address outside it."""

import csv
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse

from oscar_engage.analytics.costs.models import CostPeriod
from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.access import CODENAMES
from oscar_engage.dashboard.index import IndexView
from oscar_engage.decisions.dry_run.models import DryRun
from oscar_engage.desk.calls.models import PhoneCall
from oscar_engage.desk.carry.models import Attachment, CannedReply
from oscar_engage.desk.mailbox.models import Mailbox
from oscar_engage.desk.models import Agent, Conversation, Queue, Skill
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.pages.keep import keep_snapshot
from oscar_engage.desk.practice.models import Practice, PracticeChat
from oscar_engage.desk.promises.models import OpeningHours, Policy
from oscar_engage.desk.topics.models import Topic
from oscar_engage.jobs.models import Job
from oscar_engage.keys.models import ApiKey
from oscar_engage.privacy.models import Erasure
from oscar_engage.rules.models import Rule, Segment
from oscar_engage.sharing.models import LiveSession
from oscar_engage.surveys.models import Survey
from oscar_engage.webhooks.models import WebhookSubscription
from oscar_engage.widgets.anchors.models import PickedAnchor
from oscar_engage.widgets.models import Engagement
from tests.dashboard.conftest import NOW, start_visit
from tests.dashboard.learnt import make_version
from tests.desk.pages.snapshots import sent

TABLE = Path(__file__).parent / "expected_access.csv"


def rows() -> list[dict[str, str]]:
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


def targets_of(
    rule: Rule, engagements: list[Engagement], note: Conversation, colleagues: Conversation, dead_job: Job
) -> dict[str, int | str | uuid.UUID]:
    """Return what the table's column "object" names."""
    skill = Skill.objects.create(slug="returns", name="Returns")
    message = note.messages.get()
    keep_snapshot(note, sent(), now=NOW)
    lost = Attachment.objects.create(message=message, name="receipt.pdf", kind="pdf", size=9, path="lost")
    sat = {"started_at": NOW, "seen_at": NOW, "ended_at": NOW, "promise": 60}
    practice = Practice.objects.create(agent=Agent.objects.get(display_name="Colleague"), language="en", **sat)
    practised = PracticeChat.objects.create(practice=practice, script="return.en", begins=2)
    segment = Segment.objects.create(slug="busy", name="Busy", document={"combinator": "and", "rules": []})
    return {
        "rule": rule.pk,
        "segment": segment.pk,
        "policy": Policy.objects.create(name="All", first_minutes=40).pk,
        "step": "chat",
        "costs": CostPeriod.objects.create(starts_on=NOW, currency="GBP", agent_hour=30).pk,
        "other costs": CostPeriod.objects.create(starts_on="2025-01-01", currency="GBP", agent_hour=30).pk,
        "opening hours": OpeningHours.objects.create(name="Office", time_zone="UTC").pk,
        "engagement": engagements[0].pk,
        "anchor": PickedAnchor.objects.create(
            slot="size-hint", label="Size hint", page_kind="product", example_path="/", described={}, picked_at=NOW
        ).pk,
        "conversation": note.public_id,
        "colleague's conversation": colleagues.public_id,
        **shared_pages(colleagues),
        "internal note": InternalNote.objects.create(conversation=note, body="Hm", at=NOW).pk,
        "job": dead_job.pk,
        "place": "size-table",
        "person": f"visitor-{note.visitor_id.hex}",
        "agent": Agent.objects.get(display_name="Colleague").pk,
        "colleague's practice": practised.practice.public_id,
        "colleague's made-up shopper": practised.public_id,
        "skill": skill.pk,
        "mailbox": Mailbox.objects.create(slug="support", address="support@shop.example").pk,
        "call": PhoneCall.objects.create(
            conversation=colleagues, number="+442079460018", digest="x", call_at=NOW, asked_at=NOW, state="reached"
        ).pk,
        "key": ApiKey.objects.create(user_id=0, name="CRM", prefix="0", digest="", created_at=NOW).pk,
        "webhook": WebhookSubscription.objects.create(
            name="CRM", url="https://10.0.0.1/", events=["rule.published"], created_at=NOW
        ).pk,
        "queue": Queue.objects.create(slug="returns", name="Returns", skill=skill).pk,
        "topic": Topic.objects.create(slug="delivery", name="Delivery", is_active=False).pk,
        "attachment": lost.public_id,
        "survey": Survey.objects.get_or_create(engagement=engagements[0])[0].pk,
        "canned reply": CannedReply.objects.create(shortcut="hello", title="Hello", texts={"en": "Hello!"}).pk,
        "visit": start_visit().pk,
        "dry run": DryRun.objects.create(version=rule.published, days=7, since=NOW, until=NOW, created_at=NOW).pk,
        "task": "propensity",
        "model": make_version().pk,
        "erasure": Erasure.objects.create(origin="request", begun_at=NOW, finished_at=NOW).pk,
    }


def shared_pages(chat: Conversation) -> dict[str, str]:
    """Return a page that a colleague looks at, one that its shopper let us keep, and a talk of theirs."""
    own = {"conversation": chat, "agent": chat.agent, "starter": "agent", "asked_at": NOW, "begun_at": NOW, "shopper_at": NOW}
    live = LiveSession.objects.create(**own, state="live")
    kept = LiveSession.objects.create(**own, state="ended", ended_at=NOW, keeps=True)
    talk = LiveSession.objects.create(**own, state="live", kind="voice")
    return {
        "colleague's shared page": live.public_id,
        "colleague's recording": kept.public_id,
        "colleague's talk": talk.public_id,
    }


@pytest.fixture
def colleagues(chat: Conversation, django_user_model: type[AbstractUser]) -> Conversation:
    """Return a chat that another agent is answering."""
    user = django_user_model.objects.create_user(username="colleague", email="colleague@example.com")
    Agent.objects.create(user=user, display_name="Colleague", used_tenths=10)
    Conversation.objects.filter(pk=chat.pk).update(agent=Agent.objects.get(), status="open", weight=10)
    chat.refresh_from_db()
    return chat


@pytest.mark.attack("B01")
def test_access_table__every_url__has_a_row_and_permissions() -> None:
    names = [pattern.name for pattern in apps.get_app_config("engage_dashboard").urls[0]]
    config = apps.get_app_config("engage_dashboard")
    assert len(names) == len(set(names))
    assert set(names) == {row["url_name"] for row in rows()}
    assert set(names) == {*CODENAMES, "engage-index"}
    for name in names:
        permissions = config.permissions_map[name]
        assert permissions, f"{name} would be open to everybody"
        for alternative in permissions if isinstance(permissions, tuple) else (permissions,):
            assert alternative, f"{name} would be open to everybody"
            assert all(permission.startswith("oscar_engage.") for permission in alternative)


def test_permissions__url_nobody_listed__is_for_superusers() -> None:
    assert apps.get_app_config("engage_dashboard").get_permissions("engage-forgotten") == ["is_superuser"]


@pytest.mark.attack("B01", "B15")
@pytest.mark.parametrize(
    "role", ["anonymous", "customer", "staff", "agent", "merchandiser", "supervisor", "privacy officer", "superuser"]
)
def test_access__every_url__answers_as_the_table_says(
    role: str,
    client_of: Callable[[str], Client],
    rule: Rule,
    engagements: list[Engagement],
    note: Conversation,
    colleagues: Conversation,
    dead_job: Job,
) -> None:
    client = client_of(role)
    targets = targets_of(rule, engagements, note, colleagues, dead_job)
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


INDEX = "/dashboard/engage/"


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("agent", "desk"),
        ("merchandiser", "rules"),
        ("supervisor", "rules"),
        ("privacy officer", "privacy"),
        ("superuser", "rules"),
    ],
)
def test_index__whoever_may_see_a_page__is_led_to_the_first(role: str, page: str, client_of: Callable[[str], Client]) -> None:
    assert client_of(role).get(INDEX).headers["Location"] == f"{INDEX}{page}/"


def test_index__permissions_emptied_by_the_shop__still_refuses(client_of: Callable[[str], Client], rf: RequestFactory) -> None:
    for user in (client_of("staff").get("/dashboard/").wsgi_request.user, AnonymousUser()):
        request = rf.get(INDEX)
        request.user = user
        with pytest.raises(PermissionDenied):
            IndexView.as_view()(request)


def test_close__of_a_colleague__is_offered_to_supervisors_alone(
    client_of: Callable[[str], Client], colleagues: Conversation
) -> None:
    page = reverse("engage_dashboard:engage-conversation", args=[colleagues.public_id])
    button = reverse("engage_dashboard:engage-conversation-close", args=[colleagues.public_id])
    assert button not in client_of("agent").get(page).content.decode()
    assert button in client_of("supervisor").get(page).content.decode()


def test_close__of_a_colleague_by_an_agent__changes_nothing(
    client_of: Callable[[str], Client], colleagues: Conversation
) -> None:
    client_of("agent").post(reverse("engage_dashboard:engage-conversation-close", args=[colleagues.public_id]))
    assert Conversation.objects.get(pk=colleagues.pk).status == "open"
    assert not AuditEntry.objects.filter(action="conversation.closed").exists()


@pytest.mark.attack("C01")
def test_csrf__post_without_a_token__is_refused(
    client_of: Callable[[str], Client],
    rule: Rule,
    note: Conversation,
    colleagues: Conversation,
    engagements: list[Engagement],
    dead_job: Job,
) -> None:
    client = client_of("superuser")
    client.handler.enforce_csrf_checks = True
    targets = targets_of(rule, engagements, note, colleagues, dead_job)
    things = ("rule", "engagement", "segment", "policy", "opening-hours", "skill", "queue", "topic", "canned", "mailbox")
    things += ("survey", "cost", "webhook")
    editors = {f"engage-{thing}-{what}" for thing in things for what in ("create", "edit")}
    editors |= {"engage-rules-import", "engage-call-terms", "engage-agent-edit", "engage-volumes-import", "engage-keys"}
    checked = [row for row in rows() if row["method"] == "POST" or row["url_name"] in editors]
    assert len(checked) == 114
    for row in checked:
        arguments = [targets[row["object"]]] if row["object"] else []
        response = client.post(reverse(f"engage_dashboard:{row['url_name']}", args=arguments), {})
        assert response.status_code == 403, row["url_name"]
