"""How does a shopper come to a room elsewhere? By a link that the agent's message carries into the chat."""

import uuid
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.core.ids import new_public_id
from oscar_engage.desk.models import Agent, Conversation, Role
from oscar_engage.desk.post import post_message
from oscar_engage.sharing.opening import is_chat_with_agent
from oscar_engage.voices.rooms import Room, Wish, get_rooms


class NoRoomError(ValueError):
    """The shop has no rooms, or this conversation is no chat of that agent that goes on."""


def can_invite(conversation: Conversation) -> bool:
    """Whether the shop has rooms, and ``conversation`` is a chat that goes on with an agent. No query."""
    return get_settings().has("voices") and get_rooms() is not None and is_chat_with_agent(conversation)


def invite_to_room(conversation: Conversation, agent: Agent, *, now: datetime) -> Room:
    """Make a room with a name that nobody guesses, and write the shopper's link as words of ``agent`` into the chat.

    Raises :class:`NoRoomError`.
    """
    rooms = get_rooms()
    if rooms is None or not is_chat_with_agent(conversation) or conversation.agent_id != agent.pk:
        raise NoRoomError
    room = rooms.make(Wish(name=new_public_id(), agent_name=agent.display_name), now=now)
    with translation.override(conversation.language or translation.get_language()):
        words = _("Let us talk here; it opens in a tab of its own: %(link)s") % {"link": room.shopper_link}
    post_message(conversation, role=Role.AGENT, body=words, client_id=uuid.uuid4(), agent=agent, now=now)
    return room
