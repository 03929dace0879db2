"""Does a shared page begin with a yes, go on in order, and end once, with nothing of it left?"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from oscar_engage.desk.models import Agent, Conversation, Message
from oscar_engage.desk.take import close
from oscar_engage.sharing import shopper as shopper_side
from oscar_engage.sharing import strip
from oscar_engage.sharing.access import may_look, session_of_conversation, session_of_shopper
from oscar_engage.sharing.agent import VERBS_HELD, hear_agent, messages_after, names_of_lookers
from oscar_engage.sharing.begin import NotPossibleError, agree, ask, can_share, offer
from oscar_engage.sharing.finish import end, end_if_over
from oscar_engage.sharing.lease import ANSWER, MOVING, SILENT
from oscar_engage.sharing.models import Ended, LiveMessage, LiveSession, LiveState, Pause, Starter
from oscar_engage.sharing.shopper import leave, note_paying
from oscar_engage.sharing.sweep import end_dead, purge_recordings
from oscar_engage.sharing.verbs import read_agent
from oscar_engage.visitors.models import Visitor
from tests.sharing.conftest import NOW, Say, a_page

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(seconds=3)
LATER = NOW + timedelta(minutes=7)


def verbs(*said: dict[str, Any], after: int = 0) -> Any:
    return read_agent(json.dumps({"after": after, "verbs": said}).encode())


def fresh(session: LiveSession) -> LiveSession:
    return LiveSession.objects.select_related("conversation", "agent").get(pk=session.pk)


def last_words(chat: Conversation) -> str:
    return Message.objects.filter(conversation=chat).latest("seq").body


def test_ask_and_yes__goes_on_and_says_so_at_the_conversation(chat: Conversation, agent: Agent) -> None:
    session = ask(chat, agent, now=NOW)
    assert (session.state, session.starter, chat.live_id) == (LiveState.ASKED, Starter.AGENT, session.public_id)
    assert ask(chat, agent, now=SOON).pk == session.pk
    assert agree(session, now=SOON).state == LiveState.LIVE
    assert agree(session, now=SOON + timedelta(seconds=1)).begun_at == SOON
    assert session_of_conversation(Conversation.objects.get(pk=chat.pk)) == session


def test_no__ends_and_leaves_nothing_but_that(chat: Conversation, agent: Agent) -> None:
    session = end(ask(chat, agent, now=NOW), Ended.REFUSED, now=SOON)
    assert (session.state, session.ended) == (LiveState.ENDED, Ended.REFUSED)
    assert Conversation.objects.get(pk=chat.pk).live_id == ""
    assert last_words(chat) == "The page was not shared: the shopper said no."
    with pytest.raises(NotPossibleError):
        agree(session, now=SOON)


def test_question_without_an_answer__ends_by_itself_and_can_be_asked_anew(chat: Conversation, agent: Agent) -> None:
    session = ask(chat, agent, now=NOW)
    late = NOW + ANSWER + timedelta(seconds=1)
    with pytest.raises(NotPossibleError):
        agree(session, now=late)
    assert fresh(session).ended == Ended.UNANSWERED
    assert last_words(chat) == "The page was not shared."
    assert ask(Conversation.objects.get(pk=chat.pk), agent, now=late).pk != session.pk


def test_shopper_wants_it__begins_at_once__also_while_the_agent_asks(chat: Conversation, agent: Agent) -> None:
    asked = ask(chat, agent, now=NOW)
    assert offer(chat, now=SOON).pk == asked.pk
    assert fresh(asked).state == LiveState.LIVE
    end(asked, Ended.SHOPPER, now=SOON)
    assert offer(Conversation.objects.get(pk=chat.pk), now=LATER).starter == Starter.SHOPPER


def test_not_possible__without_agent__off__or_for_a_colleague(
    chat: Conversation, make_agent: Callable[..., Agent], settings: Any
) -> None:
    with pytest.raises(NotPossibleError):
        ask(chat, make_agent("Eve"), now=NOW)
    assert can_share(chat)
    for off in ({"MODULES_OFF": ["shared_page"]}, {"SNAPSHOT_PAGES": []}):
        settings.OSCAR_ENGAGE = off
        assert not can_share(chat)
        with pytest.raises(NotPossibleError):
            offer(chat, now=NOW)
    settings.OSCAR_ENGAGE = {}
    assert not can_share(close(chat, now=NOW))


def test_talk__page_comes_through__hand_goes_back__who_looks_is_named(live: LiveSession, agent: Agent, say: Say) -> None:
    assert say(live).seq == 1
    seen = hear_agent(fresh(live), agent, verbs({"do": "point", "x": 1, "y": 2}, {"do": "point", "x": 5, "y": 6}), now=NOW)
    ((seq, body),) = seen.messages
    assert (seq, json.loads(body)["events"][0]["type"]) == (1, 4)
    assert hear_agent(fresh(live), agent, verbs(after=1), now=NOW).messages == []
    heard = say(live, events=[], seq=0, begins=False, spot=None)
    assert [json.loads(verb) for _seq, verb in heard.verbs] == [{"do": "point", "x": 5.0, "y": 6.0}]
    assert names_of_lookers(heard.session, now=NOW) == ["Ben"]
    assert names_of_lookers(heard.session, now=LATER) == []
    assert say(live, events=[], seq=0, begins=False, after=1).verbs == []


def test_talk__said_twice_or_with_a_gap__taken_once_and_asked_for_anew(live: LiveSession, say: Say) -> None:
    say(live)
    twice = say(live, seq=1, begins=False)
    assert (twice.seq, twice.again, LiveMessage.objects.count()) == (1, False, 1)
    gap = say(live, seq=5, begins=False)
    assert (gap.seq, gap.again, LiveMessage.objects.count()) == (1, True, 1)
    assert say(live, begins=False, page="another-page-of-them").is_other
    assert say(live, begins=False, events=[], spot={"x": 3, "y": 4}).seq == 2


def test_new_page__takes_the_place_of_the_one_before(live: LiveSession, agent: Agent, say: Say) -> None:
    say(live)
    say(live, begins=False, events=[{"type": 3, "data": {"source": 3, "id": 1, "x": 0, "y": 9}, "timestamp": 2}])
    assert LiveMessage.objects.count() == 2
    say(live, page="second-page-of-them", events=a_page("Stove"))
    (only,) = LiveMessage.objects.all()
    assert only.seq == 3
    assert b"Stove" in hear_agent(fresh(live), agent, verbs(), now=NOW).messages[0][1]
    assert say(live, begins=False).is_other  # the page that was left says nothing any more


def test_private_page__shows_nothing_and_forgets_what_was_shown(live: LiveSession, agent: Agent, say: Say) -> None:
    say(live)
    heard = say(live, is_private=True, page="account-page-of-them", now=SOON)
    assert heard.session.pause == Pause.PRIVATE
    assert not LiveMessage.objects.exists()
    assert hear_agent(fresh(live), agent, verbs(), now=SOON).messages == []
    assert say(live, page="second-page-of-them", now=SOON).session.pause == Pause.NONE
    assert len(hear_agent(fresh(live), agent, verbs(), now=SOON).messages) == 1


def test_hidden_tab_and_payment__are_pauses__payment_may_take_minutes(live: LiveSession, say: Say) -> None:
    say(live)
    assert say(live, begins=False, is_hidden=True, events=[], seq=0).session.pause == Pause.HIDDEN
    assert note_paying(live.conversation.public_id, now=NOW)
    assert say(live, page="late-page-of-them", now=NOW + timedelta(seconds=1)).is_early
    assert not end_if_over(fresh(live), now=NOW + timedelta(seconds=30))
    assert say(live, page="after-paying-page", now=NOW + timedelta(seconds=30)).session.pause == Pause.NONE
    leave(live, "after-paying-page", now=NOW + timedelta(seconds=40))
    assert not end_if_over(fresh(live), now=NOW + timedelta(seconds=40) + MOVING)
    assert end_if_over(fresh(live), now=NOW + timedelta(seconds=41) + MOVING)


@pytest.mark.attack("N09")
def test_n09__silence_of_either_side__ends_within_ten_seconds_with_nothing_left(
    live: LiveSession, agent: Agent, say: Say
) -> None:
    say(live)
    hear_agent(fresh(live), agent, verbs({"do": "clear"}), now=NOW)
    gone = NOW + SILENT + timedelta(seconds=1)
    seen = hear_agent(fresh(live), agent, verbs(), now=gone)
    assert (seen.session.state, seen.session.ended) == (LiveState.ENDED, Ended.SHOPPER_GONE)
    assert not LiveMessage.objects.exists()
    assert say(live, now=gone).session.state == LiveState.ENDED
    assert not LiveMessage.objects.exists()
    again = ask(Conversation.objects.get(pk=live.conversation_id), agent, now=gone)
    assert again.state == LiveState.ASKED  # consent is asked anew


@pytest.mark.attack("N09")
def test_n09__agent_gone__conversation_closed_or_nobody_asks__ends(live: LiveSession, agent: Agent, say: Say) -> None:
    hear_agent(fresh(live), agent, verbs(), now=NOW)
    say(live, now=NOW + timedelta(seconds=5))
    heard = say(live, now=NOW + SILENT + timedelta(seconds=1))
    assert heard.session.ended == Ended.AGENT_GONE
    other = offer(Conversation.objects.get(pk=live.conversation_id), now=LATER)
    end_dead({}, now=LATER + timedelta(minutes=3))
    assert fresh(other).state == LiveState.ENDED
    third = offer(Conversation.objects.get(pk=live.conversation_id), now=LATER)
    close(third.conversation, now=LATER)
    assert say(third, now=LATER).session.ended == Ended.CONVERSATION


def test_end__transcript_has_times_and_outcome_alone__twice_is_once(live: LiveSession, chat: Conversation, say: Say) -> None:
    say(live, events=a_page("Stove"))
    end(live, Ended.SHOPPER, now=LATER)
    end(live, Ended.AGENT, now=LATER)
    assert fresh(live).ended == Ended.SHOPPER
    assert last_words(chat) == "Page shared 10:02–10:09."  # noqa: RUF001 - a span of time has an en dash
    assert Message.objects.filter(conversation=chat, body__contains="Stove").count() == 0


def test_flood__begins_again__and_ends_where_it_goes_on(live: LiveSession, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    say(live)
    monkeypatch.setattr(shopper_side, "MOST_HELD", 10)
    heard = say(live, begins=False, spot={"x": 1, "y": 1}, events=[])
    assert heard.again
    monkeypatch.setattr(shopper_side, "FAR_TOO_MUCH", 20)
    assert say(live, begins=False).session.ended == Ended.TOO_MUCH
    assert not LiveMessage.objects.exists()


def test_more_nodes_than_any_page_has__ends(live: LiveSession, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strip._Walk.__init__, "__defaults__", (2,))
    assert say(live).session.ended == Ended.TOO_MUCH


def test_verbs__of_who_only_looks_on__are_dropped__and_few_are_held(
    live: LiveSession, agent: Agent, make_agent: Callable[..., Agent], say: Say
) -> None:
    say(live)
    hear_agent(fresh(live), make_agent("Eve"), verbs({"do": "clear"}), now=NOW)
    assert fresh(live).agent_seq == 0
    assert names_of_lookers(fresh(live), now=NOW) == ["Eve"]
    for _turn in range(4):
        hear_agent(fresh(live), agent, verbs(*[{"do": "clear"}] * 20), now=NOW)
    assert LiveMessage.objects.filter(session=live, side="agent").count() == VERBS_HELD


def test_recording__only_with_the_shops_setting_and_the_shoppers_yes__goes_after_its_days(
    chat: Conversation, agent: Agent, say: Say, settings: Any
) -> None:
    session = agree(ask(chat, agent, now=NOW), keeps=True, now=NOW)
    assert not session.keeps
    end(session, Ended.SHOPPER, now=NOW)
    settings.OSCAR_ENGAGE = {"SHARED_PAGE_DAYS": 14}
    kept = offer(Conversation.objects.get(pk=chat.pk), keeps=True, now=NOW)
    say(kept)
    say(kept, page="second-page-of-them")
    end(kept, Ended.SHOPPER, now=NOW)
    assert LiveMessage.objects.filter(session=kept).count() == 2
    assert [seq for seq, _body in messages_after(fresh(kept), 0)] == [1, 2]
    purge_recordings({}, now=NOW + timedelta(days=13))
    assert LiveMessage.objects.exists()
    purge_recordings({}, now=NOW + timedelta(days=15))
    assert not LiveMessage.objects.exists()
    assert fresh(kept).begun_at == NOW


def test_access__own_shopper__own_agent__supervisor__nobody_else(
    live: LiveSession, agent: Agent, make_agent: Callable[..., Agent]
) -> None:
    key = Visitor.objects.get(pk=live.conversation.visitor_id).key
    assert session_of_shopper(key, live.public_id) == live
    with pytest.raises(LiveSession.DoesNotExist):
        session_of_shopper("0" * 32, live.public_id)
    other = make_agent("Eve")
    assert not may_look(live, agent_id=agent.pk, user=agent.user)  # no permission to answer shoppers
    view, supervise = (Permission.objects.get(codename=name) for name in ("view_conversation", "change_agent"))
    for one in (agent, other):
        one.user.user_permissions.add(view)
        one.user = get_user_model().objects.get(pk=one.user_id)
    assert may_look(live, agent_id=agent.pk, user=agent.user)
    assert not may_look(live, agent_id=other.pk, user=other.user)
    other.user.user_permissions.add(supervise)
    assert may_look(live, agent_id=other.pk, user=get_user_model().objects.get(pk=other.user_id))
