"""Is a conversation in both desks one conversation: what is written, given and closed on either side, once, and no echo?"""

import json
import uuid
from datetime import timedelta

import pytest
from django.core import mail

from oscar_engage.desk.models import Agent, Conversation, Message, Role
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.post import post_message
from oscar_engage.desk.presence import expire_leases
from oscar_engage.desk.take import close, take
from oscar_engage.jobs.models import Job
from oscar_engage.outside.models import OutsideConversation, OutsideMessage
from oscar_engage.visitors.models import Visit, Visitor
from tests.outside.conftest import Shop, dead_jobs
from tests.outside.stand_in import StandIn

pytestmark = pytest.mark.django_db


def say(conversation: Conversation, text: str, shop: Shop, *, agent: Agent | None = None) -> Message:
    role = Role.AGENT if agent else Role.SHOPPER
    return post_message(conversation, role=role, body=text, client_id=uuid.uuid4(), now=shop.now, agent=agent)


def told(conversation: Conversation, role: str = Role.AGENT) -> list[str]:
    return list(conversation.messages.filter(role=role).order_by("seq").values_list("body", flat=True))


def test_chat__begun_here__is_there_with_what_is_known(shop: Shop, desk: StandIn, chat: Conversation) -> None:
    Conversation.objects.update(name="Ada", page_path="/checkout/", language="de", email="ada@example.com")
    shop.work()
    shop.work()

    (contact,), (there,) = desk.contacts, desk.conversations
    assert (contact["name"], contact["email"]) == ("Ada", None), "nobody becomes a contact by typing its address"
    assert there["custom_attributes"]["engage_key"] == chat.public_id
    assert desk.texts(message_type="incoming") == ["Is this in stock?"]
    (about,) = desk.texts(private=True)
    for known in (chat.reference, "https://shop.example/checkout/", "de", "ada@example.com", "/dashboard/engage/desk/"):
        assert known in about
    assert dead_jobs() == []


@pytest.mark.parametrize(("consent", "is_told"), [(2, False), (3, True)])
def test_basket__only_of_who_agreed(consent: int, is_told: bool, shop: Shop, desk: StandIn, chat: Conversation) -> None:
    visitor = Visitor.objects.get(pk=chat.visitor_id)
    Visitor.objects.update(consent=consent)
    state = {"started_at": shop.now.isoformat(), "basket": {"total": 45.9, "currency": "GBP", "lines": 1, "quantity": 3}}
    from oscar_engage.visitors.state import begin, from_json, to_json  # noqa: PLC0415 - beside its use

    fresh = {**to_json(begin(shop.now)), "basket": state["basket"]}
    assert from_json(fresh).basket.quantity == 3
    Visit.objects.create(visitor=visitor, started_at=shop.now, last_at=shop.now, state=fresh)
    shop.work()
    (about,) = desk.texts(private=True)
    assert ("3 things, 45.90 GBP" in about) is is_told


def test_messages__of_shopper_and_agent_here__are_there_in_order_and_once(
    shop: Shop, desk: StandIn, chat: Conversation, agent: Agent
) -> None:
    shop.work()
    take(chat, agent, now=shop.now)
    say(chat, "Yes, three of them.", shop, agent=agent)
    say(chat, "Good, thanks", shop)
    shop.round()

    public = [row for row in desk.messages if not row["private"]]
    assert [(row["message_type"], row["content"]) for row in public] == [
        ("incoming", "Is this in stock?"),
        ("outgoing", "Mia:\nYes, three of them."),
        ("incoming", "Good, thanks"),
    ]
    assert told(chat) == ["Yes, three of them."], "what we wrote there does not come back"
    assert not OutsideMessage.objects.filter(is_theirs=True).exists()


def test_echo__where_the_mark_is_stripped__is_known_by_its_attribute(
    shop: Shop, desk: StandIn, chat: Conversation, agent: Agent
) -> None:
    desk.strips_source = True
    shop.work()
    take(chat, agent, now=shop.now)
    say(chat, "Yes.", shop, agent=agent)
    shop.round()
    assert told(chat) == ["Yes."]


def test_reply__there__reaches_the_shopper_of_a_chat(shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent) -> None:
    shop.work()
    desk.reply(shop.there(chat), "outsider@elsewhere.example", "Three of them, <b>today</b>")
    assert set(shop.tell()) == {204}

    chat.refresh_from_db()
    assert (chat.status, chat.agent, chat.weight) == ("open", outsider, 0)
    assert told(chat) == ["Three of them, <b>today</b>"], "text, as it was typed"
    assert chat.first_reply_at is not None
    outsider.refresh_from_db()
    assert outsider.used_tenths == 0, "no seat here is taken"
    expire_leases(now=shop.now + timedelta(hours=1))
    chat.refresh_from_db()
    assert chat.agent == outsider, "that nobody is present here ends nothing"
    shop.round()
    assert told(chat) == ["Three of them, <b>today</b>"]
    assert desk.texts(message_type="outgoing", private=False) == ["Three of them, <b>today</b>"]


