"""Is what is gone here gone there: for a person who asked, and when its time is over; and nothing that is not ours?"""

import pytest

from oscar_engage.desk.erase import delete_conversations
from oscar_engage.desk.models import Agent, Conversation, ConversationKind
from oscar_engage.desk.open import open_conversation
from oscar_engage.outside.models import OutsideConversation, OutsideMessage
from oscar_engage.personal.person import make_person
from oscar_engage.personal.registry import PERSONAL
from oscar_engage.privacy.erase import begin_erasure, run_parts
from tests.outside.conftest import Shop
from tests.outside.stand_in import StandIn

pytestmark = pytest.mark.django_db


def erase(chat: Conversation, shop: Shop) -> None:
    erasure = begin_erasure(make_person([chat.visitor_id]), actor=None, now=shop.now)
    run_parts(erasure, now=shop.now)


def test_person__erased_here__is_erased_there(shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent) -> None:
    shop.work()
    assert OutsideMessage.objects.exists()
    erase(chat, shop)
    assert not Conversation.objects.exists()
    assert OutsideConversation.objects.get().conversation is None, "until it is done there"
    shop.work()
    assert (desk.contacts, desk.conversations, desk.messages) == ([], [], [])
    assert not OutsideConversation.objects.exists()


def test_person__erased_while_that_desk_is_away__is_erased_there_later(shop: Shop, desk: StandIn, chat: Conversation) -> None:
    shop.work()
    desk.down = True
    erase(chat, shop)
    for _hour in range(5):
        shop.work(3600)
    assert desk.contacts
    desk.down = False
    for _minute in range(4):
        shop.work(200)
    assert (desk.contacts, desk.conversations) == ([], [])


def test_person__erased_before_it_was_carried_there__never_comes_there(shop: Shop, desk: StandIn, chat: Conversation) -> None:
    desk.down = True
    shop.work()
    erase(chat, shop)
    desk.down = False
    shop.now = shop.now.replace(day=shop.now.day + 1)
    for _minute in range(4):
        shop.work(200)
    assert (desk.contacts, desk.messages) == ([], [])


def test_person__erased_when_a_worker_died_opening_it__leaves_nothing_there(
    shop: Shop, desk: StandIn, chat: Conversation
) -> None:
    desk.forgetful = True
    shop.work()
    assert (len(desk.contacts), OutsideConversation.objects.get().outside_id) == (1, "")
    desk.forgetful = False
    erase(chat, shop)
    for _minute in range(4):
        shop.work(200)
    assert (desk.contacts, desk.conversations) == ([], [])
    assert not OutsideConversation.objects.exists()


def test_time_over__takes_the_conversation_there_and_leaves_a_contact_who_has_another(
    shop: Shop, desk: StandIn, chat: Conversation
) -> None:
    open_conversation(ConversationKind.NOTE, visitor_id=chat.visitor_id, body="Another", now=shop.now)
    shop.work()
    assert (len(desk.contacts), len(desk.conversations)) == (1, 2)
    delete_conversations(Conversation.objects.filter(pk=chat.pk), now=shop.now)
    shop.work()
    assert (len(desk.contacts), len(desk.conversations)) == (1, 1)


def test_contact__merged_there_with_another__stays(shop: Shop, desk: StandIn, chat: Conversation) -> None:
    """Agents merge contacts: what is left of the other one is not ours to delete."""
    shop.work()
    theirs = {"id": 5, "contact_id": desk.contacts[0]["id"], "status": "open", "assignee": None, "custom_attributes": {}}
    desk.conversations.append(theirs)
    erase(chat, shop)
    shop.work()
    assert desk.conversations == [theirs]
    assert len(desk.contacts) == 1


def test_what_is_gone_there_already__is_no_error(shop: Shop, desk: StandIn, chat: Conversation) -> None:
    shop.work()
    desk.contacts.clear()
    desk.conversations.clear()
    erase(chat, shop)
    shop.work()
    assert not OutsideConversation.objects.exists()


def test_export__says_where_it_is(shop: Shop, desk: StandIn, chat: Conversation) -> None:
    shop.work()
    data = PERSONAL.get("outside conversations")
    (row,) = data.find(make_person([chat.visitor_id]))
    assert data.export(row)["outside_id"] == str(shop.there(chat))
