"""From a beat to an invitation that holds a place, and back: heard, accepted, answered, left, withdrawn, ignored."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from oscar_engage.decisions.line.store import FIRST_RETRY
from oscar_engage.desk.dialer.models import Hold
from oscar_engage.desk.models import Agent
from oscar_engage.desk.presence import set_presence
from oscar_engage.models import Conversation, Decision, Engagement, PlaceInLine, Rule
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.storefront.beat import HEARD_EVERY
from oscar_engage.visitors.page import PageFacts
from tests.storefront.beats import body, known_shopper, send, signal

pytestmark = pytest.mark.django_db

CHECKOUT = PageFacts(kind="checkout", step="shipping-address", language="en")


@pytest.fixture(autouse=True)
def _everybody_is_treated(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.consent.consent_from_cookie", "SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0}


@pytest.fixture(autouse=True)
def _rule(db: None) -> None:
    """Have a rule live that invites in the checkout, or offers a note."""
    Engagement.objects.create(slug="chat", widget="invitation", title="May we help?")
    Engagement.objects.create(slug="note", widget="note", title="Leave us a note")
    options = {"engagement": "chat", "fallback": "note"}
    when = {"combinator": "and", "rules": [{"field": "page.kind", "operator": "=", "value": "checkout"}]}
    document = {"schema": 1, "branches": [{"when": when, "then": [{"do": "invite.chat", "with": options}]}]}
    known: dict[str, Any] = {"user": None, "now": timezone.now(), "engagements": {"chat": "invitation", "note": "note"}}
    rule = Rule.objects.create(name="Help", holdout_share=0)
    save_draft(rule, document, **known)
    publish(rule, **known)


@pytest.fixture
def agent(db: None) -> Agent:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    agent = Agent.objects.create(user=user, display_name="Mia", capacity=1)
    return set_presence(agent, "online", now=timezone.now())


def used(agent: Agent) -> int:
    return Agent.objects.get(pk=agent.pk).used_tenths


def invite(client: Client) -> str:
    """Go to the checkout, be invited there, and return the id of the decision."""
    response = send(client, body(signal(), page=CHECKOUT))
    html = response.content.decode()
    found = re.search(r'data-engage-widget="invitation" data-engage-decision="([^"]+)" data-engage-closes="60"', html)
    assert found is not None, html
    assert float(response["Engage-Wake"]) <= HEARD_EVERY
    return found[1]


def test_beat__agent_free__invitation_holds_the_slot_and_is_heard_every_ten_seconds(agent: Agent) -> None:
    client = known_shopper()
    decision = invite(client)
    assert (used(agent), str(Hold.objects.get().decision_id)) == (10, decision)

    Hold.objects.update(lease_until=timezone.now() + timedelta(seconds=1))
    response = send(client, body(page=CHECKOUT, showing=[decision]))

    assert float(response["Engage-Wake"]) <= HEARD_EVERY
    assert Hold.objects.get().lease_until > timezone.now() + timedelta(seconds=25)


def test_beat__slot_is_kept_for_another__note_instead(agent: Agent) -> None:
    invite(known_shopper())
    other = known_shopper()
    html = send(other, body(signal(), page=CHECKOUT)).content.decode()
    assert 'data-engage-widget="note"' in html
    assert sorted(Decision.objects.values_list("reason", "action")) == [
        ("no_agent", "invite.chat"),
        ("offered", "invite.chat"),
        ("offered", "offer.note"),
    ]


@pytest.mark.parametrize(
    ("kind", "ending", "field"),
    [("widget.dismissed", "declined", "dismissed_at"), ("widget.ignored", "ignored", "ignored_at")],
)
def test_beat__declined_or_let_pass__slot_back(kind: str, ending: str, field: str, agent: Agent) -> None:
    client = known_shopper()
    decision = invite(client)
    send(client, body(signal(kind, data={"decision": decision}), page=CHECKOUT))
    assert (used(agent), Hold.objects.get().ended_as) == (0, ending)
    assert getattr(Decision.objects.get(pk=decision), field) is not None


def test_beat__last_beacon_of_the_page__slot_back_at_once_but_not_when_the_tab_is_hidden(agent: Agent) -> None:
    client = known_shopper()
    decision = invite(client)
    send(client, body(signal("page.hidden"), page=CHECKOUT, showing=[decision], fetch=False))
    assert used(agent) == 10
    left = signal("page.left", data={"visible": 5, "idle": 0})
    send(client, body(left, page=CHECKOUT, showing=[decision], fetch=False))
    assert (used(agent), Hold.objects.get().ended_as) == (0, "left")


def test_beat__page_left_while_waiting__place_in_line_counts_no_more(agent: Agent) -> None:
    Engagement.objects.filter(slug="note").update(is_active=False)
    invite(known_shopper())
    client = known_shopper()
    assert float(send(client, body(signal(), page=CHECKOUT))["Engage-Wake"]) <= FIRST_RETRY
    place = PlaceInLine.objects.get()
    assert place.heard_until > timezone.now() + timedelta(seconds=FIRST_RETRY)
    send(client, body(signal("page.hidden"), page=CHECKOUT, fetch=False))
    assert PlaceInLine.objects.get().heard_until == place.heard_until
    left = signal("page.left", data={"visible": 5, "idle": 0})
    send(client, body(left, page=CHECKOUT, fetch=False))
    assert PlaceInLine.objects.get().heard_until < timezone.now()
    send(client, body(signal(), page=CHECKOUT))
    again = PlaceInLine.objects.get()
    assert (again.since, again.heard_until > timezone.now()) == (place.since, True)


def test_beat__agent_gone__invitation_is_taken_away(agent: Agent) -> None:
    client = known_shopper()
    decision = invite(client)
    set_presence(agent, "offline", now=timezone.now())
    html = send(client, body(page=CHECKOUT, showing=[decision])).content.decode()
    assert html.strip() == f'<div data-engage-widget="withdrawn" data-engage-decision="{decision}"></div>'


def test_chat__accepted__form_says_somebody_is_here_and_the_agent_has_the_chat(agent: Agent) -> None:
    client = known_shopper()
    decision = invite(client)
    send(client, body(signal("widget.accepted", data={"decision": decision}), page=CHECKOUT))
    assert "Somebody is here to chat with you now." in client.get(f"/engage/chat/new/?decision={decision}").content.decode()
    assert "Nobody is free" in known_shopper().get(f"/engage/chat/new/?decision={decision}").content.decode()

    asked = {"message": "Which size?", "client_id": uuid.uuid4(), "decision": decision}
    client.post("/engage/chat/", asked)

    chat = Conversation.objects.get()
    assert (chat.agent, chat.status, used(agent)) == (agent, "open", 10)
    assert (Hold.objects.get().ended_as, str(chat.decision_id)) == ("opened", decision)


def test_beat__something_else_shows__one_query_more_and_no_write(
    agent: Agent, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = known_shopper()
    send(client, body(signal(), page=PageFacts(kind="home")))
    with django_assert_max_num_queries(40) as bare:
        send(client, body(page=PageFacts(kind="home")))
    with django_assert_max_num_queries(len(bare) + 1):
        send(client, body(page=PageFacts(kind="home"), showing=[str(uuid.uuid4())]))