def test_reply__to_a_note__goes_by_mail_and_keeps_the_promise(
    shop: Shop, desk: StandIn, note: Conversation, mia: Agent
) -> None:
    shop.work()
    desk.reply(shop.there(note), "mia@shop.example", "Yes, we do")
    shop.tell()
    shop.round()
    note.refresh_from_db()
    assert (note.status, note.agent, note.first_reply_at) == ("open", mia, note.first_reply_at)
    assert note.owed_since is None
    assert [one.to for one in mail.outbox] == [["ada@example.com"]]
    shop.desk.asked.clear()
    shop.round()
    assert not [path for _method, path in desk.asked if "assignments" in path], "who has it there is known there"


def test_reply__in_a_language__says_files_in_it(shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent) -> None:
    Conversation.objects.update(language="de")
    shop.work()
    files = [{"data_url": f"{desk.url}/rails/1"}, {"data_url": "https://evil.example/x.png"}]
    desk.reply(shop.there(chat), "outsider@elsewhere.example", "Hier", attachments=files)
    shop.tell()
    (body,) = told(chat)
    assert body.startswith(f"Hier\nEine Datei: {desk.url}/rails/1\n")
    assert "evil.example" not in body


def test_private_note__there__reaches_nobody(shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent) -> None:
    shop.work()
    desk.reply(shop.there(chat), "outsider@elsewhere.example", "A difficult one", private=True)
    shop.tell()
    shop.round()
    assert told(chat) == []


def test_message__that_does_not_say_whether_it_is_private__is_asked_about(
    shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent
) -> None:
    shop.work()
    number = shop.there(chat)
    desk.reply(number, "outsider@elsewhere.example", "A difficult one", private=True)
    desk.reply(number, "outsider@elsewhere.example", "Hello")
    bodies = [json.loads(body) for body in desk.take_events()]
    shop.tell([json.dumps({name: one[name] for name in one if name != "private"}).encode() for one in bodies])
    assert told(chat) == []
    shop.work()
    assert told(chat) == ["Hello"]


def test_reply__told_twice_and_fetched__is_one_message(shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent) -> None:
    shop.work()
    desk.reply(shop.there(chat), "outsider@elsewhere.example", "Here we are")
    bodies = desk.take_events()
    assert shop.tell(bodies * 3) == [204] * 3 * len(bodies)
    shop.work(700)
    shop.round()
    assert told(chat) == ["Here we are"]


def test_reply__whose_request_was_lost__comes_within_minutes(
    shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent
) -> None:
    shop.work()
    desk.reply(shop.there(chat), "outsider@elsewhere.example", "Nobody was told of this")
    desk.take_events()
    for _minute in range(12):
        shop.work()
    assert told(chat) == ["Nobody was told of this"]


def test_reply__longer_than_a_message__comes_in_pieces(shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent) -> None:
    shop.work()
    desk.reply(shop.there(chat), "outsider@elsewhere.example", "word " * 1700)
    shop.tell()
    assert len(told(chat)) == 3
    assert " ".join(told(chat)).split() == ["word"] * 1700


def test_reply_and_closing__in_the_wrong_order__both_count(
    shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent
) -> None:
    shop.work()
    number = shop.there(chat)
    desk.take_events()
    desk.reply(number, "outsider@elsewhere.example", "Done. Bye!")
    desk.resolve(number)
    shop.tell(desk.take_events()[1:])  # the closing; the answer is still on its way
    shop.work()
    chat.refresh_from_db()
    assert (told(chat), chat.status) == (["Done. Bye!"], "closed")


def test_assignment__there__is_one_here(shop: Shop, desk: StandIn, chat: Conversation, mia: Agent, outsider: Agent) -> None:
    shop.work()
    desk.assign(shop.there(chat), "mia@shop.example")
    shop.tell()
    shop.work()
    chat.refresh_from_db()
    assert (chat.agent, chat.status) == (mia, "open")
    desk.assign(shop.there(chat), "outsider@elsewhere.example")
    shop.tell()
    shop.work()
    chat.refresh_from_db()
    assert chat.agent == outsider, "with nobody of that address here: the one who was named"
    assert InternalNote.objects.filter(addressee=mia, kind="whisper").count() == 1


def test_assignment__there__takes_nobodys_chat_away_but_an_answer_does(
    shop: Shop, desk: StandIn, chat: Conversation, agent: Agent, outsider: Agent
) -> None:
    shop.work()
    take(chat, agent, now=shop.now)
    desk.assign(shop.there(chat), "outsider@elsewhere.example")
    shop.tell()
    shop.work()
    chat.refresh_from_db()
    assert chat.agent == agent
    desk.reply(shop.there(chat), "outsider@elsewhere.example", "I am on it")
    shop.tell()
    chat.refresh_from_db()
    agent.refresh_from_db()
    assert (chat.agent, agent.used_tenths) == (outsider, 0)


