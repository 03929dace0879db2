"""Who is there, and what is in use? The rows of the page of agents and queues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Prefetch, QuerySet

from oscar_engage.desk.models import Agent, AgentSkill, Queue, Skill
from oscar_engage.desk.queries import waiting_in_queues
from oscar_engage.desk.slots import ACTIVE
from oscar_engage.desk.topics.figures import TopicFigures, read_figures
from oscar_engage.desk.topics.models import Topic

FIGURES_OF = timedelta(days=30)
"""The period of the figures beside each topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """An agent with what is used of the capacity, in chats."""

    agent: Agent
    used: float
    skills: Sequence[str]
    languages: Sequence[str]


def read_agents() -> list[AgentRow]:
    """Return all agents by name, with two queries."""
    skills = Prefetch("skills", AgentSkill.objects.select_related("skill").order_by("skill__name"))
    names = {code: str(name) for code, name in settings.LANGUAGES}
    return [
        AgentRow(
            agent=agent,
            used=agent.used_tenths / ACTIVE,
            skills=[f"{one.skill.name} ({one.get_level_display()})" for one in agent.skills.all()],
            languages=[names.get(code, code) for code in agent.languages],
        )
        for agent in Agent.objects.prefetch_related(skills).order_by("display_name", "pk")
    ]


def read_skills() -> QuerySet[Any]:
    """Return all skills by name, with how many agents and queues use each."""
    used = {"agent_count": Count("agents", distinct=True), "queue_count": Count("queues", distinct=True)}
    return Skill.objects.annotate(**used).order_by("name", "pk")


def read_queue_rows() -> list[tuple[Queue, int]]:
    """Return all queues by name, each with how many conversations wait in it; two queries."""
    numbers = waiting_in_queues()
    rows = list(Queue.objects.select_related("skill", "call_terms").order_by("name", "pk"))
    return [(queue, numbers.get(queue.pk, 0) + (numbers.get(None, 0) if queue.is_default else 0)) for queue in rows]


def read_topics(*, now: datetime) -> list[tuple[Topic, TopicFigures | None]]:
    """Return all topics by name with the figures of the last :data:`FIGURES_OF`; two queries."""
    figures = {one.topic_id: one for one in read_figures(since=now - FIGURES_OF, until=now)}
    return [(topic, figures.get(topic.pk)) for topic in Topic.objects.order_by("name", "pk")]
