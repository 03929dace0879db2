"""May this person have this file? Whoever may see its conversation; an unknown and a foreign one look the same."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from oscar_engage.desk.access import Owner, access_conversation_for_agent, owned_by
from oscar_engage.desk.carry.models import Attachment
from oscar_engage.desk.models import Conversation


def access_attachment_of_owner(owner: Owner, public_id: str) -> Attachment:
    """Return a file of the owner's own conversations or raise ``Attachment.DoesNotExist``; one query in any case."""
    return Attachment.objects.get(public_id=public_id, message__conversation__in=owned_by(owner).order_by())


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
