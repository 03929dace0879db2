"""Is the page where agents work quick, live and complete, and do its short cuts open nothing?"""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.test.factories import BasketFactory, create_order, create_product

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.models import Agent, Conversation, Look, Message
from oscar_engage.desk.post import post_message
from oscar_engage.desk.take import close
from oscar_engage.desk.topics.models import Topic
from oscar_engage.desk.writing import note_shopper_writing
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visit, Visitor
from tests.dashboard.conftest import NOW, make_conversation

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MOST_QUERIES = 25


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    client = client_of("agent")
    client.post(url("presence"), {"presence": "online"})
    return client


@pytest.fixture
def topic(db: None) -> Topic:
    return Topic.objects.create(slug="delivery", name="Delivery")


@pytest.fixture
def colleague(client_of: Callable[[str], Client]) -> Client:
    """Another agent, who is online, too."""
    colleague = client_of("supervisor")
    colleague.post(url("presence"), {"presence": "online"})
    return colleague


def url(name: str, *args: str) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


def taken(client: Client, visit: Visit, kind: str = "chat") -> Conversation:
    made = make_conversation(visit, kind)
    client.post(url("conversation-take", made.public_id))
    made.refresh_from_db()
    return made


def text(response: Any) -> str:
    return str(response.content.decode())


def sent_by(page: str) -> dict[str, Any]:
    """Return what the rendered page's poll sends, and its pass."""
    have = re.search(r'name="have" value="([^"]+)"', page)
    passed = re.search(r'"Engage-Pass": "([^"]+)"', page)
    assert have
    assert passed
    return {
        "data": {
            "have": have[1],
            "focus": (re.search(r'name="focus" value="([^"]*)"', page) or [""] * 2)[1],
            "open": shown_in(page),
        },
        "headers": {"Engage-Pass": passed[1], **HTMX},
    }


def shown_in(page: str) -> list[str]:
    return re.findall(r'name="open" value="([^"]+)"', page)


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_desk__two_hundred_open_conversations__takes_at_most_25_queries(
    role: str, client_of: Callable[[str], Client], visit: Visit
) -> None:
    client = client_of(role)
    client.post(url("presence"), {"presence": "online"})
    for _number in range(3):
        taken(client, visit)
    Conversation.objects.bulk_create(
        Conversation(
            kind="chat" if number % 2 else "note",
            visitor_id=visit.visitor_id,
            created_at=NOW,
            due_at=NOW,
            reference=f"N{number}",
            public_id=f"n{number}",
            last_seq=1,
            escalated_at=NOW if number % 9 == 0 else None,
        )
        for number in range(197)
    )
    Agent.objects.update(active_at=None)
    with CaptureQueriesContext(connection) as queries:
        page = text(client.get(url("desk")))
    assert page.count("data-engage-card=") == 3
    assert page.count("data-engage-open=") >= 200
    assert len(queries) <= MOST_QUERIES, [query["sql"][:160] for query in queries]


def test_desk__own_conversations__stand_side_by_side_with_forms_of_their_own(client: Client, visit: Visit) -> None:
    own = [taken(client, visit) for _number in range(3)]
    page = text(client.get(url("desk")))
    assert {one.partition(":")[0] for one in shown_in(page)} == {one.public_id for one in own}
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert AuditEntry.objects.filter(action="conversation.viewed").count() == 3
    assert Look.objects.count() == 3


def test_desk__opened_by_address__shows_what_may_be_seen_and_three_at_most(client: Client, visit: Visit) -> None:
    notes = [make_conversation(visit) for _number in range(4)]
    asked = [notes[1].public_id, "absent", notes[0].public_id, notes[2].public_id, notes[3].public_id]
    page = text(client.get(url("desk"), {"open": asked, "focus": notes[0].public_id}))
    assert [one.partition(":")[0] for one in shown_in(page)] == [notes[1].public_id, notes[0].public_id]
    assert f'hx-get="{url("context", notes[0].public_id)}"' in page


def test_queue__several_queues__stand_under_their_names_with_what_is_new(client: Client, visit: Visit) -> None:
    own = taken(client, visit)
    page = text(client.get(url("desk")))
    assert f"{own.reference}" in page
    assert re.search(r"engage-badge-unread\">1 new<", page)


# --- the poll


