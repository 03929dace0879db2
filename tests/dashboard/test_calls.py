"""Can an agent call, say what came of it and see no more than their role may; and a supervisor plan who calls?"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.calls.ask import CallWish, ask_for_call
from oscar_engage.desk.calls.limits import Caller
from oscar_engage.desk.calls.models import CallState, CallTerms, PhoneCall
from oscar_engage.desk.calls.offered import offered_at
from oscar_engage.desk.models import Agent, Queue, Skill
from oscar_engage.visitors.models import Visitor

pytestmark = pytest.mark.django_db
NUMBERS = ("+442079460018", "+442079460143", "+442079460222")


@pytest.fixture
def terms() -> CallTerms:
    """Return the terms of a queue that calls day and night."""
    return CallTerms.objects.create(queue=Queue.objects.create(slug="sales", name="Sales", is_default=True))


@pytest.fixture
def plan(terms: CallTerms) -> Callable[..., PhoneCall]:
    """Return what asks for a call: as soon as possible, or in the slot of this place."""

    def ask(number: str = NUMBERS[0], *, slot: int | None = None) -> PhoneCall:
        now = timezone.now()
        visitor = Visitor.objects.create(created_at=now, last_seen_at=now, consent=1)
        starts_at = None if slot is None else offered_at(terms, now=now).slots[slot].starts_at
        wish = CallWish(number=number, starts_at=starts_at, client_id=uuid.uuid4())
        return ask_for_call(wish, Caller(visitor_id=visitor.pk), now=now).call

    return ask


def url(name: str, *args: Any) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


def at_work(client: Client) -> Agent:
    client.post(url("presence"), {"presence": "online"})
    return Agent.objects.get()


def taken(client: Client, call: PhoneCall) -> str:
    at_work(client)
    client.post(url("conversation-take", call.conversation.public_id))
    return call.conversation.public_id


def test_desk__call_that_is_due__waits_with_its_promise_and_planned_ones_do_not(
    client_of: Callable[[str], Client], plan: Callable[..., PhoneCall]
) -> None:
    client = client_of("agent")
    due, later = plan(), plan(NUMBERS[1], slot=3)

    page = client.get(url("desk")).content.decode()
    assert due.conversation.reference in page
    assert "A call was asked for." in page
    assert "answer in time" in page
    assert later.conversation.reference not in page


def test_call__by_its_agent__dialled_then_reached_then_closed_with_its_topic(
    client_of: Callable[[str], Client], plan: Callable[..., PhoneCall]
) -> None:
    client, call = client_of("agent"), plan()
    public_id = taken(client, call)

    before = client.get(url("conversation", public_id)).content.decode()
    assert 'href="tel:' not in before.partition("You call since")[2]
    client.post(url("call-dial", public_id))
    page = client.get(url("conversation", public_id)).content.decode()
    assert "You call since" in page
    assert 'href="tel:+442079460018"' in page
    client.post(url("call-outcome", public_id), {"outcome": "reached"})
    assert "You have spoken." in client.get(url("conversation", public_id)).content.decode()
    client.post(url("conversation-close", public_id), {"outcome": "solved", "note": ""})
    call.refresh_from_db()
    assert (call.state, call.conversation.__class__.objects.get().status) == (CallState.REACHED, "closed")
    assert Agent.objects.get().used_tenths == 0
    assert {"call.dialled", "call.reached"} <= set(AuditEntry.objects.values_list("action", flat=True))


def test_outcome__later__needs_a_time_and_plans_it(
    client_of: Callable[[str], Client], plan: Callable[..., PhoneCall], terms: CallTerms
) -> None:
    client, call = client_of("agent"), plan()
    public_id = taken(client, call)
    client.post(url("call-dial", public_id))
    slot = offered_at(terms, now=timezone.now()).slots[5]

    refused = client.post(url("call-outcome", public_id), {"outcome": "later"}, follow=True)
    assert "Choose when the shopper wants to be called." in refused.content.decode()
    client.post(url("call-outcome", public_id), {"outcome": "later", "later": f"{slot.starts_at:%Y%m%dT%H%MZ}"})
    call.refresh_from_db()
    assert (call.state, call.starts_at) == (CallState.PLANNED, slot.starts_at)


def test_message__in_a_call__refused(client_of: Callable[[str], Client], plan: Callable[..., PhoneCall]) -> None:
    client, call = client_of("agent"), plan()
    public_id = taken(client, call)

    reply = {"body": "Hello", "client_id": str(uuid.uuid4())}
    client.post(url("conversation-reply", public_id), reply)
    assert not call.conversation.messages.filter(role="agent").exists()


def test_number__role_without_the_permission__masked_everywhere_and_no_link(
    client_of: Callable[[str], Client], plan: Callable[..., PhoneCall]
) -> None:
    see = Permission.objects.get(codename="see_number")
    for group in Group.objects.all():
        group.permissions.remove(see)
    client, call = client_of("supervisor"), plan()
    public_id = taken(client, call)
    client.post(url("call-dial", public_id))

    for page in (client.get(url("calls")), client.get(url("conversation", public_id)), client.get(url("desk"))):
        text = page.content.decode()
        assert "7946 0018" not in text
        assert "79460018" not in text
    assert "+44 … 18" in client.get(url("calls")).content.decode()


def test_calls__list__kept_called_off_and_as_many_queries_for_three_as_for_one(
    client_of: Callable[[str], Client], plan: Callable[..., PhoneCall]
) -> None:
    client, first = client_of("supervisor"), plan(slot=1)
    agent = at_work(client)
    client.get(url("calls"))
    with CaptureQueriesContext(connection) as one:
        client.get(url("calls"))
    second, third = plan(NUMBERS[1], slot=2), plan(NUMBERS[2], slot=3)
    with CaptureQueriesContext(connection) as three:
        page = client.get(url("calls")).content.decode()

    assert len(three) == len(one)
    assert page.index(first.conversation.reference) < page.index(third.conversation.reference)
    assert "+44 20 7946 0018" in page
    client.post(url("call-keep", first.pk), {"agent": agent.pk})
    client.post(url("call-keep", third.pk), {"agent": 999})
    client.post(url("call-off", second.pk))
    for call, state, kept_for in ((first, "planned", agent), (second, "cancelled", None), (third, "planned", None)):
        call.refresh_from_db()
        assert (call.state, call.kept_for) == (state, kept_for)
    assert {"call.kept", "call.cancelled"} <= set(AuditEntry.objects.values_list("action", flat=True))


def test_terms__of_a_queue__saved_or_said_what_to_type(client_of: Callable[[str], Client]) -> None:
    client, queue = client_of("supervisor"), Queue.objects.create(slug="sales", name="Sales")
    skill = Skill.objects.create(slug="speaks", name="Speaks")
    filled = {"is_active": "on", "skill": skill.pk, "slot_minutes": 20, "per_slot": 2, "days_ahead": 5, "retries": "10, 60"}

    for wrong in ("soon", "1,2,3,4,5,6", "0", "99999"):
        refused = client.post(url("call-terms", queue.pk), {**filled, "retries": wrong})
        assert refused.status_code == 422
        assert "numbers of minutes with commas between" in refused.content.decode()
    assert client.post(url("call-terms", queue.pk), filled).status_code == 302
    saved = CallTerms.objects.get()
    assert (saved.queue, saved.skill, saved.slot_minutes, saved.retry_minutes) == (queue, skill, 20, [10, 60])
    assert "10, 60" in client.get(url("call-terms", queue.pk)).content.decode()


def test_skill_for_calls__agent_without_it__not_given_the_call_but_chats(
    client_of: Callable[[str], Client], plan: Callable[..., PhoneCall], terms: CallTerms
) -> None:
    CallTerms.objects.update(skill=Skill.objects.create(slug="speaks", name="Speaks"))
    client, call = client_of("agent"), plan()
    agent = at_work(client)

    assert "Needs another skill or language" in client.get(url("desk")).content.decode()
    client.post(url("desk-next"))
    call.conversation.refresh_from_db()
    assert call.conversation.agent is None
    agent.skills.create(skill=Skill.objects.get())
    client.post(url("desk-next"))
    call.conversation.refresh_from_db()
    assert call.conversation.agent == agent
