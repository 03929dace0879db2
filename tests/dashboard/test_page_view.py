"""Does an agent see the page as the shopper saw it, where nothing can act, and nobody else?"""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.models import Conversation, ConversationKind
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.pages.keep import keep_snapshot
from oscar_engage.visitors.models import Visitor
from tests.desk.pages.snapshots import sent
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[[str], Client]


@pytest.fixture
def note(db: None) -> Conversation:
    now = timezone.now()
    visitor = Visitor.objects.create(created_at=now, last_seen_at=now, consent=1)
    return open_conversation(ConversationKind.NOTE, visitor_id=visitor.pk, body="Does it fit?", now=now)


def address(note: Conversation, name: str = "engage-conversation-page") -> str:
    return reverse(f"engage_dashboard:{name}", args=[note.public_id])


@pytest.mark.attack("A10", "C13")
def test_page__agent__gets_it_under_a_policy_that_lets_nothing_act(client_of: ClientOf, note: Conversation) -> None:
    keep_snapshot(note, sent('<div><h1 id="engage-pin">Kettle</h1></div>'), now=timezone.now())
    response = client_of("agent").get(address(note))

    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    assert policy["sandbox"] == "allow-same-origin"
    assert (policy["default-src"], policy["img-src"], policy["form-action"]) == ("'none'", "'self' data:", "'none'")
    assert "script-src" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert '<h1 id="engage-pin">Kettle</h1>' in text_of(response)
    assert "oscar_engage/dist/engage.css" in text_of(response)
    assert AuditEntry.objects.filter(action="conversation.page_viewed", object_id=note.pk).count() == 1


def test_page__none_went_along__is_not_found_and_not_offered(client_of: ClientOf, note: Conversation) -> None:
    agent = client_of("agent")
    assert agent.get(address(note)).status_code == 404
    assert "<iframe" not in text_of(agent.get(address(note, "engage-conversation")))


@pytest.mark.parametrize("name", ["engage-conversation", "engage-context"])
def test_conversation__with_a_copy__frames_it_without_scripts(client_of: ClientOf, note: Conversation, name: str) -> None:
    keep_snapshot(note, sent(), now=timezone.now())
    html = text_of(client_of("agent").get(address(note, name)))

    assert f'<iframe src="{address(note)}#engage-pin" sandbox="allow-same-origin"' in html
    assert "The page as the shopper saw it" in html


def test_page__of_a_conversation_that_is_not_theirs__is_told_to_nobody(client_of: ClientOf, note: Conversation) -> None:
    keep_snapshot(note, sent(), now=timezone.now())
    assert client_of("merchandiser").get(address(note)).status_code == 403
    assert client_of("agent").get(address(note).replace(note.public_id, "unknown")).status_code == 404
