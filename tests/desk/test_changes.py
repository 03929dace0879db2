"""Does a page's mark change with everything that it shows, and with nothing else?"""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from oscar_engage.desk.changes import NOTHING, TICK, Mark, is_active, parse_mark, read_mark
from oscar_engage.desk.models import Agent, Conversation, Queue, Role
from oscar_engage.desk.post import post_message
from oscar_engage.desk.read import mark_read_by_agent
from oscar_engage.desk.take import close, take
from oscar_engage.desk.transfer.claim import where_is
from oscar_engage.desk.transfer.move import move_seen
from oscar_engage.desk.writing import note_agent_writing, note_looks, note_shopper_writing
from oscar_engage.visitors.models import Visit

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def move(conversation: Conversation, now: datetime) -> None:
    queue = Queue.objects.create(slug="r", name="R")
    move_seen(conversation, queue, seen=where_is(conversation), user=None, now=now)


@pytest.fixture
def own(chat: Conversation, agent: Agent, now: datetime) -> Conversation:
    return take(chat, agent, now=now)


def say(one: Conversation, now: datetime) -> None:
    post_message(one, role=Role.SHOPPER, body="Hello?", client_id=uuid.uuid4(), now=now)


CHANGES: dict[str, tuple[Callable[[Conversation, Conversation, Agent, datetime], object], set[str]]] = {
    "a message": (lambda own, other, ben, now: say(own, now), {"lists", "cards"}),
    "a message elsewhere": (lambda own, other, ben, now: say(other, now), {"lists"}),
    "read": (lambda own, other, ben, now: mark_read_by_agent(own, 1), {"lists", "cards"}),
    "taken by a colleague": (lambda own, other, ben, now: take(other, ben, now=now), {"lists"}),
    "closed": (lambda own, other, ben, now: close(own, now=now), {"lists", "cards"}),
    "moved": (lambda own, other, ben, now: move(other, now), {"lists"}),
    "the shopper writes": (lambda own, other, ben, now: note_shopper_writing(own, now=now), {"cards"}),
    "a colleague looks": (lambda own, other, ben, now: note_looks([own], ben, now=now), {"cards"}),
    "a colleague writes": (lambda own, other, ben, now: note_agent_writing(own, ben, now=now), {"cards"}),
    "a colleague looks elsewhere": (lambda own, other, ben, now: note_looks([other], ben, now=now), set()),
    "the shopper goes on": (lambda own, other, ben, now: Visit.objects.update(last_at=now + SECOND), {"shopper"}),
    "nothing": (lambda own, other, ben, now: None, set()),
}


@pytest.mark.parametrize("what", CHANGES)
def test_mark__each_change__shows_in_its_parts_alone(
    what: str, own: Conversation, note: Conversation, agent: Agent, make_agent: Callable[..., Agent], now: datetime
) -> None:
    visit = Visit.objects.create(visitor_id=own.visitor_id, started_at=now, last_at=now)
    Conversation.objects.filter(pk=own.pk).update(visit_id=visit.pk)
    ben = make_agent("Ben")

    def read() -> Mark:
        return read_mark(agent_id=agent.pk, cards=[own.public_id], focus=own.public_id, now=now + SECOND)

    before = read()
    change, expected = CHANGES[what]
    change(own, note, ben, now)

    after = read()
    assert {part for part in ("tick", "lists", "cards", "shopper") if getattr(before, part) != getattr(after, part)} == expected


def test_mark__own_look__is_no_change(own: Conversation, agent: Agent, now: datetime) -> None:
    before = read_mark(agent_id=agent.pk, cards=[own.public_id], focus="", now=now)
    note_looks([own], agent, now=now)
    assert read_mark(agent_id=agent.pk, cards=[own.public_id], focus="", now=now) == before


def test_mark__half_a_minute_later__is_another(own: Conversation, agent: Agent, now: datetime) -> None:
    before = read_mark(agent_id=agent.pk, cards=[], focus="", now=now)
    after = read_mark(agent_id=agent.pk, cards=[], focus="", now=now + TICK * SECOND)
    assert before != after
    assert replace(after, tick=before.tick) == before


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c.d.e", "x" * 500])
def test_parse_mark__nonsense__is_nothing(text: str) -> None:
    assert parse_mark(text) == NOTHING


def test_parse_mark__what_was_sent__comes_back(own: Conversation, agent: Agent, now: datetime) -> None:
    mark = read_mark(agent_id=agent.pk, cards=[own.public_id, "absent"], focus="", now=now)
    assert parse_mark(str(mark)) == mark


def test_is_active__user_is_gone_or_locked_out__is_not(agent: Agent) -> None:
    assert is_active(agent.user_id)
    type(agent.user).objects.update(is_active=False)
    assert not is_active(agent.user_id)
    assert not is_active(0)
