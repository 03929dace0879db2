"""Do two browsers get each other's descriptions, two messages a connection, and does a talk end once, for a reason?"""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from oscar_engage.desk.models import Agent, Conversation, Message
from oscar_engage.desk.take import close
from oscar_engage.sharing.access import may_look, session_of_conversation, session_of_shopper
from oscar_engage.sharing.begin import ask as ask_for_page
from oscar_engage.sharing.finish import end, end_if_over
from oscar_engage.sharing.lease import ANSWER, CONNECTING, MOVING, SILENT
from oscar_engage.sharing.models import Ended, LiveKind, LiveMessage, LiveSession, LiveState, Side, Starter
from oscar_engage.sharing.shopper import note_paying
from oscar_engage.sharing.sweep import end_dead
from oscar_engage.visitors.models import Visitor
from oscar_engage.voices.begin import NotPossibleError, agree, ask_agent, ask_shopper, can_talk
from oscar_engage.voices.figures import step_report, talks
from oscar_engage.voices.says import read_says
from oscar_engage.voices.sdp import WrongSdpError
from oscar_engage.voices.talk import MOST_GENERATIONS, hear, leave
from oscar_engage.voices.words import words_for_agent, words_for_shopper
from tests.voices.conftest import NOW, PAGES, SDP, Say

pytestmark = pytest.mark.django_db
A_SECOND = timedelta(seconds=1)
SHOPPER, AGENT = Side.SHOPPER, Side.AGENT


def fresh(session: LiveSession) -> LiveSession:
    return LiveSession.objects.select_related("conversation", "agent").get(pk=session.pk)


def again(chat: Conversation) -> Conversation:
    return Conversation.objects.get(pk=chat.pk)


def last_words(chat: Conversation) -> str:
    return Message.objects.filter(conversation=chat).latest("seq").body


