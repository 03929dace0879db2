"""Does the page show what nothing answered, alike together, and shoppers' words only to who may read them?"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.answering.models import AutoAnswer
from oscar_engage.desk.open import open_conversation
from oscar_engage.helpcenter.unanswered import read_unanswered
from oscar_engage.signals.models import SignalRecord
from tests.helpcenter.test_editor import address

pytestmark = pytest.mark.django_db


def ask(body: str, outcome: str = "none", minutes: int = 1) -> None:
    at = timezone.now() - timedelta(minutes=minutes)
    note = open_conversation("note", visitor_id=uuid.uuid4(), body=body, language="en", now=at)
    AutoAnswer.objects.create(conversation=note, outcome=outcome, offered_at=at)


def search(query: str, results: int = 0, kind: str = "help.searched") -> None:
    now = timezone.now()
    SignalRecord.objects.create(
        event_id=uuid.uuid4(),
        visitor_id=uuid.uuid4(),
        kind=kind,
        source="server",
        payload={"query": query, "results": results},
        at=now,
        received_at=now,
    )


def read(*, with_texts: bool = True) -> Any:
    now = timezone.now()
    return read_unanswered(since=now - timedelta(days=7), until=now + timedelta(minutes=1), with_texts=with_texts)


def test_questions__alike__stand_together_with_the_latest_words() -> None:
    ask("Do you engrave knives?", minutes=9)
    ask("Can knives be engraved?", outcome="refused")
    ask("Is there gift wrap?")
    ask("Where is my size?", outcome="helped")
    ask("In which colours?", outcome="shown")

    found = read()

    assert (found.asked, found.refused) == (3, 1)
    assert [(group.text, group.count, group.refused) for group in found.questions] == [
        ("Can knives be engraved?", 2, 1),
        ("Is there gift wrap?", 1, 0),
    ]


def test_searches__without_an_article_opened__count_once() -> None:
    search("gift card")
    search("gift card", kind="help.no_click")
    search("gift cards", results=4, kind="help.no_click")
    search("returns", results=3)

    found = read()

    assert found.searched == 2
    assert [(group.text, group.count) for group in found.searches] == [("gift cards", 2)]


def test_read__without_texts__has_none() -> None:
    ask("Do you engrave knives?")
    search("gift card")
    found = read(with_texts=False)
    assert (found.asked, found.searched, found.questions, found.searches) == (1, 1, (), ())


@pytest.mark.parametrize("number", [1, 3])
def test_read__any_number__takes_two_queries(number: int, django_assert_num_queries: Callable[[int], Any]) -> None:
    for one in range(number):
        ask(f"word{one * 'x'} other{one * 'y'}")
        search(f"thing{one * 'z'}")
    with django_assert_num_queries(2):
        assert len(read().questions) == number


@pytest.mark.attack("B01")
def test_page__for_who_may_not_read_conversations__has_counts_only(client_of: Callable[[str], Client]) -> None:
    ask("Do you engrave <b>knives</b>?")
    writer, url = client_of("writer"), address("unanswered")

    hidden = writer.get(url).content.decode()
    get_user_model().objects.get(username="writer").groups.add(Group.objects.get(name="Engage agents"))
    shown = writer.get(url).content.decode()

    assert "1 question had" in hidden
    assert "engrave" not in hidden
    assert "Do you engrave &lt;b&gt;knives" in shown
    assert AuditEntry.objects.filter(action="conversations.unanswered_read").count() == 1
    assert "/articles/from/" in shown


def test_page__with_nothing__says_so(client_of: Callable[[str], Client]) -> None:
    page = client_of("superuser").get(address("unanswered"), {"days": "nonsense"}).content.decode()
    assert "Nobody asked in vain" in page
