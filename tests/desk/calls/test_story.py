"""Does a call go its whole way? Asked for, planned, due, tried, tried again, reached or given up; the shopper told of each."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from oscar_engage.desk.calls.due import open_due
from oscar_engage.desk.calls.models import CallOutcome, CallState, CallTry, PhoneCall
from oscar_engage.desk.calls.plan import call_off, keep_for
from oscar_engage.desk.calls.ring import NotMineError, begin_try
from oscar_engage.desk.calls.settle import Told, settle_try
from oscar_engage.desk.models import Agent, ConversationStatus
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.take import close, take
from oscar_engage.jobs.run import run_due
from tests.desk.calls.conftest import NUMBER, AskCall, at

MakeAgent = Callable[..., Agent]


def sweep(now: datetime) -> None:
    open_due({}, now=now)


def online(agent: Agent, now: datetime) -> Agent:
    return set_presence(agent, "online", now=now)


def call_and_tell(call: PhoneCall, agent: Agent, outcome: CallOutcome, now: datetime, **told: Any) -> PhoneCall:
    online(agent, now)
    take(call.conversation, agent, now=now)
    begin_try(call.conversation, agent, now=now)
    settle_try(call.conversation, agent, Told(outcome=outcome, **told), now=now)
    call.refresh_from_db()
    call.conversation.refresh_from_db()
    return call


def said(call: PhoneCall) -> list[str]:
    return list(call.conversation.messages.order_by("seq").values_list("body", flat=True))


def test_asked_for_tomorrow_at_ten__opens_then_and_not_before(ask_call: AskCall, agent: Agent) -> None:
    call = ask_call(starts_at=at(10, day=5), about="Does the lamp fit?")

    assert call.conversation.status == ConversationStatus.PLANNED
    assert said(call) == ["Does the lamp fit?", "A call was asked for: Tuesday, May 5, between 10:00 and 10:15."]
    sweep(at(9, 59, day=5))
    call.conversation.refresh_from_db()
    assert call.conversation.status == ConversationStatus.PLANNED
    sweep(at(10, day=5))
    sweep(at(10, 1, day=5))
    call.refresh_from_db()
    call.conversation.refresh_from_db()
    assert (call.state, call.opened_at) == (CallState.DUE, at(10, day=5))
    assert (call.conversation.status, call.conversation.due_at) == (ConversationStatus.WAITING, at(10, 15, day=5))


def test_asked_for_now__waits_for_an_agent_at_once(ask_call: AskCall, now: datetime) -> None:
    call = ask_call()

    assert (call.state, call.conversation.status, call.seat) == (CallState.DUE, ConversationStatus.WAITING, None)
    assert call.conversation.due_at > now


def test_reached__kept_in_time_and_the_agent_goes_on(ask_call: AskCall, agent: Agent, now: datetime) -> None:
    call = call_and_tell(ask_call(), agent, CallOutcome.REACHED, now + timedelta(minutes=2))

    assert call.state == CallState.REACHED
    assert (call.conversation.status, call.conversation.agent) == (ConversationStatus.OPEN, agent)
    assert call.conversation.first_reply_at == now + timedelta(minutes=2)
    close(call.conversation, agent, now=now + timedelta(minutes=9))
    agent.refresh_from_db()
    assert agent.used_tenths == 0
    call.refresh_from_db()
    assert call.state == CallState.REACHED


def test_no_answer__tried_after_each_pause_then_over_and_told(ask_call: AskCall, agent: Agent, now: datetime) -> None:
    call = ask_call(email="ada@example.com")

    call = call_and_tell(call, agent, CallOutcome.NO_ANSWER, at(9, 40))
    agent.refresh_from_db()
    assert (call.state, call.call_at, agent.used_tenths) == (CallState.PLANNED, at(9, 55), 0)
    sweep(at(9, 55))
    call = call_and_tell(call, agent, CallOutcome.NO_ANSWER, at(15, 30))
    assert call.call_at == at(9, day=5), "two hours later it is closed: the next morning"
    sweep(at(9, day=5))
    call = call_and_tell(call, agent, CallOutcome.NO_ANSWER, at(9, 5, day=5))

    assert (call.state, call.conversation.status) == (CallState.MISSED, ConversationStatus.CLOSED)
    run_due(now=at(12, day=5))
    assert [letter.subject.partition(":")[0] for letter in mail.outbox][-1] == "We could not reach you"
    assert NUMBER not in "".join(letter.body for letter in mail.outbox)


def test_later__has_a_seat_in_the_slot_and_costs_no_try(ask_call: AskCall, agent: Agent, now: datetime) -> None:
    call = call_and_tell(ask_call(), agent, CallOutcome.LATER, at(9, 40), later=at(14))

    assert (call.state, call.starts_at, call.seat, call.call_at) == (CallState.PLANNED, at(14), 0, at(14))
    sweep(at(14))
    call = call_and_tell(call, agent, CallOutcome.NO_ANSWER, at(14, 5))
    assert (call.call_at, call.seat) == (at(14, 20), None)


def test_wrong_number__over_at_once(ask_call: AskCall, agent: Agent, now: datetime) -> None:
    call = call_and_tell(ask_call(), agent, CallOutcome.WRONG_NUMBER, now)

    assert (call.state, call.conversation.status) == (CallState.WRONG, ConversationStatus.CLOSED)


def test_call__by_who_has_not_taken_it__refused(ask_call: AskCall, agent: Agent, make_agent: MakeAgent, now: datetime) -> None:
    call = ask_call()
    take(call.conversation, agent, now=now)

    with pytest.raises(NotMineError):
        begin_try(call.conversation, make_agent("Noa"), now=now)
    first = begin_try(call.conversation, agent, now=now)
    assert begin_try(call.conversation, agent, now=now).pk == first.pk
    with pytest.raises(NotMineError):
        settle_try(call.conversation, make_agent("Lea"), Told(outcome=CallOutcome.REACHED), now=now)


def test_agent_gone__another_calls_unless_the_shopper_was_reached(ask_call: AskCall, agent: Agent, now: datetime) -> None:
    call = ask_call()
    take(call.conversation, agent, now=now)
    begin_try(call.conversation, agent, now=now)
    set_presence(agent, "offline", now=now)

    call.conversation.refresh_from_db()
    assert (call.conversation.status, call.conversation.agent) == (ConversationStatus.WAITING, None)
    call = call_and_tell(call, agent, CallOutcome.REACHED, now)
    set_presence(agent, "offline", now=now)
    call.conversation.refresh_from_db()
    assert call.conversation.status == ConversationStatus.OPEN
    assert list(CallTry.objects.order_by("pk").values_list("outcome", flat=True)) == ["left", "reached"]


def test_kept_for_an_agent__theirs_when_there_else_anybodys(ask_call: AskCall, make_agent: MakeAgent, now: datetime) -> None:
    mia, noa = make_agent("Mia"), make_agent("Noa")
    hers, his = ask_call(starts_at=at(11)), ask_call(starts_at=at(11, 15), number="+442079460143")
    assert keep_for(hers, mia, user=mia.user, now=now)
    assert keep_for(his, noa, user=mia.user, now=now)
    set_presence(noa, "offline", now=now)
    online(mia, at(11, 15))

    sweep(at(11, 15))

    for call, agent, status in ((hers, mia, "open"), (his, None, "waiting")):
        call.conversation.refresh_from_db()
        assert (call.conversation.agent, call.conversation.status) == (agent, status)


def test_called_off__seat_free_told_by_mail_and_nothing_opens(ask_call: AskCall, now: datetime) -> None:
    call = ask_call(starts_at=at(11), email="ada@example.com")

    assert call_off(call, now=now)
    assert not call_off(call, now=now)
    assert ask_call(starts_at=at(11), number="+442079460143").seat == 0
    sweep(at(11))
    call.conversation.refresh_from_db()
    assert call.conversation.status == ConversationStatus.CLOSED
    run_due(now=at(10, 59))
    assert [letter.subject.partition(":")[0] for letter in mail.outbox] == ["The call is called off"]


def test_reminder__once_an_hour_before_and_not_of_a_call_called_off(ask_call: AskCall, now: datetime) -> None:
    call = ask_call(starts_at=at(14), email="ada@example.com")
    other = ask_call(starts_at=at(14, 15), email="bob@example.com", number="+442079460143")
    call_off(other, now=now)
    for hour, minute in ((9, 35), (12, 59), (13, 0), (13, 1), (13, 30)):
        run_due(now=at(hour, minute))

    subjects = [(letter.to[0], letter.subject.partition(":")[0]) for letter in mail.outbox]
    assert subjects == [
        ("ada@example.com", "We call you"),
        ("bob@example.com", "The call is called off"),
        ("ada@example.com", "We call you soon"),
    ]
    assert call.number not in mail.outbox[0].body
    assert "+44 … 18" in mail.outbox[0].body
