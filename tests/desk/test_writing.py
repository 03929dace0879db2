"""Is it said who writes and who else looks, and does it end by itself?"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from oscar_engage.desk.models import Agent, Conversation, Look
from oscar_engage.desk.take import close, take
from oscar_engage.desk.writing import (
    LASTS,
    LOOK_LASTS,
    Colleague,
    colleagues_at,
    end_look,
    is_writing,
    note_agent_writing,
    note_looks,
    note_shopper_writing,
    sweep_looks,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def seen(agent: Agent, is_writing: bool, is_watching: bool = False) -> Colleague:
    return Colleague(agent_id=agent.pk, name=agent.display_name, is_writing=is_writing, is_watching=is_watching)


def test_shopper_writing__is_noted_once_and_ends(
    chat: Conversation, now: datetime, django_assert_num_queries: Callable[[int], Any]
) -> None:
    assert note_shopper_writing(chat, now=now)
    with django_assert_num_queries(0):
        assert not note_shopper_writing(chat, now=now + SECOND)
    chat.refresh_from_db()
    assert is_writing(chat.shopper_writes_until, now=now + LASTS - SECOND)
    assert not is_writing(chat.shopper_writes_until, now=now + LASTS)


def test_shopper_writing__closed_meanwhile__leaves_no_mark(chat: Conversation, now: datetime) -> None:
    stale = Conversation.objects.get(pk=chat.pk)
    close(chat, now=now)
    assert not note_shopper_writing(stale, now=now)
    chat.refresh_from_db()
    assert chat.shopper_writes_until is None


def test_agent_writing__own_chat__is_told_to_the_shopper_a_colleagues_is_not(
    chat: Conversation, agent: Agent, make_agent: Callable[..., Agent], now: datetime
) -> None:
    taken, ben = take(chat, agent, now=now), make_agent("Ben")
    note_agent_writing(taken, ben, now=now)
    chat.refresh_from_db()
    assert chat.agent_writes_until is None
    note_agent_writing(taken, agent, now=now)
    chat.refresh_from_db()
    assert chat.agent_writes_until == now + LASTS


def test_colleagues__look_and_write__are_named_and_end(
    chat: Conversation, agent: Agent, make_agent: Callable[..., Agent], now: datetime
) -> None:
    anna, ben = make_agent("Anna"), make_agent("Ben")
    note_looks([chat], anna, now=now)
    note_looks([chat], agent, now=now)
    note_agent_writing(chat, ben, now=now)

    assert colleagues_at([chat.pk], agent, now=now) == {chat.pk: [seen(ben, True), seen(anna, False)]}
    later = now + LASTS
    assert colleagues_at([chat.pk], agent, now=later) == {chat.pk: [seen(anna, False), seen(ben, False)]}
    assert colleagues_at([chat.pk], agent, now=now + LOOK_LASTS) == {}
    end_look(chat, anna)
    assert colleagues_at([chat.pk], agent, now=later) == {chat.pk: [seen(ben, False)]}


def test_looks__again_and_again__are_written_seldom(
    chat: Conversation, note: Conversation, agent: Agent, now: datetime, django_assert_num_queries: Callable[[int], Any]
) -> None:
    note_looks([chat, note], agent, now=now)
    with django_assert_num_queries(1):
        note_looks([chat, note], agent, now=now + 14 * SECOND)
    note_looks([chat, note], agent, now=now + 15 * SECOND)
    assert set(Look.objects.values_list("at", flat=True)) == {now + 15 * SECOND}


def test_sweep__an_hour_later__nothing_is_left(chat: Conversation, agent: Agent, now: datetime) -> None:
    note_looks([chat], agent, now=now)
    sweep_looks({}, now=now + timedelta(minutes=59))
    assert Look.objects.exists()
    sweep_looks({}, now=now + timedelta(hours=1))
    assert not Look.objects.exists()


def test_colleagues__one_and_three_conversations__take_one_query_and_each_has_its_own(
    chat: Conversation,
    agent: Agent,
    make_agent: Callable[..., Agent],
    now: datetime,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    ben = make_agent("Ben")
    note_looks([chat], ben, now=now)
    others = [chat.pk + 1, chat.pk + 2, chat.pk + 3]
    with django_assert_num_queries(1):
        assert colleagues_at([chat.pk], agent, now=now) == {chat.pk: [seen(ben, False)]}
    with django_assert_num_queries(1):
        assert colleagues_at([*others[:2], chat.pk], agent, now=now) == {chat.pk: [seen(ben, False)]}
    assert colleagues_at([*others, chat.pk], agent, now=now) == {chat.pk: [seen(ben, False)]}
    assert colleagues_at([], agent, now=now) == {}
