"""Can a supervisor see how it goes with the outside desk, try it, and find a conversation there; and what else says so?"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse

from oscar_engage.audit.models import AuditEntry
from oscar_engage.conf import EngageSettings, InvalidSettingError
from oscar_engage.dashboard.health.problems import find_outside_trouble
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, Queue
from oscar_engage.desk.open import open_conversation
from oscar_engage.jobs.models import Job
from oscar_engage.outside import hear
from oscar_engage.outside.models import OutsideConversation, OutsideState
from tests.dashboard.conftest import client_of  # noqa: F401 - a fixture
from tests.outside.conftest import Shop, connect
from tests.outside.stand_in import StandIn

pytestmark = pytest.mark.django_db
PAGE, TEST = "/dashboard/engage/outside/", "/dashboard/engage/outside/test/"
ClientOf = Callable[[str], Client]


def test_page__without_one__says_how_it_is_set_up(client_of: ClientOf) -> None:  # noqa: F811 - the fixture
    client = client_of("supervisor")
    page = client.get(PAGE).content.decode()
    assert "There is no outside desk" in page
    assert "/engage/outside/" in page
    assert client.post(TEST).status_code == 404


def test_page__with_one__says_how_it_goes(
    shop: Shop,
    desk: StandIn,
    chat: Conversation,
    client_of: ClientOf,  # noqa: F811 - the fixture
    settings: Any,
) -> None:
    client = client_of("supervisor")
    assert "not asked yet" in client.get(PAGE).content.decode()
    shop.work()
    page = client.get(PAGE).content.decode()
    for words in (">answers<", "No agent is named", "all but those for their members alone", "chatwoot chat.example"):
        assert words in page
    assert str(settings.OSCAR_ENGAGE["OUTSIDE_DESK"]["TOKEN"]) not in page
    assert str(settings.OSCAR_ENGAGE["OUTSIDE_DESK"]["SECRET"]) not in page
    desk.down = True
    shop.work(700)
    page = client.get(PAGE).content.decode()
    assert "does not answer" in page
    assert "status 503" in page


def test_try__says_what_came_of_it_and_what_is_not_right(
    shop: Shop,
    desk: StandIn,
    client_of: ClientOf,  # noqa: F811 - the fixture
    mia: Agent,
) -> None:
    client = client_of("supervisor")
    said = client.post(TEST, follow=True).content.decode()
    assert "The outside desk answers: “The shop”, with 2 agents; agents here as well: 1." in said
    assert "another address" not in said
    desk.inbox |= {"webhook_url": "https://old.example/", "lock_to_single_conversation": True, "channel_type": "Channel::Email"}
    said = client.post(TEST, follow=True).content.decode()
    for words in ("type https://shop.example/engage/outside/", "one conversation for each contact", "not of the kind “API”"):
        assert words in said
    desk.down = True
    assert "cannot be reached: status 503" in client.post(TEST, follow=True).content.decode()
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["outside.tested"] * 3


def test_conversation__has_a_link_to_it(
    shop: Shop,
    desk: StandIn,
    chat: Conversation,
    client_of: ClientOf,  # noqa: F811 - the fixture
) -> None:
    client = client_of("agent")
    address = reverse("engage_dashboard:engage-conversation", args=[chat.public_id])
    assert "Outside desk" not in client.get(address).content.decode()
    shop.work()
    page = client.get(address).content.decode()
    assert f'href="{desk.url}/app/accounts/7/conversations/{shop.there(chat)}"' in page
    assert "not up to date there" not in page
    OutsideConversation.objects.update(outside_id="")
    assert "It is not there yet." in client.get(address).content.decode()


def test_health__says_that_it_does_not_answer(shop: Shop, desk: StandIn, chat: Conversation) -> None:
    shop.work()
    assert list(find_outside_trouble()) == []
    desk.down = True
    shop.work(700)
    (problem,) = find_outside_trouble()
    assert problem.error == "status 503"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, []),
        ({"ADAPTER": "no.such.Class"}, ["E018"]),
        ({"ADAPTER": "datetime.datetime"}, ["E018"]),
        ({"TOKEN": "", "URL": "http://chat.example", "INBOX": "five"}, ["E018"] * 3),
        ({"AGENT": ""}, ["W020"]),
        ({"SENDS": ["name", "card"]}, ["E018"]),
        ({"QUEUES": "support"}, ["E018"]),
    ],
)
def test_check__says_what_is_missing(
    given: dict[str, Any], wanted: list[str], stand_in: StandIn, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(stand_in, settings, monkeypatch, **given)
    found = [str(one.id).removeprefix("oscar_engage.") for one in run_checks(tags=["oscar_engage"])]
    assert [one for one in found if one in {"E018", "W020"}] == wanted


@pytest.mark.parametrize("wrong", [{"URL": "https://chat.example"}, ["a"], {"ADAPTER": "chatwoot"}])
def test_setting__that_cannot_be__is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidSettingError, match="OUTSIDE_DESK"):
        EngageSettings.from_mapping({"OUTSIDE_DESK": wrong})


def test_module__off__sends_nothing_and_hears_nothing(
    shop: Shop, desk: StandIn, chat: Conversation, settings: Any, client: Client
) -> None:
    shop.work()
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "MODULES_OFF": ["outside"]}
    desk.asked.clear()
    open_conversation(ConversationKind.NOTE, visitor_id=chat.visitor_id, body="Another", now=shop.now)
    shop.work(700)
    desk.take_events()
    desk.reply(shop.there(chat), "mia@shop.example", "Hello")
    assert shop.tell() == [404]
    assert desk.asked == []


def test_without_one__nothing_is_asked_and_no_job_is_planned(chat: Conversation, django_assert_num_queries: Any) -> None:
    message = chat.messages.get()
    message.seq = 2
    with django_assert_num_queries(0):
        hear._on_opened(None, conversation=chat)
        hear._on_message(None, conversation=chat, message=message)
    assert not Job.objects.filter(kind__startswith="outside.").exists()


@pytest.mark.parametrize(
    ("named", "slug", "is_members_only", "goes"),
    [
        (None, "support", False, True),
        (None, "returns", True, False),
        (["support"], "support", False, True),
        (["support"], "returns", False, False),
        (["returns"], "returns", True, True),
    ],
)
def test_queue__named_or_not__goes_there_or_stays(
    named: list[str] | None,
    slug: str,
    is_members_only: bool,
    goes: bool,
    shop: Shop,
    desk: StandIn,
    chat: Conversation,
    settings: Any,
) -> None:
    queue = Queue.objects.create(slug=slug, name=slug.title(), is_members_only=is_members_only)
    Conversation.objects.update(queue=queue)
    given = {**settings.OSCAR_ENGAGE["OUTSIDE_DESK"], **({"QUEUES": named} if named else {})}
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "OUTSIDE_DESK": given}
    shop.work()
    assert bool(desk.conversations) is goes


@pytest.mark.parametrize("sends", [[], ["page"]])
def test_sends__less__is_not_sent(sends: list[str], shop: Shop, desk: StandIn, note: Conversation, settings: Any) -> None:
    Conversation.objects.update(name="Ada", page_path="/checkout/")
    given = {**settings.OSCAR_ENGAGE["OUTSIDE_DESK"], "SENDS": sends}
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "OUTSIDE_DESK": given}
    shop.work()
    everything = str(desk.contacts) + str(desk.conversations) + str(desk.messages)
    assert "Ada" not in everything
    assert "ada@example.com" not in everything
    assert ("/checkout/" in everything) is bool(sends)


def test_call_and_planned__stay_here(shop: Shop, desk: StandIn, make_visitor: Any) -> None:
    open_conversation(ConversationKind.CALL, visitor_id=make_visitor().pk, body="Call me", now=shop.now)
    shop.work()
    assert desk.conversations == []


def test_desk__changed__begins_anew_there(shop: Shop, desk: StandIn, chat: Conversation, settings: Any) -> None:
    shop.work()
    OutsideConversation.objects.update(desk="chatwoot elsewhere 1/2")
    OutsideState.objects.all().delete()
    hear._plan(chat, now=shop.now)
    shop.work()
    assert len(desk.conversations) == 2
    assert OutsideConversation.objects.filter(conversation=None, desk="chatwoot elsewhere 1/2").exists(), "to be deleted there"
