"""A queue for its members alone: to every other agent what is in it does not exist, whatever they ask for it by."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from oscar_engage.dashboard.access import create_role_groups
from oscar_engage.dashboard.desk.targets import read_targets
from oscar_engage.desk.access import open_to, visible_to
from oscar_engage.desk.line import take_next
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Message, Queue, QueueMember
from oscar_engage.desk.presence import set_presence
from tests.attacks.addresses import Address, all_addresses
from tests.attacks.conftest import Scene
from tests.storefront.beats import known_shopper
from tests.storefront.shopping import ask, text_of

pytestmark = pytest.mark.django_db

SECRET = "Zanzibar-Kontoauszug"
ByRole = Callable[[str], Client]


def make_person(name: str, role: str = "Engage agents") -> tuple[Client, Agent]:
    """Somebody of staff who is online at the desk."""
    create_role_groups()
    user = get_user_model().objects.create_user(username=name, email=f"{name}@example.com", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user, backend="oscar.apps.customer.auth_backends.EmailBackend")
    agent = Agent.objects.create(user=user, display_name=name.title())
    return client, set_presence(agent, "online", now=timezone.now())


@pytest.fixture
def insider() -> tuple[Client, Agent]:
    return make_person("insider")


@pytest.fixture
def outsider() -> tuple[Client, Agent]:
    return make_person("outsider")


@pytest.fixture
def shut(scene: Scene, insider: tuple[Client, Agent]) -> Scene:
    """The scene, in which all that was asked waits in a queue for the insider alone; its words are known."""
    queue = Queue.objects.create(slug="payments", name="Payments", is_members_only=True)
    QueueMember.objects.create(queue=queue, agent=insider[1])
    Conversation.objects.update(queue=queue, name=SECRET, anchor="size-table")
    Message.objects.update(body=SECRET)
    return scene


def of_conversations(scene: Scene) -> list[Address]:
    """The dashboard's addresses of one conversation, of its files and of its proposals."""
    ids = (scene.note.public_id, scene.chat.public_id, str(scene.attachment.public_id))
    return [one for one in all_addresses(scene) if one.is_dashboard and any(part in one.url for part in ids)]


@pytest.mark.attack("B02")
def test_b02__conversation_of_a_queue_for_its_members__is_404_to_others_at_every_address(
    shut: Scene, outsider: tuple[Client, Agent]
) -> None:
    addresses = of_conversations(shut)
    before = list(Conversation.objects.order_by("pk").values())

    answers = {
        (one.name, method): getattr(outsider[0], method)(one.url).status_code
        for one in addresses
        for method in ("get", "post", "head")
    }

    assert len(addresses) >= 25
    # 403: the whole page is for another role. 405: that method does nothing. Neither tells whether the conversation is there.
    assert {key for key, status in answers.items() if status not in {404, 403, 405}} == set()
    assert {name for (name, _method), status in answers.items() if status == 404} >= {
        f"engage_dashboard:engage-conversation{part}" for part in ("", "-take", "-messages", "-reply")
    } & {one.name for one in addresses}
    assert list(Conversation.objects.order_by("pk").values()) == before


@pytest.mark.attack("B02")
def test_b02__answers_to_others__are_those_for_a_conversation_that_there_is_none(
    shut: Scene, outsider: tuple[Client, Agent]
) -> None:
    for one in of_conversations(shut):
        unknown = one.url
        for known in (shut.note.public_id, shut.chat.public_id, str(shut.attachment.public_id)):
            unknown = unknown.replace(known, "x" * 22)
        there, nowhere = outsider[0].post(one.url), outsider[0].post(unknown)
        assert there.status_code == nowhere.status_code, one


@pytest.mark.attack("B02")
def test_b02__lists_search_and_polls__hold_nothing_of_it_for_others(shut: Scene, outsider: tuple[Client, Agent]) -> None:
    client = outsider[0]
    known = f"{shut.chat.public_id}:0:"
    htmx = {"HX-Request": "true"}
    answers = {
        "desk": client.get("/dashboard/engage/desk/"),
        "desk with it": client.get("/dashboard/engage/desk/", {"c": shut.chat.public_id, "card": known}),
        "search": client.post("/dashboard/engage/desk/search/", {"text": ""}),
        "search for it": client.post("/dashboard/engage/desk/search/", {"text": SECRET}),
        **{
            one.name: client.get(one.url, {"card": known, "known": known, "c": shut.chat.public_id}, headers=htmx)
            for one in all_addresses(shut)
            if one.is_dashboard
        },
    }

    said = {name for name, answer in answers.items() if not answer.streaming and SECRET in text_of(answer)}
    # A search says again what was looked for.
    assert said <= {"search for it"}
    assert shut.chat.reference not in text_of(answers["search for it"])
    assert answers["desk"].status_code == 200


