"""Is a survey asked at the right moment, once, and never beside anything else?"""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from oscar_engage.desk.models import Agent, ConversationKind
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import post_message
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.ratings.give import rate
from oscar_engage.desk.take import close, take
from oscar_engage.models import Decision, Survey, Visitor
from oscar_engage.surveys.wait import may_ask
from tests.storefront.beats import body, known_shopper, send
from tests.surveys.conftest import CHECKOUT, ask_when_idle, asked, idle, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(db: None) -> Agent:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    return set_presence(Agent.objects.create(user=user, display_name="Mia"), "online", now=timezone.now())


def reasons() -> list[str]:
    return list(Decision.objects.order_by("eligible_at").values_list("reason", flat=True))


def test_survey__moment_of_its_rule__stands_with_its_answers_as_buttons(shopper: Client) -> None:
    html = idle(shopper)

    assert 'data-engage-widget="survey"' in html
    assert "What stopped you?" in html
    for answer in ('value="price">Too expensive<', 'value="later">I buy later<', 'value="other">'):
        assert answer in html
    assert 'role="dialog"' in html


def test_survey__asked__leads_to_why_it_was(shopper: Client) -> None:
    html = idle(shopper)

    address = f"/engage/why/{Decision.objects.get().pk}/"
    assert f'href="{address}" target="_blank" rel="noopener"' in html
    assert "what was in your basket" not in (page := shopper.get(address).content.decode())
    assert "We showed you this because of the page you were on." in page


def test_survey__question_of_a_merchandiser_with_markup__is_escaped(db: None) -> None:
    words = {"en": {"question": "<script>1</script>", "choices": [["a", "<b>"], ["b", "x"]]}}
    ask_when_idle(make_survey(words=words).engagement.slug)

    html = idle(known_shopper())

    assert "<script>" not in html
    assert "&lt;b&gt;" in html


def test_survey__another_one_within_the_pause__is_not_asked(shopper: Client) -> None:
    asked(shopper)
    second = make_survey("second")
    ask_when_idle(second.engagement.slug, after=50)

    assert "second" not in send(shopper, body(page=CHECKOUT, idle=60_000)).content.decode()
    assert reasons() == ["offered", "asked"]


def test_survey__pause_is_over__the_same_waits_on_and_another_is_asked(shopper: Client) -> None:
    asked(shopper)
    make_survey("second")
    later, visitor = timezone.now() + timedelta(days=31), Visitor.objects.get()

    assert not may_ask(visitor, "stopped", now=later)
    assert may_ask(visitor, "second", now=later)
    assert may_ask(visitor, "stopped", now=later + timedelta(days=150))


def test_survey__on_another_device_of_the_customer__counts_as_asked(shopper: Client) -> None:
    asked(shopper)
    first, now = Visitor.objects.get(), timezone.now()
    phone = Visitor.objects.create(consent=3, unit_of=first.pk, created_at=now, last_seen_at=now)

    assert not may_ask(phone, "stopped", now=now)


def test_survey__held_out__counts_as_asked(survey: Survey) -> None:
    Decision.objects.all().delete()
    client = known_shopper()
    idle(client)
    Decision.objects.update(arm="control", offered_at=None)

    assert not may_ask(Visitor.objects.latest("created_at"), "stopped", now=timezone.now())


def test_survey__chat_goes_on__is_not_asked(shopper: Client, agent: Agent) -> None:
    visitor, now = Visitor.objects.get(), timezone.now()
    chat = open_conversation(ConversationKind.CHAT, visitor_id=visitor.pk, body="Hello?", now=now)

    assert not may_ask(visitor, "stopped", now=now)

    close(chat, agent, now=now)
    assert may_ask(visitor, "stopped", now=now)


def test_survey__chat_is_to_be_rated__waits_for_the_rating(shopper: Client, agent: Agent) -> None:
    visitor, now = Visitor.objects.get(), timezone.now()
    chat = open_conversation(ConversationKind.CHAT, visitor_id=visitor.pk, body="Hello?", now=now)
    take(chat, agent, now=now)
    post_message(chat, role="agent", agent=agent, body="Yes", client_id=uuid.uuid4(), now=now)
    close(chat, agent, now=now)

    assert not may_ask(visitor, "stopped", now=now)
    assert may_ask(visitor, "stopped", now=now + timedelta(days=2))

    chat.refresh_from_db()
    rate(chat, score=5, now=now)
    assert may_ask(visitor, "stopped", now=now)


def test_survey__panel_stands_open__waits(shopper: Client) -> None:
    idle(shopper, seconds=1)

    html = send(shopper, body(page=CHECKOUT, idle=46_000, showing=["panel"])).content.decode()

    assert "survey" not in html
    assert reasons() == ["busy_surface"]


def test_survey__dismissed__is_remembered_as_every_no(shopper: Client) -> None:
    address = asked(shopper)
    decision = address.rstrip("/").rpartition("/")[2]
    told = {"id": str(uuid.uuid4()), "kind": "widget.dismissed", "at": 0, "data": {"decision": decision}}
    send(shopper, body(told, page=CHECKOUT))

    assert Decision.objects.get(pk=decision).dismissed_at is not None


def test_survey__nobody_wrote_it_yet__asks_its_title_in_own_words(db: None) -> None:
    survey = make_survey()
    survey.delete()
    ask_when_idle("stopped")

    html = idle(known_shopper())

    assert "What stopped you?" in html
    assert "data-engage-text" in html


def test_survey__german_page__speaks_german_where_there_are_words(survey: Survey, settings: Any) -> None:
    client = known_shopper()
    client.cookies["django_language"] = "de"

    html = idle(client)

    assert "Was hat Sie abgehalten?" in html
    assert "Zu teuer" in html
    assert "I buy later" in html
