"""How does a conversation begin? With the shopper's first message, the place it was asked from, and a promised time."""

import uuid
from dataclasses import asdict
from datetime import datetime
from functools import partial

from django.db import transaction

from oscar_engage import hooks
from oscar_engage.conf import get_settings
from oscar_engage.decisions.models import Decision
from oscar_engage.decisions.outcomes import record_outcome
from oscar_engage.desk.carry.files import check_flood
from oscar_engage.desk.carry.load import NOTHING, Load
from oscar_engage.desk.dialer.seat import find_hold, seat_invited
from oscar_engage.desk.flood import check_new_conversation
from oscar_engage.desk.models import Conversation, ConversationKind, Role
from oscar_engage.desk.place import NOWHERE, Place
from oscar_engage.desk.post import append
from oscar_engage.desk.promises.choose import Tell, choose_terms
from oscar_engage.desk.promises.course import begin
from oscar_engage.desk.queues import queue_for_page
from oscar_engage.desk.text import clean_line, clean_message
from oscar_engage.visitors.models import Visitor


def open_conversation(
    kind: ConversationKind,
    *,
    visitor_id: uuid.UUID,
    body: str,
    now: datetime,
    visit_id: uuid.UUID | None = None,
    place: Place = NOWHERE,
    name: str = "",
    email: str = "",
    language: str = "",
    decision_id: uuid.UUID | None = None,
    client_id: uuid.UUID | None = None,
    tell: Tell | None = None,
    load: Load = NOTHING,
    customer_id: int | None = None,
) -> Conversation:
    """Begin a conversation with the question ``body``; it waits for an agent, who is to answer by ``due_at``: our promise.

    By which policy, their conditions tell once and for all, by what ``tell`` reads of the shopper.

    ``email`` (checked by the form) is where a link to the answer goes. ``decision_id`` names the offer that was accepted;
    one of another visitor is ignored, and whoever was invited is given an agent at once if there is one. A repeated
    ``client_id`` returns the conversation that is there already. ``load``: the files of the question. ``customer_id``: who is
    logged in. Raises
    ``InvalidMessageError``, ``TooManyError`` or ``BusyError``.
    """
    text, client_id, where = clean_message(body), client_id or uuid.uuid4(), place.cleaned()
    with transaction.atomic(using=get_settings().database):
        Visitor.objects.select_for_update(no_key=True).filter(pk=visitor_id).first()  # one at a time: repeats, the flood cap
        repeated = Conversation.objects.filter(visitor_id=visitor_id, messages__client_id=client_id).first()
        if repeated is not None:
            return repeated
        check_new_conversation(kind, visitor_id=visitor_id, email=email, now=now)
        hold = find_hold(visitor_id, decision_id) if kind == ConversationKind.CHAT else None
        conversation = Conversation(
            kind=kind,
            visitor_id=visitor_id,
            customer_id=customer_id,
            visit_id=visit_id,
            decision_id=accept_offer(visitor_id, decision_id, now),
            name=clean_line(name, longest=60),
            email=email,
            language=language,
            created_at=now,
            queue=queue_for_page(where.page_path) if hold is None or hold.queue is None else hold.queue,
            **asdict(where),
        )
        check_flood(conversation, len(load.files), now=now)
        begin(conversation, choose_terms(tell), now=now)
        conversation.save(force_insert=True)
        append(conversation, role=Role.SHOPPER, body=text, client_id=client_id, now=now, load=load)
        if hold is not None:
            seat_invited(conversation, hold, now=now)
        transaction.on_commit(
            partial(hooks.conversation_opened.send_robust, sender=Conversation, conversation=conversation),
            using=get_settings().database,
            robust=True,
        )
    return conversation


def accept_offer(visitor_id: uuid.UUID, decision_id: uuid.UUID | None, now: datetime) -> uuid.UUID | None:
    """Record that the offer was accepted and return its id, or ``None`` if it was not made to this visitor."""
    if decision_id is None or not Decision.objects.filter(pk=decision_id, visitor_id=visitor_id).exists():
        return None
    record_outcome(visitor_id, decision_id, "accepted", now=now)
    return decision_id
