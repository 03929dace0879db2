"""How does the outside desk come to know it? A job writes there what it has not, in order, one worker at a time.

Before a message is written there, the row says that it is being written; so whoever comes after a worker that died looks for
it first, by our key, and nothing is there twice. Whatever fails is tried again with all that came since.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.carry.show import full_words
from oscar_engage.desk.link import shop_address
from oscar_engage.desk.models import Agent, Conversation, ConversationStatus, Message, Role
from oscar_engage.desk.queues import read_queues
from oscar_engage.jobs.registry import in_two_steps
from oscar_engage.outside.adapter import get_desk
from oscar_engage.outside.agents import email_of
from oscar_engage.outside.facts import case_of, facts_of, say_facts
from oscar_engage.outside.models import OutsideConversation, OutsideMessage
from oscar_engage.outside.plan import CARRY, plan_after_lease
from oscar_engage.outside.port import Author, GoneError, OutsideDesk, OutsideError, Place, Words
from oscar_engage.outside.state import watched

LEASE = timedelta(minutes=4)
"""For how long one worker may write there; a killed one's conversation waits so long."""

MOST = 30
"""Messages of one job: with five seconds each at worst, less than :data:`LEASE`. What is left comes with the next."""

MOST_ROUNDS = 5
"""How often one job looks again whether something came while it wrote."""

ABOUT = 0
"""What ``told_seq`` says once the facts are there; before, it is ``None``."""


def place_to_port(place: OutsideConversation) -> Place:
    """Return where it is there."""
    return Place(conversation=place.outside_id, contact=place.contact_id)


def outstanding(place: OutsideConversation, conversation: Conversation) -> bool:
    """Whether something of ``conversation`` is not there yet."""
    is_closed = conversation.status == ConversationStatus.CLOSED
    return (
        not place.outside_id
        or place.told_seq is None
        or place.told_seq < conversation.last_seq
        or (place.told_agent or 0) != (conversation.agent_id or 0)
        or is_closed > place.told_closed
    )


def _read(payload: Mapping[str, Any], *, now: datetime) -> None:
    desk = get_desk()
    rows = OutsideConversation.objects.filter(pk=payload["place"], conversation__isnull=False)
    for _round in range(MOST_ROUNDS):
        place = rows.select_related("conversation").filter(desk=desk.name if desk else "").first()
        if desk is None or place is None or place.conversation is None or not outstanding(place, place.conversation):
            return
        with _lease(place, now) as is_mine:
            if not is_mine:  # who has it looks again when it is given back, and so finds what we came for; if it dies, we do
                plan_after_lease(place.pk, now=now)
                return
            _pass_over(place, place.conversation)
            if not outstanding(place, place.conversation):
                continue
            with watched(desk, now=now):
                _bring_up_or_begin_anew(desk, place, place.conversation)
    raise OutsideError("there is more than one job may write")


@contextmanager
def _lease(place: OutsideConversation, now: datetime) -> Iterator[bool]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    until = now + LEASE
    own = OutsideConversation.objects.filter(pk=place.pk)
    is_mine = bool(own.filter(free).update(lease_until=until))
    try:
        yield is_mine
    finally:
        if is_mine:
            own.filter(lease_until=until).update(lease_until=None)


def _pass_over(place: OutsideConversation, conversation: Conversation) -> None:
    """Count as told what comes next and is nothing to tell: so a desk that was not asked does not pass for one that answers."""
    place.refresh_from_db(fields=["told_seq", "telling_seq", "told_agent", "told_closed", "outside_id", "is_opening"])
    if place.told_seq is None:
        return
    passed = place.told_seq
    for message in conversation.messages.filter(seq__gt=passed).select_related("outside").order_by("seq")[:MOST]:
        if not _is_silent(message):
            break
        passed = message.seq
    if passed != place.told_seq:
        _save(place, told_seq=passed, telling_seq=None)


def _is_silent(message: Message) -> bool:
    """Whether a message was said by nobody, or was said there."""
    return message.role == Role.SYSTEM or hasattr(message, "outside")


def _bring_up_or_begin_anew(desk: OutsideDesk, place: OutsideConversation, conversation: Conversation) -> None:
    """Do it; what somebody deleted there is begun there anew with all of it while it goes on, and else let be."""
    try:
        _bring_up_to_date(desk, place, conversation)
    except GoneError:
        if not place.outside_id:  # it was not there before, so something else is missing
            raise
        if conversation.status == ConversationStatus.CLOSED:
            _save(place, told_seq=conversation.last_seq, told_agent=conversation.agent_id, told_closed=True)
            return
        OutsideMessage.objects.filter(place=place).delete()
        _save(place, outside_id="", contact_id="", told_seq=None, telling_seq=None, cursor="")


