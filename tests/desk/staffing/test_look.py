"""Is the time of agents added up by hour, each second once, and removed in the end?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent, Presence
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.staffing.look import look, purge_agent_hours
from oscar_engage.desk.staffing.models import AgentHour

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def hours() -> list[tuple[int, ...]]:
    rows = AgentHour.objects.order_by("hour", "agent")
    return list(rows.values_list("hour__hour", "online", "away", "busy", "used", "room"))


def look_at(agent: Agent, minutes: float, *, used: int | None = None) -> None:
    now = NOW + minutes * MINUTE
    Agent.objects.filter(pk=agent.pk).update(lease_until=now + MINUTE)
    if used is not None:
        Agent.objects.filter(pk=agent.pk).update(used_tenths=used)
    look(now=now)


def test_look__first_one__only_begins(agent: Agent) -> None:
    look_at(agent, 0)
    assert hours() == []


def test_look__online_with_chats__adds_seconds_by_hour_weighted_by_slots(agent: Agent) -> None:
    look_at(agent, 0)
    look_at(agent, 1, used=0)
    look_at(agent, 2, used=12)
    look_at(agent, 30, used=3)
    assert hours() == [(9, 120, 0, 60, 720, 3600), (10, 120, 0, 0, 360, 3600)]


def test_look__twice_at_once__counts_each_second_once(agent: Agent) -> None:
    look_at(agent, 0)
    look_at(agent, 1)
    look_at(agent, 1)
    look_at(agent, 0.5)
    assert [row[1] for row in hours()] == [60]


def test_look__away__is_presence_without_room(agent: Agent) -> None:
    look_at(agent, 0)
    set_presence(agent, Presence.AWAY, now=NOW, reason="lunch")
    look_at(agent, 1)
    assert hours() == [(9, 0, 60, 0, 0, 0)]


def test_look__offline_or_lost__is_nothing(agent: Agent, make_agent: Callable[..., Agent]) -> None:
    make_agent("Noa", presence="offline")
    look_at(agent, 0)
    look(now=NOW + 3 * MINUTE)  # Mia's lease is over by now
    assert hours() == []


def test_look__twenty_agents__costs_a_write_more_each(
    make_agent: Callable[..., Agent], django_assert_num_queries: Callable[..., object]
) -> None:
    look(now=NOW)
    for number in range(3):
        make_agent(f"Mia {number}")
    with django_assert_num_queries(9):  # two savepoints, the watermark's three, who is there, new rows, one each
        look(now=NOW + MINUTE / 4)


def test_purge__older_than_kept__goes(agent: Agent) -> None:
    days = get_settings().retention_days
    for ago in (days - 1, days + 1):
        AgentHour.objects.create(agent=agent, hour=NOW - timedelta(days=ago))
    purge_agent_hours({}, now=NOW)
    assert AgentHour.objects.get().hour == NOW - timedelta(days=days - 1)
