"""What if the shopper would rather not wait? The chat becomes a note: the same words and reference, answered later."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.flood import check_address
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.post import ConversationClosedError, lock_conversation, say
from oscar_engage.desk.promises.course import owes_answer, promise_answer
from oscar_engage.desk.promises.terms import terms_of
from oscar_engage.desk.take import TakenError


def leave_note_instead(conversation: Conversation, *, email: str = "", now: datetime) -> Conversation:
    """Turn a chat that waits into a note and return it; one that is a note already stays as it is.

    No agent has it, so no slot changes. What was promised holds, also when the chat went back into the queue, unless that is
    over: then one is promised anew, by the same policy. ``email`` (checked by the form) is where a link to the answer goes.

    Raises :class:`TakenError` if an agent has come, ``ConversationClosedError``, or ``TooManyError`` for the address.
    """
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        if locked.kind == ConversationKind.NOTE:
            return locked
        if email:
            check_address(email, now=now)
        is_promised = owes_answer(locked) and locked.due_at > now
        _turn(locked, email)
        if not is_promised:
            promise_answer(locked, terms_of(locked.policy), now=now)
        say(locked, lambda: _("You have left this as a message: you need not wait. The answer comes here."), now=now)
    return locked


def _turn(locked: Conversation, email: str) -> None:
    """Change the kind by a guarded UPDATE, because SQLite has no row locks that the read could have taken."""
    waiting = Conversation.objects.filter(
        pk=locked.pk, kind=ConversationKind.CHAT, status=ConversationStatus.WAITING, agent__isnull=True
    )
    if not waiting.update(kind=ConversationKind.NOTE, email=email or locked.email):
        if locked.status == ConversationStatus.CLOSED:
            raise ConversationClosedError(f"{locked} is closed.")
        raise TakenError(f"An agent has come to {locked}.")
    locked.kind, locked.email = ConversationKind.NOTE, email or locked.email