def _bring_up_to_date(desk: OutsideDesk, place: OutsideConversation, conversation: Conversation) -> None:
    if not place.outside_id:
        _open(desk, place, conversation)
    if place.told_seq is None:
        _tell_facts(desk, place, conversation)
    _tell_messages(desk, place, conversation)
    _tell_agent(desk, place, conversation)
    if conversation.status == ConversationStatus.CLOSED and not place.told_closed and place.told_seq == conversation.last_seq:
        desk.close(place_to_port(place))
        _save(place, told_closed=True)


def _open(desk: OutsideDesk, place: OutsideConversation, conversation: Conversation) -> None:
    is_repeat, case = place.is_opening, case_of(conversation, read_queues())
    _save(place, is_opening=True, key=case.key, person=case.person)
    opened = desk.open(case, is_repeat=is_repeat)
    _save(place, outside_id=opened.conversation[:64], contact_id=opened.contact[:64], is_opening=False)


def _tell_facts(desk: OutsideDesk, place: OutsideConversation, conversation: Conversation) -> None:
    text = say_facts(facts_of(conversation, read_queues()))
    _write(desk, place, ABOUT, Words(key=_key(conversation, ABOUT), author="note", text=text))
    _save(place, told_seq=ABOUT, telling_seq=None)


def _tell_messages(desk: OutsideDesk, place: OutsideConversation, conversation: Conversation) -> None:
    fresh = conversation.messages.filter(seq__gt=place.told_seq or 0).select_related("agent", "outside").order_by("seq")
    for message, text in full_words(conversation, fresh[:MOST], address=shop_address()):
        if _is_silent(message):
            _save(place, told_seq=message.seq, telling_seq=None)
            continue
        author: Author = "shopper" if message.role == Role.SHOPPER else "agent"
        name = message.agent.display_name if message.agent else ""
        key = _key(conversation, message.seq)
        outside_id = _write(desk, place, message.seq, Words(key=key, author=author, text=text, name=name))
        _note_told(place, message, outside_id)


def _note_told(place: OutsideConversation, message: Message, outside_id: str) -> None:
    with transaction.atomic(using=get_settings().database):
        if Message.objects.select_for_update().filter(pk=message.pk).exists():  # it may have been erased meanwhile
            told = {"message": message, "outside_id": outside_id[:64]}
            OutsideMessage.objects.get_or_create(place=place, message=message, defaults=told)
        _save(place, told_seq=message.seq, telling_seq=None)


def _write(desk: OutsideDesk, place: OutsideConversation, seq: int, words: Words) -> str:
    is_repeat = place.telling_seq == seq
    _save(place, telling_seq=seq)
    return desk.say(place_to_port(place), words, is_repeat=is_repeat)


def _tell_agent(desk: OutsideDesk, place: OutsideConversation, conversation: Conversation) -> None:
    """Give it to the same agent there; who has no account there is named in a note instead."""
    conversation.refresh_from_db(fields=["agent"])
    place.refresh_from_db(fields=["told_agent"])
    agent, before = conversation.agent, place.told_agent
    if (before or 0) == (conversation.agent_id or 0):
        return
    if agent is not None and not desk.assign(place_to_port(place), email_of(agent)):
        key = f"{_key(conversation, ABOUT)}:agent:{agent.pk}"
        desk.say(place_to_port(place), Words(key=key, author="note", text=_say_taken(agent)), is_repeat=True)
    same = OutsideConversation.objects.filter(pk=place.pk, told_agent=before)  # unless somebody there has taken it meanwhile
    same.update(told_agent=conversation.agent_id, is_held=False)


def _say_taken(agent: Agent) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return _("%(agent)s answers this in the shop's desk.") % {"agent": agent.display_name}


def _key(conversation: Conversation, seq: int) -> str:
    return f"{conversation.public_id}:{seq}"


def _save(place: OutsideConversation, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(place, name, value)
    if not OutsideConversation.objects.filter(pk=place.pk).update(**changes):
        raise OutsideError("the row is gone")


def _write_nothing(read: None, *, now: datetime) -> None:
    """Do nothing: each step was written when it was done, also where a later one failed and the job is rolled back."""


in_two_steps(CARRY, read=_read, write=_write_nothing)
