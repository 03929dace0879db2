"""Has the storefront a dead end when a module is off? Every address, and what the pages name, for each combination."""

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client, override_settings
from django.urls import get_resolver, reverse

from oscar_engage.core.modules import owners
from oscar_engage.desk.models import Conversation
from oscar_engage.modules import file_name, is_there
from oscar_engage.storefront.inventory import list_scripts, list_stored
from tests.dashboard.off import COMBINATIONS, dead_ends
from tests.storefront.beats import body, send, shopper, signal
from tests.storefront.shopping import ask, text_of

pytestmark = pytest.mark.django_db

ALWAYS = {
    *("beat", "help", "own-voucher", "basket", "basket-restore", "left-basket", "kept"),
    *("mails", "mails-confirm", "unsubscribe"),
}
"""The addresses that no module owns; a new one is one of these, or stands in ``core.modules``."""

NAMES = [pattern.name for pattern in get_resolver("oscar_engage.storefront.urls").url_patterns]


def without(combination: str) -> Any:
    return override_settings(OSCAR_ENGAGE={**django_settings.OSCAR_ENGAGE, "MODULES_OFF": COMBINATIONS[combination]})


def test_addresses__each__belongs_to_a_module_or_is_always_there() -> None:
    assert {name for name in NAMES if not owners("addresses", name)} == ALWAYS


@pytest.mark.parametrize("combination", COMBINATIONS)
def test_address__module_off__answers_not_found(combination: str, client: Client) -> None:
    some_id = "00000000-0000-0000-0000-000000000000"
    with without(combination):
        for pattern in get_resolver("oscar_engage.storefront.urls").url_patterns:
            if is_there("addresses", pattern.name):
                continue
            given = {name: some_id if name == "decision_id" else "en" for name in pattern.pattern.converters}
            url = reverse(f"engage:{pattern.name}", kwargs=given)
            assert [client.get(url).status_code, client.post(url).status_code] == [404, 404], pattern.name


@pytest.mark.parametrize("combination", COMBINATIONS)
def test_pages__module_off__lead_nowhere_that_is_off(combination: str, client: Client, product: Any) -> None:
    chat, note = ask(client, "chat"), ask(client, "note")
    with without(combination):
        pages = ["/", product.get_absolute_url(), reverse("basket:summary"), reverse("customer:login")]
        pages += [
            f"/engage/{rest}" for rest in ("help/", "note/new/", "chat/new/", "call/new/", "questions/", "live/code/", "mails/")
        ]
        pages += [f"/engage/chat/{chat.public_id}/", f"/engage/note/{note.public_id}/", "/engage/call/cancel/?token=x"]
        for page in pages:
            response = client.get(page)
            assert response.status_code in {200, 302, 404, 410}, page
            assert not list(dead_ends(response.content.decode())), page
            for path in (
                "chat.js",
                "note.js",
                "offer.js",
                "survey.js",
                "segment.js",
                "field_help.js",
                "suggest.js",
                "share.js",
            ):
                assert is_there("scripts", path) or f"/{path}" not in response.content.decode(), (page, path)


@pytest.mark.parametrize("combination", COMBINATIONS)
def test_help__without_a_desk__is_there_only_if_it_has_something(combination: str, client: Client, product: Any) -> None:
    with without(combination):
        has_desk = "desk" not in COMBINATIONS[combination]
        assert client.get("/engage/help/").status_code == (200 if has_desk else 404)
        assert ('id="engage-help"' in client.get(product.get_absolute_url()).content.decode()) is has_desk


def test_help__chat_off__offers_notes_and_no_chat(client: Client) -> None:
    with without("no chat"):
        said = client.get("/engage/help/").content.decode()
    assert "Leave a note" in said
    panel = said.partition("data-engage-help")[2].partition("</section>")[0]
    assert "You will find our answer here by" in panel
    assert "chat" not in panel.lower()


def test_chat__begun_before_chats_were_switched_off__can_be_read_and_written_in(client: Client) -> None:
    chat = ask(client, "chat")
    with without("no chat"):
        page = client.get(f"/engage/chat/{chat.public_id}/")
        assert "data-engage-chat" not in text_of(page)
        client.post(f"/engage/chat/{chat.public_id}/messages/", {"body": "Still there?"})
        assert client.get(f"/engage/chat/{chat.public_id}/events/?after=0").status_code == 404
    assert Conversation.objects.get(pk=chat.pk).messages.filter(body="Still there?").exists()


def test_beat__chat_off__does_not_open_the_chat_again() -> None:
    browser = shopper()
    chat = ask(browser, "chat")
    assert chat.public_id in send(browser, body(signal())).content.decode()
    with without("no chat"):
        assert chat.public_id not in send(browser, body(signal())).content.decode()


@pytest.mark.parametrize("combination", ["no desk", "rules and balloons only", "nothing"])
def test_beat__much_is_off__is_taken(combination: str) -> None:
    with without(combination):
        assert send(shopper(), body(signal())).status_code in {200, 204}


@pytest.mark.parametrize("combination", COMBINATIONS)
def test_inventory__module_off__lists_none_of_its_files_and_entries(combination: str) -> None:
    with without(combination):
        assert all(is_there("scripts", file_name(script.path)) for script in list_scripts())
        kept = {stored.name for stored in list_stored()}
        assert ("engage-live" in kept) is ("shared_page" not in COMBINATIONS[combination])
        assert ("engage-chat-min" in kept) is ("chat" not in COMBINATIONS[combination])
