"""Can a supervisor say who answers what, and where questions wait?"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.models import Agent, AgentSkill, Conversation, Queue, Skill

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


def make_agent(name: str = "Mia", **more: Any) -> Agent:
    user = get_user_model().objects.create_user(username=name, email=f"{name}@shop.example")
    return Agent.objects.create(user=user, display_name=name, **more)


@pytest.fixture
def returns(db: None) -> Skill:
    return Skill.objects.create(slug="returns", name="Returns")


def queue_data(**more: Any) -> dict[str, Any]:
    return {"name": "Checkout", "slug": "checkout", "skill": "", "paths": "", "head_start": "0", **more}


def test_list__nothing_yet__says_what_to_do(client: Client) -> None:
    page = client.get(url("agents")).content.decode()
    assert "the first look at the desk makes them one" in page
    assert "There is no skill yet" in page
    assert "There is no queue yet" in page


def test_list__agents_skills_queues__say_what_is_in_use(client: Client, returns: Skill, note: Conversation) -> None:
    agent = make_agent(used_tenths=21, presence="away", away_reason="lunch", languages=["de", "fr"])
    AgentSkill.objects.create(agent=agent, skill=returns, level=3)
    Queue.objects.create(slug="all", name="Everything", skill=returns, is_default=True)
    page = client.get(url("agents")).content.decode()
    assert "away: lunch" in page
    assert "2.1 of 3" in page
    assert "Returns (best)" in page
    assert "Deutsch, fr" in page or "German, fr" in page
    assert "1 agent · 1 queue" in page
    assert "1 waits" in page


@pytest.mark.parametrize("number", [1, 3])
def test_list__any_number__takes_the_same_queries(
    number: int, client: Client, returns: Skill, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for one in range(number):
        skill = Skill.objects.create(slug=f"s{one}", name=f"S{one}")
        AgentSkill.objects.create(agent=make_agent(f"A{one}"), skill=skill)
        Queue.objects.create(slug=f"q{one}", name=f"Q{one}", skill=skill)
    client.get(url("agents"))
    # Session, user, permissions (2), savepoints (2), Oscar's notifications; agents with skills (2), skills, queues (2), topics
    # (2), and what the dialer does (4).
    with django_assert_num_queries(18):
        client.get(url("agents"))


def test_agent_edit__skills_and_languages__are_kept_and_the_slots_left_alone(client: Client, returns: Skill) -> None:
    other = Skill.objects.create(slug="sizes", name="Sizes")
    agent = make_agent(used_tenths=11)
    AgentSkill.objects.create(agent=agent, skill=other)
    page = client.get(url("agent-edit", agent.pk)).content.decode()
    assert f'name="skill_{returns.pk}"' in page

    sent = {"display_name": "Mia B.", "capacity": "4", "languages": ["de"], f"skill_{returns.pk}": "2", f"skill_{other.pk}": ""}
    response = client.post(url("agent-edit", agent.pk), sent)

    assert response.headers["Location"] == url("agents")
    agent.refresh_from_db()
    assert (agent.display_name, agent.capacity, agent.languages, agent.used_tenths) == ("Mia B.", 4, ["de"], 11)
    assert list(agent.skills.values_list("skill__slug", "level")) == [("returns", 2)]
    assert AuditEntry.objects.get(action="agent.changed").object_id == str(agent.pk)


@pytest.mark.parametrize("wrong", [{"capacity": "0"}, {"capacity": "51"}, {"languages": ["xx"]}, {"display_name": ""}], ids=str)
def test_agent_edit__mistake__is_said_at_its_place_and_nothing_kept(wrong: dict[str, Any], client: Client) -> None:
    agent = make_agent()
    response = client.post(url("agent-edit", agent.pk), {"display_name": "Noa", "capacity": "4", **wrong})
    assert response.status_code == 422
    assert "Please correct these places" in response.content.decode()
    agent.refresh_from_db()
    assert (agent.display_name, agent.capacity) == ("Mia", 3)


def test_agent_edit__no_skills_yet__leads_to_making_one(client: Client) -> None:
    assert url("skill-create") in client.get(url("agent-edit", make_agent().pk)).content.decode()


def test_skill__created_renamed_and_deleted(client: Client) -> None:
    client.post(url("skill-create"), {"name": "Returns", "slug": "returns"})
    skill = Skill.objects.get()
    client.post(url("skill-edit", skill.pk), {"name": "Refunds", "slug": "returns"})
    assert Skill.objects.get().name == "Refunds"
    client.post(url("skill-delete", skill.pk))
    assert not Skill.objects.exists()
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["skill.created", "skill.changed", "skill.deleted"]


def test_skill_create__short_name_taken__is_refused(client: Client, returns: Skill) -> None:
    assert client.post(url("skill-create"), {"name": "Other", "slug": "returns"}).status_code == 422


def test_skill_delete__in_use__says_so(client: Client, returns: Skill) -> None:
    AgentSkill.objects.create(agent=make_agent(), skill=returns)
    page = client.post(url("skill-delete", returns.pk), follow=True).content.decode()
    assert "“Returns” is in use." in page
    assert not AuditEntry.objects.exists()


def test_queue__created_with_everything__is_kept(client: Client, returns: Skill) -> None:
    sent = queue_data(skill=str(returns.pk), paths=" /checkout/ \n\n/basket/", head_start="120", is_default="on")
    client.post(url("queue-create"), sent)
    queue = Queue.objects.get()
    assert (queue.skill, queue.paths, queue.head_start, queue.is_default) == (returns, "/checkout/\n/basket/", 120, True)


def test_queue__second_default__takes_the_mark_from_the_first(client: Client) -> None:
    first = Queue.objects.create(slug="all", name="Everything", is_default=True)
    client.post(url("queue-create"), queue_data(is_default="on"))
    assert list(Queue.objects.filter(is_default=True).values_list("slug", flat=True)) == ["checkout"]
    client.post(url("queue-edit", first.pk), queue_data(name="Everything", slug="all", is_default="on"))
    assert list(Queue.objects.filter(is_default=True).values_list("slug", flat=True)) == ["all"]


@pytest.mark.parametrize(
    "wrong", [{"paths": "checkout/"}, {"head_start": "-1"}, {"head_start": "3601"}, {"slug": "a b"}], ids=str
)
def test_queue__mistake__is_said_and_the_default_stays(wrong: dict[str, str], client: Client) -> None:
    Queue.objects.create(slug="all", name="Everything", is_default=True)
    assert client.post(url("queue-create"), queue_data(is_default="on", **wrong)).status_code == 422
    assert Queue.objects.get().is_default


def test_queue_delete__something_waits__says_so_until_it_is_closed(client: Client, note: Conversation) -> None:
    queue = Queue.objects.create(slug="q", name="Checkout")
    Conversation.objects.filter(pk=note.pk).update(queue=queue)
    assert "Something waits in “Checkout”" in client.post(url("queue-delete", queue.pk), follow=True).content.decode()
    client.post(url("conversation-close", note.public_id))
    client.post(url("queue-delete", queue.pk))
    assert not Queue.objects.exists()
