"""May this person have this file? Whoever may see its conversation; an unknown and a foreign one look the same."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from oscar_engage.desk.access import access_conversation_for_agent
from oscar_engage.desk.carry.models import Attachment
from oscar_engage.desk.models import Conversation


def access_attachment_of_visitor(visitor_id: uuid.UUID | None, public_id: str) -> Attachment:
    """Return a file of the visitor's own conversations or raise ``Attachment.DoesNotExist``; one query in any case."""
    return Attachment.objects.get(public_id=public_id, message__conversation__visitor_id=visitor_id or uuid.uuid4())


def access_attachment_of_conversation(conversation: Conversation, public_id: str) -> Attachment:
    """Return a file of ``conversation``, which came through a door, or raise ``Attachment.DoesNotExist``."""
    return Attachment.objects.get(public_id=public_id, message__conversation=conversation)


def access_attachment_for_agent(user: AbstractBaseUser | AnonymousUser, public_id: str) -> Attachment:
    """Return the file if ``user`` may see its conversation, else raise ``Attachment.DoesNotExist``."""
    attachment = Attachment.objects.select_related("message__conversation").get(public_id=public_id)
    try:
        access_conversation_for_agent(user, attachment.message.conversation.public_id)
    except Conversation.DoesNotExist:
        raise Attachment.DoesNotExist from None
    return attachment
