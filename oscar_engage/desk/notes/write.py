"""How does a note come and go? Written under the conversation's own rules for text, changed by nobody, deleted with a trace."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent, Conversation, ConversationStatus
from oscar_engage.desk.notes.models import InternalNote, NoteKind
from oscar_engage.desk.post import lock_conversation
from oscar_engage.desk.text import clean_message

User = AbstractBaseUser | AnonymousUser | None


class NobodyThereError(ValueError):
    """Nobody else has the conversation, so there is nobody to whisper to."""


def write_note(
    conversation: Conversation,
    author: Agent,
    *,
    body: str,
    now: datetime,
    kind: str = NoteKind.NOTE,
    addressee: Agent | None = None,
) -> InternalNote:
    """Add a note and return it; numbers of cards and accounts are masked. Raises ``InvalidMessageError``."""
    return InternalNote.objects.create(
        conversation=conversation, kind=kind, author=author, addressee=addressee, body=clean_message(body), at=now
    )


def whisper(conversation: Conversation, author: Agent, *, body: str, user: User, now: datetime) -> InternalNote:
    """Say something to the agent who has ``conversation`` now, and to nobody but staff.

    Raises :class:`NobodyThereError` where nobody, or ``author``, has it, and ``InvalidMessageError``.
    """
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        addressee = locked.agent
        if addressee is None or addressee.pk == author.pk or locked.status == ConversationStatus.CLOSED:
            raise NobodyThereError(f"Nobody else has {locked}.")
        note = write_note(locked, author, body=body, now=now, kind=NoteKind.WHISPER, addressee=addressee)
        record_action(
            actor=user,
            action="conversation.whispered",
            object_kind="conversation",
            object_id=locked.pk,
            now=now,
            detail={"to": addressee.pk},
        )
    return note


def delete_note(note: InternalNote, *, user: User, now: datetime) -> None:
    """Delete ``note`` and leave in the trail whose it was and on what, without its words; again changes nothing."""
    with transaction.atomic(using=get_settings().database):
        deleted, _by_model = InternalNote.objects.filter(pk=note.pk).delete()
        if deleted:
            record_action(
                actor=user,
                action="note.deleted",
                object_kind="conversation",
                object_id=note.conversation_id,
                now=now,
                detail={"note": note.pk, "kind": note.kind, "author": note.author_id},
            )
