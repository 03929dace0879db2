"""How is a call asked for? With a checked number and a wish: as soon as possible, or a slot; it becomes a conversation."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from oscar_engage import hooks
from oscar_engage.conf import get_settings
from oscar_engage.desk.calls.limits import Caller, NumberRefusedError, check_caller, check_number, needs_confirmation
from oscar_engage.desk.calls.mail import About, enqueue_mail, enqueue_reminder
from oscar_engage.desk.calls.models import CallState, CallTerms, PhoneCall
from oscar_engage.desk.calls.number import digest_of
from oscar_engage.desk.calls.offered import NoCallsError, Offered, find_slot, offered_at, terms_for_page
from oscar_engage.desk.calls.seat import SlotTakenError, take_seat
from oscar_engage.desk.calls.slots import Slot
from oscar_engage.desk.calls.words import say_when
from oscar_engage.desk.flood import check_new_conversation
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus, Role
from oscar_engage.desk.open import accept_offer
from oscar_engage.desk.place import NOWHERE, Place
from oscar_engage.desk.post import append, say
from oscar_engage.desk.promises.choose import Tell, choose_terms
from oscar_engage.desk.promises.course import begin
from oscar_engage.desk.text import clean_line, clean_message
from oscar_engage.visitors.models import Visitor


class NeedsMailError(ValueError):
    """The number's second call within a day has to be confirmed by mail, and there is no address."""


class ClosedNowError(ValueError):
    """A call as soon as possible was asked for, and the queue is not open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWish:
    """What the shopper asks for. ``number`` is in E.164; ``starts_at``: the slot, ``None``: as soon as possible."""

    number: str
    starts_at: datetime | None = None
    about: str = ""
    name: str = ""
    email: str = ""
    language: str = ""
    place: Place = NOWHERE
    decision_id: uuid.UUID | None = None
    client_id: uuid.UUID


def ask_for_call(
    wish: CallWish, caller: Caller, *, now: datetime, visit_id: uuid.UUID | None = None, tell: Tell | None = None
) -> Conversation:
    """Begin the conversation of a call and return it; a repeated ``client_id`` returns the one that is there already.

    It waits for an agent at once, or is planned for its slot, or for the word of the mailbox that it is meant. Raises
    ``NoCallsError``, ``SlotTakenError``, :class:`ClosedNowError`, ``NumberRefusedError``, :class:`NeedsMailError`,
    ``TooManyError``, ``BusyError`` or ``InvalidMessageError``.
    """
    about, where = clean_message(wish.about) if wish.about.strip() else "", wish.place.cleaned()
    with transaction.atomic(using=get_settings().database):
        Visitor.objects.select_for_update(no_key=True).filter(pk=caller.visitor_id).first()  # one at a time
        repeated = Conversation.objects.filter(visitor_id=caller.visitor_id, messages__client_id=wish.client_id).first()
        if repeated is not None:
            return repeated
        offered = _offered(where.page_path, now)
        slot = _chosen(offered, wish.starts_at)
        digest = digest_of(wish.number)
        check_new_conversation(ConversationKind.CALL, visitor_id=caller.visitor_id, email=wish.email, now=now)
        check_caller(caller, now=now)
        check_number(digest, now=now)
        is_unconfirmed = needs_confirmation(digest, caller, now=now)
        if is_unconfirmed and not wish.email:
            raise NeedsMailError("This call has to be confirmed by mail.")
        conversation = Conversation(
            kind=ConversationKind.CALL,
            visitor_id=caller.visitor_id,
            customer_id=caller.customer_id,
            visit_id=visit_id,
            decision_id=accept_offer(caller.visitor_id, wish.decision_id, now),
            name=clean_line(wish.name, longest=60),
            email=wish.email,
            language=wish.language,
            created_at=now,
            queue=offered.terms.queue,
            **asdict(where),
        )
        begin(conversation, choose_terms(tell), now=now)
        if slot is not None or is_unconfirmed:
            shelve(conversation, due_at=slot.ends_at if slot else conversation.due_at)
        conversation.save(force_insert=True)
        call = _write(conversation, wish.number, digest, offered.terms, slot, is_unconfirmed=is_unconfirmed, now=now)
        _say(conversation, call, about, wish.client_id, now)
        tell_of_plan(call, now=now)
        opened = partial(hooks.conversation_opened.send_robust, sender=Conversation, conversation=conversation)
        transaction.on_commit(opened, using=get_settings().database, robust=True)
    return conversation


def shelve(conversation: Conversation, *, due_at: datetime) -> None:
    """Have ``conversation`` wait for its time, in nobody's way: no clock runs until then. The caller saves it."""
    conversation.status, conversation.due_at = ConversationStatus.PLANNED, due_at
    conversation.owed_since = conversation.watch_at = conversation.resolve_by = None


def tell_of_plan(call: PhoneCall, *, now: datetime) -> None:
    """Have the shopper told by mail what was agreed, and reminded of it; in the caller's transaction."""
    if call.state == CallState.UNCONFIRMED:
        enqueue_mail(call, About.CONFIRM, now=now)
    else:
        enqueue_mail(call, About.RECEIPT, now=now)
        enqueue_reminder(call, now=now)


def _offered(page_path: str, now: datetime) -> Offered:
    terms = terms_for_page(page_path)
    if terms is None:
        raise NoCallsError("No queue takes calls for this page.")
    return offered_at(terms, now=now)


def _chosen(offered: Offered, starts_at: datetime | None) -> Slot | None:
    if starts_at is None:
        if not offered.is_open:
            raise ClosedNowError("It is not open now.")
        return None
    slot = find_slot(offered, starts_at)
    if slot is None:
        raise SlotTakenError("There is no such slot, or it is full.")
    return slot


def _write(
    conversation: Conversation,
    number: str,
    digest: str,
    terms: CallTerms,
    slot: Slot | None,
    *,
    is_unconfirmed: bool,
    now: datetime,
) -> PhoneCall:
    state = CallState.UNCONFIRMED if is_unconfirmed else CallState.DUE if slot is None else CallState.PLANNED
    call = PhoneCall(
        conversation=conversation,
        number=number,
        digest=digest,
        state=state,
        queue=terms.queue,
        call_at=slot.starts_at if slot else now,
        opened_at=now if state == CallState.DUE else None,
        asked_at=now,
    )
    try:
        with transaction.atomic(using=get_settings().database):
            call.save(force_insert=True)
    except IntegrityError:  # the same number in the same instant, from elsewhere
        raise NumberRefusedError("This number is not called just now.") from None
    if slot is not None:
        take_seat(call, terms, slot)
    return call


def _say(conversation: Conversation, call: PhoneCall, about: str, client_id: uuid.UUID, now: datetime) -> None:
    """Write what it is about, or that a call was asked for, under the sender's id; then when, so that the transcript has it."""
    if about:
        append(conversation, role=Role.SHOPPER, body=about, client_id=client_id, now=now)
        client_id = uuid.uuid4()
    say(conversation, lambda: _("A call was asked for: %(when)s.") % {"when": say_when(call)}, now=now, client_id=client_id)
