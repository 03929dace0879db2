"""A mail came in: what becomes of it? Taken once, in one transaction, or refused without a word to whoever sent it."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from oscar_engage.conf import get_settings
from oscar_engage.desk.flood import TooManyError
from oscar_engage.desk.mailbox.compose import compose
from oscar_engage.desk.mailbox.judge import Judgement, judge_letter
from oscar_engage.desk.mailbox.letter import Letter, UnreadableLetterError, read_letter
from oscar_engage.desk.mailbox.log import RepeatedLetterError, digest_of, find_taken, note_refused, note_taken
from oscar_engage.desk.mailbox.models import Mailbox, MailThread, Outcome, Reason, ReceivedMail
from oscar_engage.desk.mailbox.receipt import enqueue_receipt
from oscar_engage.desk.mailbox.rest import rest_if_left
from oscar_engage.desk.models import Conversation, ConversationKind, Role
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import ConversationClosedError, post_message
from oscar_engage.desk.text import InvalidMessageError, clean_line

_NAMESPACE = uuid.UUID("5f0d5a5c-9f0e-4c55-8f52-5a1f0b1c7a11")
_LONGEST_REFERENCES = 2_000


def receive(raw: bytes, mailbox: Mailbox | None, *, now: datetime) -> Judgement:
    """Take the mail ``raw`` that came to ``mailbox`` (``None``: to the address for replies) and return what became of it.

    The same mail again changes nothing. Raises ``BusyError`` while more waits than the desk can answer: then it is to be
    brought again, as after any error of the database.
    """
    try:
        letter = read_letter(raw, largest=get_settings().largest_mail)
    except UnreadableLetterError as error:
        judgement = Judgement(Outcome.REFUSED, Reason(str(error)))
        note_refused(digest_of(None, raw[:1_000_000]), judgement, None, mailbox, now=now)
        return judgement
    digest = digest_of(letter, raw)
    taken = find_taken(digest)
    if taken is not None:
        return _known(taken)
    judgement = judge_letter(letter, mailbox, now=now)
    if judgement.outcome in {Outcome.OPENED, Outcome.CONTINUED}:
        try:
            return _take(letter, digest, judgement, mailbox, now=now)
        except RepeatedLetterError as error:
            return _known(error.received)
        except TooManyError:
            judgement = replace(judgement, outcome=Outcome.REFUSED, reason=Reason.FLOOD)
        except ConversationClosedError:
            judgement = replace(judgement, outcome=Outcome.REFUSED, reason=Reason.CLOSED)
        except InvalidMessageError:
            judgement = replace(judgement, outcome=Outcome.REFUSED, reason=Reason.EMPTY)
    note_refused(digest, judgement, letter, mailbox, now=now)
    return judgement


def _known(received: ReceivedMail) -> Judgement:
    return Judgement(Outcome(received.outcome), Reason(received.reason), received.conversation)


def _take(letter: Letter, digest: str, judgement: Judgement, mailbox: Mailbox | None, *, now: datetime) -> Judgement:
    client_id = uuid.uuid5(_NAMESPACE, digest)
    with transaction.atomic(using=get_settings().database):
        if judgement.conversation is not None:
            conversation = judgement.conversation
            body = compose(letter, language=conversation.language)
            rest_if_left(conversation, now=now)  # before it counts as read what nobody has fetched
            post_message(conversation, role=Role.SHOPPER, body=body, client_id=client_id, now=now)
        elif mailbox is not None:
            conversation = _open(letter, mailbox, client_id, now=now)
        done = replace(judgement, conversation=conversation)
        note_taken(digest, done, letter, mailbox, now=now)
        _follow(conversation, letter, begun_in=mailbox if judgement.conversation is None else None)
    return done


def _open(letter: Letter, mailbox: Mailbox, client_id: uuid.UUID, *, now: datetime) -> Conversation:
    """Begin a note in the mailbox's queue. Its visitor is nobody's: a mail proves nothing about a browser or an account."""
    conversation = open_conversation(
        ConversationKind.NOTE,
        visitor_id=uuid.uuid4(),
        body=compose(letter, language=mailbox.language, subject=clean_line(letter.subject, longest=150)),
        now=now,
        name=letter.sender_name,
        email=letter.sender,
        language=mailbox.language,
        client_id=client_id,
    )
    if mailbox.queue_id is not None:
        conversation.queue = mailbox.queue
        conversation.save(update_fields=["queue"])
    enqueue_receipt(conversation, mailbox, now=now)
    return conversation


def _follow(conversation: Conversation, letter: Letter, *, begun_in: Mailbox | None) -> None:
    """Keep what our next mail in this thread refers to; where a mail began it, also its subject and its mailbox."""
    thread, _is_new = MailThread.objects.get_or_create(conversation=conversation)
    if begun_in is not None:
        thread.mailbox, thread.subject = begun_in, clean_line(letter.subject, longest=150)
    ours = [one for one in letter.references if not one.startswith("<engage-thread-")]
    known = " ".join(ours[-10:])
    thread.message_id = letter.message_id[:255]
    thread.references = known if len(known) <= _LONGEST_REFERENCES else ""
    thread.save()