def test_off_by_default__nobody_can_ask(chat: Conversation, agent: Agent, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {}
    assert not can_talk(chat)
    with pytest.raises(NotPossibleError):
        ask_shopper(chat, agent, now=NOW)
    with pytest.raises(NotPossibleError):
        ask_agent(chat, now=NOW)


def test_agent_asks__begins_with_the_shoppers_yes_alone(chat: Conversation, agent: Agent) -> None:
    session = ask_shopper(chat, agent, now=NOW)
    assert (session.state, session.kind, again(chat).voice_id) == (LiveState.ASKED, LiveKind.VOICE, session.public_id)
    with pytest.raises(NotPossibleError):
        agree(session, by=Starter.AGENT, now=NOW)
    assert agree(session, by=Starter.SHOPPER, now=NOW + A_SECOND).state == LiveState.LIVE
    assert agree(fresh(session), by=Starter.SHOPPER, now=NOW + 2 * A_SECOND).begun_at == NOW + A_SECOND


def test_both_ask__that_is_a_yes(chat: Conversation, agent: Agent) -> None:
    session = ask_agent(chat, now=NOW)
    assert session.state == LiveState.ASKED
    assert ask_shopper(again(chat), agent, now=NOW).state == LiveState.LIVE


def test_beside_a_shared_page__both_go_on(chat: Conversation, agent: Agent, live: LiveSession) -> None:
    page = ask_for_page(again(chat), agent, now=NOW)
    assert (again(chat).voice_id, again(chat).live_id) == (live.public_id, page.public_id)
    end(page, Ended.AGENT, now=NOW)
    assert session_of_conversation(again(chat), kind=LiveKind.VOICE) == live
    assert (again(chat).voice_id, again(chat).live_id) == (live.public_id, "")


def test_connection__offer_then_answer__each_told_once(live: LiveSession, say: Say) -> None:
    assert say(live, SHOPPER).session.generation == 1
    assert say(live, AGENT).sdp == ""
    assert say(live, SHOPPER, generation=1, sdp=SDP).sdp == ""
    told = say(live, AGENT)
    assert (told.sdp, told.session.generation) == (SDP, 1)
    assert say(live, AGENT, generation=1, has=1, sdp=SDP, media=["audio"]).sdp == ""
    told = say(live, SHOPPER, generation=1, is_joined=True, now=NOW + A_SECOND)
    assert (told.sdp, told.media) == (SDP, ("audio",))
    assert fresh(live).joined_at == NOW + A_SECOND
    assert LiveMessage.objects.filter(session=live).count() == 2


@pytest.mark.parametrize("sides", [(SHOPPER, AGENT), (AGENT, SHOPPER)])
def test_both_begin_in_the_same_moment__both_are_heard(live: LiveSession, say: Say, sides: tuple[Side, Side]) -> None:
    first, second = sides
    seen = fresh(live)  # read before the other side wrote
    say(live, first)
    told = hear(seen, second, read_says(json.dumps({"page": PAGES[second], "begins": True}).encode()), now=NOW)
    assert (told.session.generation, told.is_other) == (1, False)
    assert not say(live, second, begins=False, generation=1, has=0, now=NOW + A_SECOND).is_other
    assert not say(live, first, begins=False, generation=1, has=0, now=NOW + A_SECOND).is_other
    assert (fresh(live).page, fresh(live).agent_page) == (PAGES[SHOPPER], PAGES[AGENT])


def test_ended_in_the_same_moment__is_told_so(live: LiveSession) -> None:
    seen = fresh(live)
    end(live, Ended.AGENT, now=NOW)
    told = hear(seen, SHOPPER, read_says(json.dumps({"page": PAGES[SHOPPER], "begins": True}).encode()), now=NOW)
    assert told.session.state == LiveState.ENDED


def test_answer_before_the_offer__or_of_another_generation__is_not_kept(live: LiveSession, say: Say) -> None:
    say(live, SHOPPER)
    say(live, AGENT, generation=1, sdp=SDP)
    say(live, SHOPPER, generation=7, sdp=SDP)
    assert not LiveMessage.objects.exists()


def test_page_changes__next_generation__old_page_is_told_and_not_heard(live: LiveSession, say: Say) -> None:
    say(live, SHOPPER)
    say(live, AGENT)
    leave(fresh(live), SHOPPER, PAGES[SHOPPER], now=NOW)
    say(live, AGENT, now=NOW + 6 * A_SECOND)
    assert say(live, SHOPPER, page="the-next-page", now=NOW + 8 * A_SECOND).session.generation == 2
    old = say(live, SHOPPER, begins=False, generation=2, sdp=SDP, now=NOW + 8 * A_SECOND)
    assert old.is_other
    assert not LiveMessage.objects.exists()
    assert say(live, AGENT, begins=False, now=NOW + 9 * A_SECOND).session.generation == 2
    assert say(live, AGENT, page="agent-next-page", now=NOW + 9 * A_SECOND).session.generation == 3


def test_broken__both_say_so__one_generation(live: LiveSession, say: Say) -> None:
    say(live, SHOPPER)
    assert say(live, SHOPPER, generation=1, is_broken=True).session.generation == 2
    assert say(live, AGENT, generation=1, is_broken=True).session.generation == 2


def test_broken_again_and_again__ends(live: LiveSession, say: Say) -> None:
    say(live, SHOPPER)
    LiveSession.objects.update(generation=MOST_GENERATIONS)
    assert say(live, AGENT, generation=MOST_GENERATIONS, is_broken=True).session.ended == Ended.UNCONNECTED


def test_hostile_description__changes_nothing(live: LiveSession, say: Say) -> None:
    say(live, SHOPPER)
    with pytest.raises(WrongSdpError):
        say(live, SHOPPER, generation=1, sdp=SDP + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n")
    assert fresh(live).shopper_seq == 0


def test_relay_only__addresses_do_not_reach_the_other_side(live: LiveSession, say: Say, settings: Any) -> None:
    turn = {"URLS": ["turn:turn.example"], "SECRET": "a-secret-of-sixteen"}
    settings.OSCAR_ENGAGE = {"VOICES": True, "VOICES_RELAY_ONLY": True, "VOICES_TURN": turn}
    say(live, SHOPPER)
    say(live, SHOPPER, generation=1, sdp=SDP)
    told = say(live, AGENT).sdp
    assert "typ relay" in told
    assert "192.168" not in told


@pytest.mark.parametrize(
    ("silent", "why"), [(SHOPPER, Ended.SHOPPER_GONE), (AGENT, Ended.AGENT_GONE)], ids=["shopper", "agent"]
)
def test_silence_of_either_side__ends_within_ten_seconds(live: LiveSession, say: Say, silent: Side, why: str) -> None:
    say(live, SHOPPER)
    say(live, AGENT)
    other = AGENT if silent == SHOPPER else SHOPPER
    for second in range(1, 7):
        assert say(live, other, now=NOW + second * A_SECOND).session.state == LiveState.LIVE
    ended = say(live, other, now=NOW + SILENT + A_SECOND).session
    assert (ended.state, ended.ended) == (LiveState.ENDED, why)
    assert again(live.conversation).voice_id == ""


def test_page_left__has_a_little_longer(live: LiveSession, say: Say) -> None:
    say(live, SHOPPER)
    leave(fresh(live), SHOPPER, PAGES[SHOPPER], now=NOW)
    say(live, AGENT, now=NOW + 6 * A_SECOND)
    assert say(live, AGENT, now=NOW + MOVING).session.state == LiveState.LIVE
    assert say(live, AGENT, now=NOW + MOVING + A_SECOND).session.ended == Ended.SHOPPER_GONE


def test_no_way_to_each_other__ends(live: LiveSession, say: Say) -> None:
    for second in range(0, int(CONNECTING.total_seconds()), 3):
        say(live, SHOPPER, now=NOW + second * A_SECOND)
        say(live, AGENT, now=NOW + second * A_SECOND)
    assert say(live, AGENT, now=NOW + CONNECTING + A_SECOND).session.ended == Ended.UNCONNECTED
    assert last_words(live.conversation) == "You did not talk: the two browsers found no way to each other."


def test_payment_page__ends_and_says_so(live: LiveSession, say: Say) -> None:
    say(live, SHOPPER)
    assert note_paying(live.conversation.public_id, now=NOW)
    ended = say(live, AGENT, now=NOW + A_SECOND).session
    assert ended.ended == Ended.PAYMENT
    assert "pay" in words_for_agent(ended)
    assert "pay" in words_for_shopper(ended)


@pytest.mark.parametrize("starter", [Starter.AGENT, Starter.SHOPPER])
def test_who_asks__leaves__the_question_goes(chat: Conversation, agent: Agent, starter: Starter, say: Say) -> None:
    is_agents = starter == Starter.AGENT
    session = ask_shopper(chat, agent, now=NOW) if is_agents else ask_agent(chat, now=NOW)
    say(session, AGENT if is_agents else SHOPPER, now=NOW + 5 * A_SECOND)
    assert not end_if_over(fresh(session), now=NOW + 5 * A_SECOND + SILENT)
    assert end_if_over(fresh(session), now=NOW + 6 * A_SECOND + SILENT)
    assert fresh(session).ended == (Ended.AGENT_GONE if is_agents else Ended.SHOPPER_GONE)


def test_question_that_stands__ends_unanswered(chat: Conversation, agent: Agent, say: Say) -> None:
    session = ask_shopper(chat, agent, now=NOW)
    at = NOW
    while at <= NOW + ANSWER:
        say(session, AGENT, now=at)
        at += 5 * A_SECOND
    assert say(session, AGENT, now=at).session.ended == Ended.UNANSWERED


def test_refused__and_conversation_closed__end_it(chat: Conversation, agent: Agent, say: Say) -> None:
    session = end(ask_shopper(chat, agent, now=NOW), Ended.REFUSED, now=NOW)
    assert last_words(chat) == "You did not talk: the shopper said no."
    session = agree(ask_shopper(again(chat), agent, now=NOW), by=Starter.SHOPPER, now=NOW)
    close(again(chat), now=NOW)
    assert say(session, AGENT, now=NOW).session.ended == Ended.CONVERSATION


def test_end__transcript_has_times_alone__nothing_is_left(live: LiveSession, say: Say) -> None:
    say(live, SHOPPER)
    say(live, SHOPPER, generation=1, sdp=SDP, is_joined=True)
    end(fresh(live), Ended.SHOPPER, now=NOW + timedelta(minutes=7))
    assert last_words(live.conversation) == "Talked in the browser 10:02–10:09."  # noqa: RUF001 - a span of time
    assert not LiveMessage.objects.exists()
    assert end(fresh(live), Ended.AGENT, now=NOW + timedelta(minutes=8)).ended == Ended.SHOPPER


def test_sweep__ends_what_both_left(live: LiveSession) -> None:
    end_dead({}, now=NOW + timedelta(minutes=1))
    assert fresh(live).state == LiveState.ENDED


def test_nobody_else_takes_part(live: LiveSession, agent: Agent, make_agent: Any) -> None:
    boss = get_user_model().objects.create_user("boss", "boss@shop.example")
    names = ["view_conversation", "supervise_conversation"]
    boss.user_permissions.set(Permission.objects.filter(codename__in=names))
    assert not may_look(live, agent_id=make_agent("Boss").pk, user=get_user_model().objects.get(pk=boss.pk))
    key = Visitor.objects.get(pk=live.conversation.visitor_id).key
    assert session_of_shopper(key, live.public_id, kind=LiveKind.VOICE) == live
    for wrong in ({"key": key, "kind": LiveKind.PAGE}, {"key": "x", "kind": LiveKind.VOICE}):
        with pytest.raises(LiveSession.DoesNotExist):
            session_of_shopper(wrong["key"], live.public_id, kind=LiveKind(wrong["kind"]))


def test_figures__count_what_came_of_it(live: LiveSession, chat: Conversation, agent: Agent, say: Say) -> None:
    say(live, SHOPPER)
    say(live, SHOPPER, generation=1, is_joined=True)
    end(fresh(live), Ended.AGENT, now=NOW + timedelta(minutes=4))
    end(ask_shopper(again(chat), agent, now=NOW), Ended.REFUSED, now=NOW)
    end(ask_shopper(again(chat), agent, now=NOW), Ended.SHOPPER_DENIED, now=NOW)
    span = (NOW - timedelta(days=1), NOW + timedelta(days=1))
    found = talks(*span)
    assert (found.joined, found.refused, found.unanswered, found.failed, found.minutes) == (1, 1, 0, 1, 4)
    assert step_report(*span).used == 1


def test_quiet_page__is_written_every_two_seconds_at_most(live: LiveSession, say: Say, django_assert_num_queries: Any) -> None:
    say(live, SHOPPER)
    say(live, SHOPPER)
    with django_assert_num_queries(1):  # the test's own look at the session
        say(live, SHOPPER, begins=False, generation=1, now=NOW + A_SECOND)
