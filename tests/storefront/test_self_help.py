"""What our own pages, and those the shop names, tell of self-help."""

from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from oscar_engage.models import SignalRecord
from oscar_engage.signals.buffer import Entry
from oscar_engage.signals.shipped_help import HelpSearched
from oscar_engage.storefront.check import check_entry
from oscar_engage.storefront.pages import get_page_facts
from oscar_engage.testing.answers import answers_at_once
from oscar_engage.visitors.page import PageFacts
from tests.answers.library import passages
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.shopping import ask
from tests.visitors.test_state import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client() -> Client:
    return known_shopper()


def told() -> list[tuple[str, dict[str, Any]]]:
    records = SignalRecord.objects.filter(kind__regex="^(self)?help").order_by("pk")
    return list(records.values_list("kind", "payload"))


def test_question__asked_at_once__bypasses_the_help(client: Client) -> None:
    client.get("/engage/help/")
    client.get("/engage/note/new/")

    assert told() == [
        ("help.opened", {"language": "en"}),
        ("help.contact_opened", {"form": "note"}),
        ("help.bypassed", {"form": "note"}),
    ]


def test_chat__begun_by_the_shopper__is_a_question(client: Client) -> None:
    client.get("/engage/chat/new/")

    assert ("help.contact_opened", {"form": "chat"}) in told()


def test_chat__that_an_offer_of_ours_led_to__bypasses_nothing(client: Client) -> None:
    client.get("/engage/chat/new/?decision=0d2ff3a5-4b9b-4c49-9ad0-7a8f4e1b6f3e")

    assert told() == []


def test_head__of_our_pages__is_no_look(client: Client) -> None:
    client.head("/engage/help/")
    client.head("/engage/note/new/")

    assert told() == []


@pytest.mark.parametrize(
    ("views", "kind"),
    [([], "search"), (["search:search"], "help"), (["search"], "help"), (["faq"], "search")],
)
def test_page__that_the_shop_calls_help__is_one(settings: Any, views: list[str], kind: str) -> None:
    settings.OSCAR_ENGAGE = {"HELP_VIEWS": views}

    assert get_page_facts(resolve("/search/")).kind == kind


@pytest.mark.parametrize(("views", "is_help"), [([], False), (["search:search"], True)])
def test_search_of_the_shop__counts_as_help__only_if_the_shop_says_so(
    client: Client, settings: Any, views: list[str], is_help: bool
) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "HELP_VIEWS": views}
    client.get("/search/?q=boots")
    page = get_page_facts(resolve("/search/"))
    send(client, body(signal(), page=page))
    send(client, body(signal(), page=PageFacts(kind="home")))

    expected = [("help.searched", {"query": "boots"}), ("help.no_click", {"query": "boots"})]
    assert told() == (expected if is_help else [])


def test_query__too_long_or_secret__is_cut_and_masked() -> None:
    entry = Entry("help.searched", {"query": "4111 1111 1111 1111 " + "x" * 300}, NOW, kept=True)
    checked = check_entry(entry)

    assert checked is not None
    assert isinstance(checked.payload, HelpSearched)
    assert len(checked.payload.query) == 200
    assert "1111" not in checked.payload.query


def test_note__answered_at_once__is_told_when_it_is_sent_and_never_again(client: Client) -> None:
    with answers_at_once(*passages("en")):
        note = ask(client, question="I have forgotten my password")
        for _twice in range(2):
            client.get(f"/engage/note/{note.public_id}/")

    found = SignalRecord.objects.filter(kind="answers.found").values_list("payload", flat=True)
    assert [one["article"] for one in found] == ["password"]
