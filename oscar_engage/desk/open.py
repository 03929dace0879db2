"""How does a conversation begin? With the shopper's first message, the place it was asked from, and a promised time."""

import re
import uuid
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from django.db import transaction

from oscar_engage import hooks
from oscar_engage.conf import get_settings
from oscar_engage.decisions.models import Decision
from oscar_engage.decisions.outcomes import record_outcome
from oscar_engage.desk.flood import check_new_conversation
from oscar_engage.desk.models import Conversation, ConversationKind, Role
from oscar_engage.desk.post import append, promised_at
from oscar_engage.desk.text import clean_line, clean_message
from oscar_engage.visitors.models import Visitor

_LOCAL_PATH = re.compile(r"/(?![/\\])")


def open_note(
    *,
    visitor_id: uuid.UUID,
    body: str,
    now: datetime,
    visit_id: uuid.UUID | None = None,
    page_path: str = "",
    page_title: str = "",
    anchor: str = "",
    anchor_path: str = "",
    anchor_label: str = "",
    name: str = "",
    email: str = "",
    decision_id: uuid.UUID | None = None,
    client_id: uuid.UUID | None = None,
    language: str = "",
) -> Conversation:
    """Leave a question that an agent answers within the promised minutes; its ``due_at`` is that promise.

    ``email`` (checked by the form) is where a link to the answer goes. ``decision_id`` names the offer that was accepted;
    one of another visitor is ignored. A repeated ``client_id`` returns the conversation that is there already. Raises
    ``InvalidMessageError`` or ``TooManyError``.
    """
    conversation = Conversation(kind=ConversationKind.NOTE, visitor_id=visitor_id, visit_id=visit_id)
    conversation.email, conversation.language = email, language
    _place(conversation, page_path=page_path, page_title=page_title, anchor=anchor)
    _pin(conversation, name=name, anchor_path=anchor_path, anchor_label=anchor_label)
    return _open(conversation, body=body, decision_id=decision_id, client_id=client_id or uuid.uuid4(), now=now)


def open_chat(
    *,
    visitor_id: uuid.UUID,
    body: str,
    now: datetime,
    visit_id: uuid.UUID | None = None,
    page_path: str = "",
    page_title: str = "",
    anchor: str = "",
    anchor_path: str = "",
    anchor_label: str = "",
    name: str = "",
    decision_id: uuid.UUID | None = None,
    client_id: uuid.UUID | None = None,
    language: str = "",
) -> Conversation:
    """Begin a chat; it waits until an agent takes it. Arguments and errors as in :func:`open_note`."""
    conversation = Conversation(kind=ConversationKind.CHAT, visitor_id=visitor_id, visit_id=visit_id)
    conversation.language = language
    _place(conversation, page_path=page_path, page_title=page_title, anchor=anchor)
    _pin(conversation, name=name, anchor_path=anchor_path, anchor_label=anchor_label)
    return _open(conversation, body=body, decision_id=decision_id, client_id=client_id or uuid.uuid4(), now=now)


def _place(conversation: Conversation, *, page_path: str, page_title: str, anchor: str) -> None:
    """Say from which page, each text cut to its column. A path keeps neither host nor query: they may be personal."""
    conversation.page_path = _path_of(page_path)
    conversation.page_title = clean_line(page_title, longest=200)
    conversation.anchor = clean_line(anchor, longest=64)


def _pin(conversation: Conversation, *, name: str, anchor_path: str, anchor_label: str) -> None:
    """Say who asks and which element of the page it is about: a CSS path, and the words that the page has for it."""
    conversation.name = clean_line(name, longest=60)
    conversation.anchor_path = clean_line(anchor_path, longest=200)
    conversation.anchor_label = clean_line(anchor_label, longest=80)


def _path_of(address: str) -> str:
    r"""Return the path in ``address`` if a link to it stays in the shop: ``//host`` and ``/\\host`` do not."""
    try:
        path = clean_line(urlsplit(address).path, longest=500)
    except ValueError:
        return ""
    return path if _LOCAL_PATH.match(path) else ""


def _open(
    conversation: Conversation, *, body: str, decision_id: uuid.UUID | None, client_id: uuid.UUID, now: datetime
) -> Conversation:
    text = clean_message(body)
    visitor_id = conversation.visitor_id
    with transaction.atomic(using=get_settings().database):
        Visitor.objects.select_for_update(no_key=True).filter(pk=visitor_id).first()  # one at a time: repeats, the flood cap
        repeated = Conversation.objects.filter(visitor_id=visitor_id, messages__client_id=client_id).first()
        if repeated is not None:
            return repeated
        check_new_conversation(visitor_id, now=now)
        conversation.created_at, conversation.due_at = now, promised_at(now)
        conversation.decision_id = _accept(visitor_id, decision_id, now)
        conversation.save()
        append(conversation, role=Role.SHOPPER, body=text, client_id=client_id, now=now)
        transaction.on_commit(
            partial(hooks.conversation_opened.send_robust, sender=Conversation, conversation=conversation),
            using=get_settings().database,
            robust=True,
        )
    return conversation


def _accept(visitor_id: uuid.UUID, decision_id: uuid.UUID | None, now: datetime) -> uuid.UUID | None:
    """Record that the offer was accepted and return its id, or ``None`` if it was not made to this visitor."""
    if decision_id is None or not Decision.objects.filter(pk=decision_id, visitor_id=visitor_id).exists():
        return None
    record_outcome(visitor_id, decision_id, "accepted", now=now)
    return decision_id