def test_news__nothing_new__is_204_before_any_middleware(client: Client, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oscar_engage.desk.changes.TICK", 10**10)  # no border of it falls into this test
    taken(client, visit)
    sent = sent_by(text(client.get(url("desk"))))
    client.get(url("desk-news"), **sent)  # this one marks as read what is in focus
    sent["data"]["have"] = sent_by_news(client, sent)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url("desk-news"), **sent)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert len(queries) == 3, queries.captured_queries  # is the user active, lists, cards


def test_news__note_and_whisper__are_heard_at_the_desk_and_by_whom_they_are_for(
    client: Client, colleague: Client, visit: Visit
) -> None:
    own = taken(client, visit)
    page = text(client.get(url("desk")))
    assert "engage-heard-note" not in page
    sent = sent_by(page)
    colleague.post(url("conversation-notes", own.public_id), {"note": "He has asked twice."})
    colleague.post(url("conversation-whisper", own.public_id), {"note": "Offer the grey ones."})

    news = text(client.get(url("desk-news"), **sent))
    assert "He has asked twice." in news
    assert "whispers:" in news
    assert "Offer the grey ones." in news
    sent["data"]["have"] = sent_by_news(client, sent)
    assert client.get(url("desk-news"), **sent).status_code == 204
    assert "Offer the grey ones." in text(client.get(url("desk")))

    answer = {"body": "We have grey ones.", "seen": own.last_seq, "client_id": str(uuid.uuid4())}
    assert client.post(url("conversation-reply", own.public_id), answer).status_code == 302
    after = text(client.get(url("desk")))
    assert "He has asked twice." in after
    assert 'class="engage-whisper"' not in after  # it stands in the transcript now, and no more beside it


def test_desk__whisper_to_a_colleague__is_not_heard_by_another_agent(
    client: Client, client_of: Callable[[str], Client], colleague: Client, visit: Visit
) -> None:
    own = taken(client, visit)
    colleague.post(url("conversation-whisper", own.public_id), {"note": "Offer the grey ones."})
    page = text(client_of("superuser").get(url("desk"), {"open": own.public_id}))
    assert 'class="engage-whisper"' not in page  # a supervisor reads it among the notes


def test_news__several_cards_with_notes__ask_no_more_than_one_does(client: Client, colleague: Client, visit: Visit) -> None:
    asked = []
    for _number in range(2):
        own = taken(client, visit)
        colleague.post(url("conversation-whisper", own.public_id), {"note": "Offer the grey ones."})
        client.get(url("desk"))
        with CaptureQueriesContext(connection) as queries:
            client.get(url("desk"))
        asked.append(len(queries))
    assert asked[0] == asked[1]


