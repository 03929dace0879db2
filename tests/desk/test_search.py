"""Is it found where it was said, and only what somebody may see?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Permission

from oscar_engage.desk.access import visible_to
from oscar_engage.desk.carry.load import KeptFile, Load
from oscar_engage.desk.models import Conversation, ConversationKind, Role
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import post_message
from oscar_engage.desk.search import Sought, search
from oscar_engage.desk.topics.models import Topic
from oscar_engage.visitors.models import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def sought(now: datetime) -> Callable[..., Sought]:
    def build(text: str = "", **more: object) -> Sought:
        return Sought(**{"text": text, "since": now, "until": now + timedelta(days=1), **more})  # type: ignore[arg-type]  # by the tests

    return build


@pytest.fixture
def asked(make_visitor: Callable[[], Visitor], now: datetime) -> Conversation:
    made = open_conversation(
        ConversationKind.NOTE,
        visitor_id=make_visitor().pk,
        body="Do you ship the Großes Zelt to Malta's harbour?",
        name="Ada Lovelace",
        email="ada@example.com",
        now=now,
    )
    Conversation.objects.filter(pk=made.pk).update(topic=Topic.objects.create(slug="delivery", name="Delivery abroad"))
    return made


def found(sought: Sought) -> list[Conversation]:
    return list(search(sought, Conversation.objects.all()))


@pytest.mark.parametrize(
    "text", ["Lovelace", "ada@EXAMPLE.com", "abroad", "malta", "ship harbour", "Großes Zelt", "harbour ship", ""]
)
def test_search__name_address_topic_words__find_it(
    text: str, asked: Conversation, note: Conversation, sought: Callable[..., Sought]
) -> None:
    assert asked in found(sought(text))
    assert text in {"malta", "ada@EXAMPLE.com", ""} or note not in found(sought(text))


def test_search__reference__finds_one_and_shows_what_was_said(
    asked: Conversation, note: Conversation, sought: Callable[..., Sought]
) -> None:
    assert found(sought(asked.reference.lower())) == [asked]
    (one,) = search(sought("harbour"), Conversation.objects.all())
    assert one.words.startswith("Do you ship")


@pytest.mark.parametrize("text", ["Sydney", "ship Sydney", "%", "' OR 1=1 --", "(&|!", "\\"])
def test_search__what_was_not_said__finds_nothing(text: str, asked: Conversation, sought: Callable[..., Sought]) -> None:
    assert found(sought(text)) == []


def test_search__last_message_is_a_file_alone__last_words_are_shown(
    asked: Conversation, sought: Callable[..., Sought], now: datetime
) -> None:
    load = Load(files=(KeptFile(name="Tent.pdf", kind="pdf", size=8, path="oscar_engage/2026-05/x"),))
    post_message(asked, role=Role.SHOPPER, body="", client_id=uuid.uuid4(), now=now, load=load)

    assert [one.words for one in search(sought(), Conversation.objects.all())] == [
        "Do you ship the Großes Zelt to Malta's harbour?"
    ]


def test_search__topic_and_dates__narrow_it(
    asked: Conversation, note: Conversation, now: datetime, sought: Callable[..., Sought]
) -> None:
    assert found(sought(topic=Topic.objects.get())) == [asked]
    assert found(sought(since=now + timedelta(seconds=1))) == []
    assert found(sought(until=now)) == []


@pytest.mark.attack("B03")
def test_search__whoever_may_see_none__finds_none(asked: Conversation, sought: Callable[..., Sought]) -> None:
    user = get_user_model().objects.create_user(username="clerk", email="clerk@shop.example", is_staff=True)
    for nobody in (user, AnonymousUser()):
        assert list(search(sought("malta"), visible_to(nobody))) == []
    user.user_permissions.add(Permission.objects.get(codename="view_conversation"))
    assert list(search(sought("malta"), visible_to(get_user_model().objects.get(pk=user.pk)))) == [asked]