@pytest.mark.attack("B02")
@pytest.mark.parametrize("who", ["insider", "supervisor"])
def test_b02__members_and_supervisors__see_it(who: str, shut: Scene, insider: tuple[Client, Agent]) -> None:
    client = insider[0] if who == "insider" else make_person("boss", "Engage supervisors")[0]

    page = client.get(f"/dashboard/engage/desk/{shut.chat.public_id}/")
    found = client.post("/dashboard/engage/desk/search/", {"text": SECRET})

    assert page.status_code == 200
    assert SECRET in text_of(page)
    assert shut.chat.reference in text_of(found)


@pytest.mark.attack("B02")
def test_b02__whose_turn_it_is__members_alone(
    shut: Scene, insider: tuple[Client, Agent], outsider: tuple[Client, Agent]
) -> None:
    now = timezone.now()

    assert take_next(outsider[1], now=now) is None
    taken = take_next(insider[1], now=now)

    assert taken is not None
    assert taken.pk == shut.chat.pk


@pytest.mark.attack("B02")
def test_b02__handing_on__to_members_alone(shut: Scene, insider: tuple[Client, Agent], outsider: tuple[Client, Agent]) -> None:
    chat = Conversation.objects.get(pk=shut.chat.pk)

    anybody = read_targets(now=timezone.now())
    whom = read_targets(now=timezone.now(), conversation=chat)

    assert {one.agent.pk for one in anybody.receivers} >= {insider[1].pk, outsider[1].pk}
    assert [one.agent.pk for one in whom.receivers] == [insider[1].pk]


@pytest.mark.attack("B02")
def test_b02__queue_becomes_one_for_members__who_has_the_chat_keeps_it(shut: Scene, outsider: tuple[Client, Agent]) -> None:
    Conversation.objects.filter(pk=shut.chat.pk).update(agent=outsider[1], status=ConversationStatus.OPEN)

    assert outsider[0].get(f"/dashboard/engage/desk/{shut.chat.public_id}/").status_code == 200
    assert outsider[0].get(f"/dashboard/engage/desk/{shut.note.public_id}/").status_code == 404


@pytest.mark.attack("B02")
@pytest.mark.parametrize(
    ("is_default", "is_in_queue", "is_seen"),
    [(False, False, True), (True, False, False), (False, True, False), (True, True, False)],
)
def test_b02__what_is_in_no_queue__waits_in_the_default_one(
    is_default: bool, is_in_queue: bool, is_seen: bool, outsider: tuple[Client, Agent]
) -> None:
    note = ask(known_shopper())
    other = Queue.objects.create(slug="open", name="Open")
    queue = Queue.objects.create(slug="payments", name="Payments", is_members_only=True, is_default=is_default)
    Conversation.objects.filter(pk=note.pk).update(queue=queue if is_in_queue else None)
    Conversation.objects.create(kind=ConversationKind.NOTE, **_of(note), queue=other)

    seen = set(visible_to(outsider[1].user).values_list("pk", flat=True))

    assert (note.pk in seen) is is_seen
    assert len(seen) == 1 + is_seen
    assert seen == set(Conversation.objects.filter(open_to(outsider[1].user.pk)).values_list("pk", flat=True))
    assert outsider[0].get(f"/dashboard/engage/desk/{note.public_id}/").status_code == (200 if is_seen else 404)


def _of(note: Any) -> dict[str, Any]:
    return {"visitor_id": note.visitor_id, "created_at": note.created_at, "due_at": note.due_at}


@pytest.mark.attack("B02")
def test_b02__supervisor__says_whom_a_queue_is_for(client_of: ByRole, insider: tuple[Client, Agent]) -> None:
    client = client_of("supervisor")
    data = {"name": "Payments", "slug": "payments", "skill": "", "paths": "", "head_start": "0"}

    client.post("/dashboard/engage/agents/queues/new/", {**data, "is_members_only": "on", "members": [insider[1].pk]})
    queue = Queue.objects.get()
    shown = text_of(client.get(f"/dashboard/engage/agents/queues/{queue.pk}/"))
    assert queue.is_members_only
    assert [one.agent_id for one in queue.members.all()] == [insider[1].pk]
    assert f'<option value="{insider[1].pk}" selected>' in shown

    client.post(f"/dashboard/engage/agents/queues/{queue.pk}/", data)
    queue.refresh_from_db()
    assert not queue.is_members_only
    assert not queue.members.exists()
