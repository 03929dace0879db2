"""Does an agent's reply become an article without the person it was for, and does that article answer the next one?"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone

from oscar_engage.answers.facts import About
from oscar_engage.answers.shelf import BACKGROUND, forget_answers, warm
from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.answering.models import AnswerOutcome
from oscar_engage.desk.answering.offer import offer
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import post_message
from oscar_engage.desk.topics.models import Topic
from oscar_engage.helpcenter.begin import first_sentence
from oscar_engage.helpcenter.models import HelpArticle
from oscar_engage.helpcenter.source import HelpCentre
from oscar_engage.signals.models import SignalRecord
from tests.helpcenter.test_editor import address

pytestmark = pytest.mark.django_db
QUESTION = "Hello, do you waterproof leather boots? My order is 100042, anna@shopper.example, thanks"
REPLY = "Hi Anna! Yes: we waterproof leather boots with wax. For order 100042 write to anna@shopper.example. Mia"


def ask() -> Conversation:
    return open_conversation("note", visitor_id=uuid.uuid4(), body=QUESTION, language="en", now=timezone.now())


@pytest.fixture
def note() -> Conversation:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    mia = Agent.objects.create(user=user, display_name="Mia", presence="online")
    note = ask()
    post_message(note, role="agent", agent=mia, body=REPLY, client_id=uuid.uuid4(), now=timezone.now())
    topic = Topic.objects.create(slug="returns", name="Returns")
    Conversation.objects.filter(pk=note.pk).update(name="Anna Berg", topic=topic, anchor="size-table")
    return Conversation.objects.get(pk=note.pk)


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    """Return a merchandiser who may also read conversations."""
    client = client_of("merchandiser")
    get_user_model().objects.get(username="merchandiser").groups.add(Group.objects.get(name="Engage agents"))
    return client


def reply_seq(note: Conversation) -> int:
    return note.messages.filter(role="agent").get().seq


def test_reply__made_an_article__is_filled_without_the_person(
    client: Client, loaded: dict[str, HelpArticle], note: Conversation
) -> None:
    before = HelpArticle.objects.count()

    response = client.get(address("article-from-reply", note.public_id, reply_seq(note)))
    form = response.context["form"]
    page = response.content.decode()

    assert form["title"].value() == "do you waterproof leather boots?"
    assert form["slug"].value() == "do-you-waterproof-leather-boots"
    assert form["asked"].value() == "do you waterproof leather boots?"
    assert form["anchors"].value() == "size-table"
    assert form["topic"].value() == loaded["en/return-an-item"].topic_id
    assert "we waterproof leather boots with wax" in form["body"].value()
    assert not any(word in page for word in ("Anna", "100042", "anna@shopper.example", "Mia"))
    assert HelpArticle.objects.count() == before
    assert AuditEntry.objects.filter(action="help_article.begun", object_id=str(note.pk)).exists()


@pytest.mark.parametrize("seq", [0, 1, 999, 10**25])
def test_reply__that_is_none_of_an_agents__is_not_found(client: Client, note: Conversation, seq: int) -> None:
    assert client.get(address("article-from-reply", note.public_id, seq)).status_code == 404


@pytest.mark.attack("B01")
def test_reply__for_who_may_not_read_conversations__is_not_found(
    client_of: Callable[[str], Client], note: Conversation
) -> None:
    writer = client_of("writer")
    for url in (
        address("article-from-reply", note.public_id, reply_seq(note)),
        address("article-from-question", note.public_id),
    ):
        assert writer.get(url).status_code == 404
        assert writer.post(url).status_code == 404


def test_button__at_a_reply__only_for_who_may_write_articles(
    client: Client, client_of: Callable[[str], Client], note: Conversation
) -> None:
    url, link = address("conversation", note.public_id), address("article-from-reply", note.public_id, reply_seq(note))

    assert client.get(url).content.decode().count(link) == 1
    assert link not in client_of("agent").get(url).content.decode()


def answered() -> Any:
    forget_answers()
    warm("en", now=timezone.now())
    BACKGROUND.end()
    return offer(ask(), About(language="en"), now=timezone.now())


def test_supervisor__of_the_suggested_group__makes_an_article_of_a_reply(
    client_of: Callable[[str], Client], note: Conversation
) -> None:
    supervisor, url = client_of("supervisor"), address("conversation", note.public_id)
    link = address("article-from-reply", note.public_id, reply_seq(note))

    assert link in supervisor.get(url).content.decode()
    assert supervisor.get(link).status_code == 200


def test_place__for_who_reads_questions_and_writes_articles__leads_from_one_to_the_other(
    client_of: Callable[[str], Client], note: Conversation
) -> None:
    merchandiser, url = client_of("merchandiser"), address("report-place", "size-table")
    link = address("article-from-question", note.public_id)
    assert link not in merchandiser.get(url).content.decode()
    user = get_user_model().objects.get(username="merchandiser")
    user.user_permissions.add(Permission.objects.get(codename="view_conversation"))

    page = merchandiser.get(url).content.decode()

    assert link in page
    assert address("conversation", note.public_id) not in page  # a page of the desk
    assert merchandiser.get(link).status_code == 200


def test_question__added_to_an_article__is_one_more_line_without_the_person(
    client: Client, loaded: dict[str, HelpArticle], note: Conversation
) -> None:
    article, url = loaded["en/return-an-item"], address("article-add-question", note.public_id)
    before = article.asked

    form = client.get(url, {"article": article.slug}).context["form"]

    assert form["asked"].value().splitlines() == [*before.splitlines(), "do you waterproof leather boots?"]
    assert HelpArticle.objects.get(pk=article.pk).asked == before
    names = ("title", "slug", "summary", "body", "asked", "anchors", "language", "revision", "topic")
    sent = {name: form[name].value() or "" for name in names} | {"do": "publish"}
    assert client.post(f"{url}?article={article.slug}", sent).status_code == 302
    assert "do you waterproof leather boots?" in HelpArticle.objects.get(pk=article.pk).asked
    again = client.get(url, {"article": article.slug}).context["form"]
    assert again["asked"].value().count("do you waterproof leather boots?") == 1


def test_question__added_to_nothing__is_not_found(client: Client, note: Conversation) -> None:
    assert client.get(address("article-add-question", note.public_id), {"article": "no-such"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "lead"),
    [
        ("Take size 43.  Measure in\nthe evening.", ""),
        ("Take the larger one.", "Take size 43."),
        ("Take size", "Take size 43."),
    ],
)
def test_summary__that_the_text_says_again__is_told_once(loaded: dict[str, HelpArticle], body: str, lead: str) -> None:
    article = loaded["en/return-an-item"]
    HelpArticle.objects.filter(pk=article.pk).update(summary="Take size 43.", body=body)
    article.refresh_from_db()

    first = next(one for one in HelpCentre().read("en") if one.article == article.slug)
    page = Client().get(article.get_absolute_url()).content.decode()

    assert article.lead == lead
    assert f"{first.text} ".count("Take size 43.") == 1
    assert page.partition('class="engage-article-text')[2].count("Take size 43.") == 1


def test_published__the_next_question_like_it__is_answered(
    client: Client, loaded: dict[str, HelpArticle], note: Conversation
) -> None:
    assert answered().outcome == AnswerOutcome.NONE
    url = address("article-from-reply", note.public_id, reply_seq(note))
    form = client.get(url).context["form"]
    names = ("title", "slug", "summary", "body", "anchors", "language")
    sent = {name: form[name].value() for name in names} | {"topic": form["topic"].value(), "do": "publish"}

    assert client.post(url, sent).status_code == 302

    found = answered()
    assert found.outcome == AnswerOutcome.SHOWN
    assert found.passages[0]["article"] == "do-you-waterproof-leather-boots"


def test_search__that_led_nowhere__is_the_title(client: Client, client_of: Callable[[str], Client]) -> None:
    signal = SignalRecord.objects.create(
        event_id=uuid.uuid4(),
        visitor_id=uuid.uuid4(),
        kind="help.searched",
        source="server",
        payload={"query": "gift wrap for a@b.example", "results": 0},
        at=timezone.now(),
        received_at=timezone.now(),
    )

    url = address("article-from-search", signal.event_id)

    assert client.get(url).context["form"]["title"].value() == "gift wrap for [e-mail]"
    assert client_of("writer").get(url).status_code == 404
    assert client.get(address("article-from-search", uuid.uuid4())).status_code == 404


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Guten Tag, wie messe ich meinen Fuß? Danke", "wie messe ich meinen Fuß?"),
        ("Hello", "Hello"),
        ("", ""),
        ("one two three four", "one two…"),
    ],
)
def test_first_sentence__of_anything__has_no_greeting_and_fits(text: str, sentence: str) -> None:
    assert first_sentence(text, longest=25 if "?" in text else 10) == sentence