def test_taking__here__is_an_assignment_there_or_a_note(
    shop: Shop, desk: StandIn, chat: Conversation, note: Conversation, agent: Agent
) -> None:
    shop.work()
    take(chat, agent, now=shop.now)  # Mia@shop.example, whom they know
    shop.work()
    assert desk.conversations[0]["assignee"] == 1
    desk.agents[:] = desk.agents[1:]
    take(note, agent, now=shop.now)
    shop.work()
    assert desk.conversations[1]["assignee"] is None
    assert desk.texts(conversation_id=shop.there(note), private=True)[1:] == ["Mia answers this in the shop's desk."]
    shop.round()
    assert len(desk.texts(conversation_id=shop.there(note), private=True)) == 2


def test_closing__here__closes_there(shop: Shop, desk: StandIn, chat: Conversation) -> None:
    shop.work()
    say(chat, "Never mind", shop)
    close(chat, now=shop.now)
    shop.round()
    assert desk.conversations[0]["status"] == "resolved"
    assert desk.texts(message_type="incoming") == ["Is this in stock?", "Never mind"]
    assert [path for _method, path in desk.asked].count(f"conversations/{shop.there(chat)}/toggle_status") == 1


def test_closing__there__closes_here(shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent) -> None:
    shop.work()
    desk.resolve(shop.there(chat))
    shop.tell()
    shop.round()
    chat.refresh_from_db()
    assert chat.status == "closed"
    assert not [path for method, path in desk.asked if "toggle_status" in path], "it knows"


def test_closing__there_while_the_shopper_writes__the_shoppers_word_counts(
    shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent
) -> None:
    shop.work()
    desk.resolve(shop.there(chat))
    say(chat, "One more thing", shop)
    shop.tell()
    shop.round()
    chat.refresh_from_db()
    assert chat.status == "waiting"
    assert desk.conversations[0]["status"] == "open"


def test_reply__to_what_is_closed_here__says_so_there_once(
    shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent
) -> None:
    shop.work()
    close(chat, now=shop.now)
    desk.reply(shop.there(chat), "outsider@elsewhere.example", "Are you still there?")
    shop.tell()
    shop.round()
    assert told(chat) == []
    assert desk.texts(private=True)[1:] == [
        "The shopper did not get your last message: this conversation is closed in the shop."
    ]


def test_reply__of_somebody_for_whom_there_is_nobody_here__says_so_and_waits(
    shop: Shop, desk: StandIn, chat: Conversation
) -> None:
    shop.work()
    desk.reply(shop.there(chat), "outsider@elsewhere.example", "Hello")
    shop.tell()
    shop.work()
    assert told(chat) == []
    assert "no agent with your address" in desk.texts(private=True)[1]
    assert dead_jobs() == []


def test_conversation__not_ours_there__means_nothing(shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent) -> None:
    shop.work()
    number = shop.there(chat)
    desk.reply(number, "outsider@elsewhere.example", "Hello")
    body = json.loads(desk.take_events()[-1])
    others = [
        {**body, "conversation": {**body["conversation"], "id": 4711, "custom_attributes": {}}},
        {**body, "inbox": {"id": 46}},
        {**body, "account": {"id": 8}},
        {**body, "event": "contact_created"},
    ]
    assert shop.tell([json.dumps(one).encode() for one in others]) == [204] * 4
    assert told(chat) == []


def test_row__that_never_learnt_its_number__is_found_by_our_key(
    shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent
) -> None:
    shop.work()
    number = shop.there(chat)
    OutsideConversation.objects.update(outside_id="", contact_id="")
    desk.reply(number, "outsider@elsewhere.example", "Hello")
    shop.tell()
    assert told(chat) == ["Hello"]


def test_jobs__hold_no_words_of_anybody(shop: Shop, desk: StandIn, note: Conversation, outsider: Agent) -> None:
    shop.work()
    desk.reply(shop.there(note), "outsider@elsewhere.example", "To Valletta as well")
    shop.tell()
    shop.round()
    for job in Job.objects.filter(kind__startswith="outside."):
        assert not {"Malta", "Valletta", "ada@example.com"} & set(str(job.payload).split())


def test_conversation__deleted_there_while_it_goes_on__is_begun_anew_with_all_of_it(
    shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent
) -> None:
    shop.work()
    desk.reply(shop.there(chat), "outsider@elsewhere.example", "Hello")
    shop.tell()
    shop.work()
    desk.conversations.clear()
    desk.messages.clear()
    say(chat, "Are you there?", shop)
    shop.work()
    assert desk.texts(private=False) == ["Is this in stock?", "outside:\nHello", "Are you there?"]
    shop.round()
    assert told(chat) == ["Hello"]
    assert dead_jobs() == []


def test_conversation__deleted_there_after_its_end__is_let_be(shop: Shop, desk: StandIn, chat: Conversation) -> None:
    shop.work()
    desk.conversations.clear()
    close(chat, now=shop.now)
    shop.round()
    assert desk.conversations == []
    assert Job.objects.filter(kind="outside.carry", state="due").count() == 0
