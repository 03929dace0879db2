"""Can a supervisor set a webhook up, see its secret once, try it, and see what was sent?"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from oscar_engage.audit.models import AuditEntry
from oscar_engage.webhooks.models import WebhookSubscription
from oscar_engage.webhooks.secrets import secret_of
from tests.desk.calls.test_webhook import Exchange

pytestmark = pytest.mark.django_db


def url(name: str, *args: Any) -> str:
    return reverse(f"engage_dashboard:engage-webhook{name}", args=args)


def test_new__saved__shows_its_secret_once(client_of: Callable[[str], Client], listener: Exchange) -> None:
    client = client_of("supervisor")
    typed = {"name": "CRM", "url": listener.url, "events": ["conversation.begun"], "is_active": "on"}
    page = client.post(url("-create"), typed).content.decode()
    saved = WebhookSubscription.objects.get()
    assert secret_of(saved) in page
    assert secret_of(saved) not in client.get(url("-edit", saved.pk)).content.decode()
    assert saved.events == ["conversation.begun"]
    assert not saved.has_texts


@pytest.mark.parametrize("address", ["http://crm.example/", "https://user:pw@crm.example/", "ftp://crm.example/", "crm"])
def test_new__address_that_cannot_be__is_refused(address: str, client_of: Callable[[str], Client]) -> None:
    typed = {"name": "CRM", "url": address, "events": ["conversation.begun"], "is_active": "on"}
    response = client_of("supervisor").post(url("-create"), typed)
    refused = response.status_code == 422
    assert refused or (address == "crm" and not WebhookSubscription.objects.exists())
    assert not WebhookSubscription.objects.exists()


def test_test_button__says_what_came_of_it(
    client_of: Callable[[str], Client], subscription: WebhookSubscription, listener: Exchange
) -> None:
    client = client_of("supervisor")
    said = client.post(url("-test", subscription.pk), follow=True).content.decode()
    assert "The test event was taken (status 200)." in said
    assert "<code>ping</code>" in said
    listener.status = 503
    said = client.post(url("-test", subscription.pk), follow=True).content.decode()
    assert "The test event was not taken: status 503." in said


def test_secret__shown_or_changed__is_in_the_trail(
    client_of: Callable[[str], Client], subscription: WebhookSubscription
) -> None:
    client, before = client_of("supervisor"), secret_of(subscription)
    assert before in client.post(url("-secret", subscription.pk), {"what": "show"}).content.decode()
    changed = client.post(url("-secret", subscription.pk), {"what": "new"}).content.decode()
    subscription.refresh_from_db()
    assert secret_of(subscription) in changed
    assert before not in changed
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {"webhook.secret_seen", "webhook.secret_changed"}


def test_list__says_what_is_told_and_whether_it_fails(
    client_of: Callable[[str], Client], subscription: WebhookSubscription
) -> None:
    WebhookSubscription.objects.update(failures=2, has_texts=True)
    page = client_of("supervisor").get(url("s")).content.decode()
    for words in ("CRM", "fails now", "with texts", "A survey was answered"):
        assert words in page


def test_saved_again__failures_are_forgotten(client_of: Callable[[str], Client], subscription: WebhookSubscription) -> None:
    WebhookSubscription.objects.update(failures=9)
    typed = {"name": "CRM", "url": subscription.url, "events": ["call.asked"], "is_active": "on"}
    client_of("supervisor").post(url("-edit", subscription.pk), typed)
    assert WebhookSubscription.objects.get().failures == 0
