"""Does a chat's page say where its stream is, and only where there is one?"""

from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, override_settings
from django.utils import timezone

from oscar_engage.desk.take import close
from tests.storefront.shopping import FRAGMENT, ask, text_of

pytestmark = pytest.mark.django_db
CONSENT = {"CONSENT": "tests.consent.consent_from_cookie"}
PUSH = override_settings(OSCAR_ENGAGE={**CONSENT, "PUSH": {"URL": "/engage-push/", "WAKE": "database"}})


def show(client: Client, kind: str, public_id: str) -> str:
    return text_of(client.get(f"/engage/{kind}/{public_id}/", headers=FRAGMENT))


def test_chat__shop_that_pushes__says_where_its_stream_is(client: Client) -> None:
    chat = ask(client, "chat")
    with PUSH:
        html = show(client, "chat", chat.public_id)
    assert 'data-engage-push="/engage-push/"' in html
    assert f'data-engage-push-id="{chat.public_id}"' in html
    assert 'data-engage-push-script="/static/oscar_engage/dist/push.js"' in html


def test_chat__shop_without_push_or_closed__no_word_of_it(client: Client) -> None:
    chat = ask(client, "chat")
    assert "data-engage-push" not in show(client, "chat", chat.public_id)
    close(chat, now=timezone.now())
    with PUSH:
        assert "data-engage-push" not in show(client, "chat", chat.public_id)


def test_template_of_the_shops_own__with_the_documented_tags__is_woken(client: Client) -> None:
    chat, words = ask(client, "chat"), "{% load engage_push %}<div{% engage_push conversation %}></div>{% engage_desk_push %}"
    with PUSH:
        html = Template(words).render(Context({"conversation": chat}))
    assert html.startswith(f'<div data-engage-push="/engage-push/" data-engage-push-id="{chat.public_id}"')
    assert html.endswith('desk_push.js" data-engage-push="/engage-push/" defer></script>')


@pytest.mark.parametrize("is_pushed", [True, False])
def test_desk__script_of_push__only_where_the_shop_pushes(admin_client: Client, client: Client, is_pushed: bool) -> None:
    chat = ask(client, "chat")
    settings: Any = PUSH if is_pushed else override_settings(OSCAR_ENGAGE=CONSENT)
    with settings:
        for path in ("/dashboard/engage/desk/", f"/dashboard/engage/desk/{chat.public_id}/"):
            html = text_of(admin_client.get(path))
            assert ('desk_push.js" data-engage-push="/engage-push/"' in html) is is_pushed
            assert "engage:wake" in html
