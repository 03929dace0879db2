"""Does the help page offer what can really be had now?"""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from oscar_engage.desk.models import Agent
from oscar_engage.desk.presence import set_presence
from tests.storefront.shopping import ask, text_of

pytestmark = pytest.mark.django_db


def test_help__no_agent__note_with_the_promised_time_and_no_chat(client: Client) -> None:
    html = text_of(client.get("/engage/help/"))

    assert "Nobody is free to chat right now" in html
    assert "/engage/note/new/" in html
    assert "/engage/chat/new/" not in html


def test_help__free_agent__chat_offered(client: Client) -> None:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    set_presence(Agent.objects.create(user=user, display_name="Mia"), "online", now=timezone.now())

    assert "/engage/chat/new/" in text_of(client.get("/engage/help/"))


def test_help__open_chat__leads_back_to_it(client: Client) -> None:
    chat = ask(client, "chat")

    assert f"/engage/chat/{chat.public_id}/" in text_of(client.get("/engage/help/"))


def test_help__fragment__panel_alone(client: Client) -> None:
    html = text_of(client.get("/engage/help/?fragment=1"))

    assert html.strip().startswith('<section class="engage-panel"')
    assert "<html" not in html


def test_help__from_a_page_of_the_shop__note_is_pinned_there(client: Client) -> None:
    html = text_of(client.get("/engage/help/", headers={"Referer": "http://testserver/basket/"}))

    assert "/engage/note/new/?page_path=/basket/" in html


def test_help__german_browser__in_its_language(client: Client) -> None:
    response = client.get("/engage/help/", headers={"Accept-Language": "de"})

    assert 'lang="de"' in text_of(response)
