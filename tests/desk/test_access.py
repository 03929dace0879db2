"""Can a conversation be had only by its shopper and by those who answer?"""

import uuid

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Permission

from oscar_engage.desk.access import access_conversation_for_agent, access_conversation_of_visitor
from oscar_engage.desk.models import Conversation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("visitor_id", [None, uuid.uuid4()])
def test_access_conversation_of_visitor__foreign_or_none__as_if_unknown(
    visitor_id: uuid.UUID | None, chat: Conversation
) -> None:
    for public_id in (chat.public_id, "unknown", ""):
        with pytest.raises(Conversation.DoesNotExist):
            access_conversation_of_visitor(visitor_id, public_id)


def test_access_conversation_of_visitor__own__returned(chat: Conversation) -> None:
    assert access_conversation_of_visitor(chat.visitor_id, chat.public_id) == chat


def test_access_conversation_for_agent__only_with_the_permission(chat: Conversation) -> None:
    users = get_user_model().objects
    staff = users.create_user("staff", "s@shop.example", is_staff=True)
    allowed = users.create_user("allowed", "a@shop.example")
    allowed.user_permissions.add(Permission.objects.get(codename="view_conversation"))
    left = users.create_user("left", "l@shop.example", is_active=False, is_superuser=True)

    for user in (AnonymousUser(), staff, left):
        with pytest.raises(Conversation.DoesNotExist):
            access_conversation_for_agent(user, chat.public_id)
    assert access_conversation_for_agent(allowed, chat.public_id) == chat