def sent_by_news(client: Client, sent: dict[str, Any]) -> str:
    """Return the mark that a page has after a poll that begins anew."""
    page = text(client.get(url("desk-news"), {**sent["data"], "have": ""}, headers=HTMX))
    found = re.search(r'name="have" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("what", ["message", "waiting", "writing"])
def test_news__something_new__comes_with_its_part_alone(what: str, client: Client, visit: Visit) -> None:
    own = taken(client, visit)
    sent = sent_by(text(client.get(url("desk"))))
    sent["data"]["have"] = sent_by_news(client, sent)
    new = None
    if what == "message":
        post_message(own, role="shopper", body="Are you there?", client_id=uuid.uuid4(), now=timezone.now())
    elif what == "waiting":
        new = make_conversation(visit)
    else:
        note_shopper_writing(own, now=timezone.now())
    page = text(client.get(url("desk-news"), **sent))
    assert ("Are you there?" in page.partition("engage-transcript")[2]) is (what == "message")
    assert ("The shopper is writing" in page) is (what == "writing")
    assert ('id="engage-queue"' in page) is (what != "writing")
    assert new is None or new.reference in page
    assert "<textarea" not in page


def test_news__in_focus__is_read_and_what_stands_beside_is_not(client: Client, visit: Visit) -> None:
    one, other = taken(client, visit), taken(client, visit)
    known = [f"{card.public_id}:0:" for card in (one, other)]
    page = text(client.get(url("desk-news"), {"open": known, "focus": one.public_id}, headers=HTMX))
    state_of_one, state_of_other = (
        page.partition(f'id="engage-card-state-{card.public_id}"')[2][:400] for card in (one, other)
    )
    assert ("1 new" in state_of_one, "1 new" in state_of_other) == (False, True)
    for card in (one, other):
        card.refresh_from_db()
    assert one.agent_read_seq == one.last_seq
    assert other.agent_read_seq == 0
    client.get(url("desk-news"), {"open": [f"{other.public_id}:99999:"], "focus": other.public_id}, headers=HTMX)
    other.refresh_from_db()
    assert other.agent_read_seq == other.last_seq


def test_news__closed_by_the_shopper__changes_the_buttons(client: Client, visit: Visit, topic: Topic) -> None:
    own = taken(client, visit)
    known = shown_in(text(client.get(url("desk"))))
    close(own, now=timezone.now())
    page = text(client.get(url("desk-news"), {"open": known}, headers=HTMX))
    assert "This conversation is closed." in page
    assert url("conversation-wrap-up", own.public_id) in page
    assert "Wrap-up missing" in page


def test_news__conversation_not_to_be_seen__is_taken_off_the_page(client: Client) -> None:
    page = text(client.get(url("desk-news"), {"open": ["absent:3:open-mine"]}, headers=HTMX))
    assert "not yours to see" in page


def listen_until_quiet(client: Client, sent: dict[str, Any]) -> None:
    """Ask until there is no news: what says "a minute ago" may change between two questions on a busy machine."""
    for _try in range(5):
        sent["data"]["have"] = sent_by_news(client, sent)
        if client.get(url("desk-news"), **sent).status_code == 204:
            return
    pytest.fail("There was news each time.")


@pytest.mark.attack("B14")
@pytest.mark.parametrize("how", ["locked out", "no cookie", "another session", "forged", "old"])
def test_news__pass_that_does_not_count__goes_the_ordinary_way(
    how: str, client: Client, visit: Visit, monkeypatch: Any
) -> None:
    taken(client, visit)
    sent = sent_by(text(client.get(url("desk"))))
    listen_until_quiet(client, sent)
    if how == "locked out":
        get_user_model().objects.update(is_active=False)
    elif how == "no cookie":
        del client.cookies[settings.SESSION_COOKIE_NAME]
    elif how == "another session":
        client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    elif how == "forged":
        sent["headers"]["Engage-Pass"] = sent["headers"]["Engage-Pass"][:-1] + "!"
        client.logout()
    else:
        monkeypatch.setattr("oscar_engage.dashboard.desk.fast.PASS_SECONDS", -1)
        client.logout()
    response = client.get(url("desk-news"), **sent)
    assert response.status_code == 403
    assert response.headers["HX-Redirect"].startswith(reverse("dashboard:login"))


# --- what stands beside it


def test_context__live_visit__shows_where_the_shopper_is_and_what_they_have(client: Client, visit: Visit) -> None:
    now = timezone.now()
    own = taken(client, visit)
    product = create_product(title="Alpine boots", price=100, num_in_stock=3)
    basket = BasketFactory()
    basket.add_product(product, 2)
    page_seen = [int(now.timestamp() * 1000), "product", product.pk]
    state = {
        "started_at": NOW.isoformat(),
        "last_at": now.isoformat(),
        "pages_seen": [page_seen],
        "basket": {"basket_id": basket.pk},
        "payment_failures": 2,
        "struggles": {"rage_clicks": 1},
    }
    Visit.objects.filter(pk=visit.pk).update(state=state, last_at=now)
    SignalRecord.objects.create(
        event_id=uuid.uuid4(),
        visitor_id=visit.visitor_id,
        visit_id=visit.pk,
        kind="search.made",
        payload={"query": "<i>boots</i>", "results": 0},
        source="server",
        at=now,
        received_at=now,
    )
    page = text(client.get(url("context", own.public_id)))
    assert re.search(r"Is on</dt><dd><a href=\"[^\"]+\"[^>]*>Alpine boots", page)
    assert "£200.00" in page
    assert "2 failed payments; clicked in anger once" in page
    assert "&lt;i&gt;boots&lt;/i&gt;" in page
    assert "<html" not in page
    basket.flush()
    assert "£200.00" not in text(client.get(url("context", own.public_id)))


@pytest.mark.parametrize(("consent", "is_shown"), [(3, True), (1, False)])
def test_context__orders__are_shown_of_who_agreed_to_it(
    consent: int, is_shown: bool, client: Client, visit: Visit, django_user_model: Any
) -> None:
    customer = django_user_model.objects.create_user(username="ada", email="ada@example.com")
    order = create_order(user=customer, number="100023")
    Visitor.objects.update(customer=customer, consent=consent)
    page = text(client.get(url("context", make_conversation(visit).public_id)))
    assert (order.number in page) is is_shown
    assert ("Customer with 1 order" in page) is is_shown


def test_context__asked_before__shows_topic_outcome_and_the_way_there(client: Client, visit: Visit, topic: Topic) -> None:
    earlier = make_conversation(visit)
    Conversation.objects.filter(pk=earlier.pk).update(
        topic=topic, outcome="solved", status="closed", closed_at=NOW, created_at=NOW - timedelta(days=3)
    )
    page = text(client.get(url("context", make_conversation(visit).public_id)))
    contacts = page.partition("Earlier contacts")[2]
    assert url("conversation", earlier.public_id) in contacts
    assert re.search(r"Delivery, solved", contacts)


# --- answering, and who else does


def reply(body: str = "On Friday.", **more: Any) -> dict[str, Any]:
    return {"body": body, "client_id": str(uuid.uuid4()), **more}


def test_reply__colleague_was_quicker__shows_that_answer_and_asks_again(
    client: Client, colleague: Client, note: Conversation
) -> None:
    colleague.post(url("conversation-reply", note.public_id), reply("It is on its way."))
    sent = reply("By ship.", after="1", console="1")
    page = text(client.post(url("conversation-reply", note.public_id), sent, headers=HTMX))
    assert "It is on its way." in page
    assert "A colleague has answered meanwhile" in page
    assert "By ship." in page.partition("<textarea")[2]
    assert 'name="anyway"' in page
    assert not Message.objects.filter(body="By ship.").exists()

    page = text(client.post(url("conversation-reply", note.public_id), {**sent, "anyway": "1"}, headers=HTMX))
    assert Message.objects.filter(body="By ship.").count() == 1
    assert 'name="anyway"' not in page


def test_reply__without_a_script__sees_the_colleagues_answer_first(
    client: Client, colleague: Client, note: Conversation
) -> None:
    seen = re.search(r'name="seen" value="(\d+)"', text(client.get(url("conversation", note.public_id))))
    assert seen
    colleague.post(url("conversation-reply", note.public_id), reply("It is on its way."))
    page = text(client.post(url("conversation-reply", note.public_id), reply("By ship.", seen=seen[1])))
    assert "It is on its way." in page
    assert "Send anyway" in page


def test_conversation__two_agents__are_told_of_each_other(client: Client, colleague: Client, note: Conversation) -> None:
    client.get(url("conversation", note.public_id))
    assert "Agent is looking at this, too" in text(colleague.get(url("conversation", note.public_id)))
    client.get(url("desk-news"), {"open": [f"{note.public_id}:1:"], "writing": note.public_id}, headers=HTMX)
    assert "Agent is writing an answer" in text(colleague.get(url("conversation", note.public_id)))
    client.post(url("aside", note.public_id), headers=HTMX)
    assert "Agent is" not in text(colleague.get(url("conversation", note.public_id)))


def test_reply__from_the_desk_without_a_script__leads_back_to_it(client: Client, note: Conversation) -> None:
    response = client.post(url("conversation-reply", note.public_id), reply(console="1", shown=["other"]))
    assert response.headers["Location"] == f"{url('desk')}?open=other&open={note.public_id}&focus={note.public_id}"


# --- the end of it


def test_close__without_a_topic__is_refused_where_there_are_topics(client: Client, visit: Visit, topic: Topic) -> None:
    own = taken(client, visit)
    response = client.post(url("conversation-close", own.public_id), {"note": "Sent a link."})
    own.refresh_from_db()
    assert (response.status_code, own.status) == (422, "open")
    assert 'aria-invalid="true"' in text(response)
    assert "Sent a link." in text(response)

    done = {"topic": topic.pk, "outcome": "solved", "note": "Sent a link.", "shown": [own.public_id, "other"], "console": "1"}
    response = client.post(url("conversation-close", own.public_id), done)
    own.refresh_from_db()
    assert response.headers["Location"] == f"{url('desk')}?open=other"
    assert (own.status, own.topic, own.outcome, own.wrap_note) == ("closed", topic, "solved", "Sent a link.")


def test_close__topic_that_is_not_in_use__is_refused(client: Client, visit: Visit, topic: Topic) -> None:
    Topic.objects.create(slug="old", name="Old", is_active=False)
    own = taken(client, visit)
    assert client.post(url("conversation-close", own.public_id), {"topic": Topic.objects.get(slug="old").pk}).status_code == 422


def test_wrap_up__ended_by_the_shopper__is_asked_for_and_said_later(
    client: Client, colleague: Client, visit: Visit, topic: Topic
) -> None:
    own = taken(colleague, visit)
    close(own, now=timezone.now())
    assert "Wrap-up missing" in text(colleague.get(url("desk")))
    assert "Wrap-up missing" not in text(client.get(url("desk")))
    assert client.post(url("conversation-wrap-up", own.public_id), {"topic": topic.pk}).status_code == 403
    assert colleague.post(url("conversation-wrap-up", own.public_id), {"topic": topic.pk}).status_code == 302
    assert "Wrap-up missing" not in text(colleague.get(url("desk")))
    assert AuditEntry.objects.get(action="conversation.wrapped").object_id == str(own.pk)


def test_wrap_up__still_open__is_refused(client: Client, visit: Visit, topic: Topic) -> None:
    own = taken(client, visit)
    assert client.post(url("conversation-wrap-up", own.public_id), {"topic": topic.pk}).status_code == 422
    own.refresh_from_db()
    assert own.wrapped_at is None


# --- topics and search


def test_topics__usual_ones_by_one_press__then_kept_by_a_supervisor(colleague: Client) -> None:
    assert "Create the usual topics" in text(colleague.get(url("agents")))
    colleague.post(url("topics-usual"))
    page = text(colleague.get(url("agents")))
    assert "Return or complaint" in page
    assert "Create the usual topics" not in page
    changed = Topic.objects.get(slug="other")
    colleague.post(url("topic-edit", str(changed.pk)), {"name": "Anything else", "slug": "other"})
    changed.refresh_from_db()
    assert (changed.name, changed.is_active) == ("Anything else", False)
    colleague.post(url("topic-delete", str(changed.pk)))
    assert not Topic.objects.filter(slug="other").exists()


def test_search__found__is_shown_and_noted_without_its_words(client: Client, visit: Visit) -> None:
    found = make_conversation(visit, body="Do you ship <b>to</b> Malta?")
    other = make_conversation(visit, body="Is it in stock?")
    page = text(client.post(url("desk-search"), {"text": "malta", "since": "2026-02-01", "until": "2026-03-02"}))
    assert url("conversation", found.public_id) in page
    assert "&lt;b&gt;to&lt;/b&gt;" in page
    assert other.reference not in page
    entry = AuditEntry.objects.get(action="conversations.searched")
    assert entry.detail == {"found": 1}
    assert "malta" not in f"{entry.object_id}{entry.detail}".lower()


def test_search__many__come_on_pages_and_say_where_they_end(client: Client, visit: Visit, monkeypatch: Any) -> None:
    monkeypatch.setattr("oscar_engage.dashboard.desk.search_views.MOST_FOUND", 25)
    for _number in range(26):
        make_conversation(visit)
    period = {"since": "2026-02-01", "until": "2026-03-02"}
    first, second = (text(client.post(url("desk-search"), {**period, "page": page})) for page in ("1", "2"))
    assert (first.count("data-engage-"), first.count("<strong>"), second.count("<strong>")) == (0, 20, 5)
    assert "There are more than 25" in first


@pytest.mark.parametrize("query", [{"since": "never"}, {"topic": "999"}, {"text": "x" * 201}])
def test_search__nonsense__says_so(query: dict[str, str], client: Client) -> None:
    assert "engage-wrong" in text(client.post(url("desk-search"), query))
    assert not AuditEntry.objects.filter(action="conversations.searched").exists()


@pytest.mark.attack("B03", "B15")
@pytest.mark.parametrize("role", ["staff", "merchandiser", "privacy officer"])
def test_search__whoever_may_not_read__is_refused(role: str, client_of: Callable[[str], Client], note: Conversation) -> None:
    response = client_of(role).post(url("desk-search"), {"text": "arrive", "since": "2026-02-01"})
    assert response.status_code == 403
    assert note.reference not in text(response)
