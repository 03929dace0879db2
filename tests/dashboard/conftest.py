"""Members of staff of each role, and a shop with something in every list."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.access import create_role_groups
from oscar_engage.desk.models import Conversation, ConversationKind, Message, Role
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.models import Rule
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.state import VisitState, to_json
from oscar_engage.widgets.models import Engagement

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENGAGEMENTS = {"delivery-times": "balloon", "checkout-help": "invitation"}
ROLES = {
    "agent": "Engage agents",
    "merchandiser": "Engage merchandisers",
    "supervisor": "Engage supervisors",
    "privacy officer": "Engage privacy officers",
}

DOCUMENT: dict[str, Any] = {
    "schema": 1,
    "branches": [
        {
            "when": {
                "combinator": "and",
                "rules": [
                    {"field": "page.kind", "operator": "=", "value": "checkout"},
                    {"field": "page.idle_seconds", "operator": ">", "value": 45},
                ],
            },
            "then": [{"do": "show.balloon", "with": {"engagement": "delivery-times"}}],
        }
    ],
    "else": [],
    "unknown": "skip",
}


def forget_roles_given() -> None:
    """Take out of the trail who was given which role, past its own manager: a test begins with people who have theirs."""
    QuerySet(AuditEntry).filter(object_kind__in=("role", "user")).delete()


@pytest.fixture
def client_of(db: None) -> Callable[[str], Client]:
    """Return a function from a role's name to a client that is logged in as such a person."""
    create_role_groups()

    def build(role: str) -> Client:
        client = Client()
        if role == "anonymous":
            return client
        user = get_user_model().objects.create_user(username=role, email=f"{role}@example.com", first_name=role.title())
        user.is_staff = role != "customer"
        user.is_superuser = role == "superuser"
        user.save()
        if role in ROLES:
            user.groups.add(Group.objects.get(name=ROLES[role]))
        forget_roles_given()
        client.force_login(user, backend="oscar.apps.customer.auth_backends.EmailBackend")
        return client

    return build


@pytest.fixture
def engagements(db: None) -> list[Engagement]:
    return [
        Engagement.objects.create(slug=slug, widget=widget, title=slug.replace("-", " ").title(), body="Two to four days.")
        for slug, widget in ENGAGEMENTS.items()
    ]


@pytest.fixture
def rule(engagements: list[Engagement]) -> Rule:
    made = Rule.objects.create(name="Hesitation in the checkout")
    save_draft(made, DOCUMENT, user=None, now=NOW, engagements=ENGAGEMENTS)
    publish(made, user=None, now=NOW, engagements=ENGAGEMENTS)
    return made


@pytest.fixture
def visit(db: None) -> Visit:
    visitor = Visitor.objects.create(created_at=NOW, last_seen_at=NOW, consent=3)
    return Visit.objects.create(visitor=visitor, started_at=NOW, last_at=NOW)


def start_visit(*, consent: int = 3, is_staff: bool = False, **state: Any) -> Visit:
    """Return a visit that goes on now; ``state`` are fields of ``VisitState``."""
    now = timezone.now()
    visitor = Visitor.objects.create(created_at=now, last_seen_at=now, consent=consent, is_staff=is_staff)
    folded = VisitState(started_at=now, last_at=now, **state)
    return Visit.objects.create(visitor=visitor, started_at=now, last_at=now, state=to_json(folded))


def make_conversation(visit: Visit, kind: str = ConversationKind.NOTE, body: str = "When does it arrive?") -> Conversation:
    conversation = Conversation.objects.create(
        kind=kind,
        visitor_id=visit.visitor_id,
        visit_id=visit.pk,
        page_path="/checkout/shipping-method/",
        page_title="Shipping method",
        created_at=NOW,
        due_at=NOW + timedelta(minutes=40),
        last_seq=1,
    )
    Message.objects.create(conversation=conversation, seq=1, role=Role.SHOPPER, body=body, at=NOW)
    return conversation


@pytest.fixture
def note(visit: Visit) -> Conversation:
    return make_conversation(visit)


@pytest.fixture
def chat(visit: Visit) -> Conversation:
    return make_conversation(visit, ConversationKind.CHAT)


@pytest.fixture
def dead_job(db: None) -> Job:
    return Job.objects.create(
        kind="orders.sweep", key="orders.sweep@1", state=JobState.DEAD, run_at=NOW, created_at=NOW, finished_at=NOW, attempts=8
    )
