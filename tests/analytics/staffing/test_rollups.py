"""Do the counts of the desk agree with a plain look at all rows, whatever happened?"""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from oscar_engage.analytics.rollups.days import make_day
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.analytics.rollups.read import read_counts
from oscar_engage.analytics.staffing import agent_days
from oscar_engage.analytics.staffing.classes import class_of
from oscar_engage.analytics.staffing.models import AgentDay
from oscar_engage.analytics.staffing.rollups import LEFT_OUT, SERVICE_HOURS, SERVICE_TIMES, STAFF_HOURS
from oscar_engage.desk.models import Agent, Conversation, Message, Queue
from oscar_engage.desk.promises.kept import read_kept
from oscar_engage.desk.staffing.models import AgentHour
from oscar_engage.visitors.models import UNCOUNTED, Visitor
from tests.analytics.staffing.desk import STORIES, Story, tell
from tests.examples import examples

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 10, 24, 12, tzinfo=UTC)
"""The night after it, the clock is set back: three in the morning comes twice."""

NOW = START + timedelta(days=7)
SINCE, UNTIL = date(2026, 10, 20), date(2026, 11, 5)

STORY = Story(
    **{"begins": 0, "is_chat": True, "queue": 0, "agent": 1, "answerer": 1, "taken": 10, "replied": 20, "closed": 600},
    **{"promised": 60, "solved_by": None, "noted": False, "owed": False, "paused": False, "who": "shopper", "words": ()},
)


def make_people() -> tuple[list[Queue | None], list[Agent | None]]:
    queues: list[Queue | None] = [None]
    queues += [Queue.objects.create(slug=name, name=name, is_default=name == "all") for name in ("all", "returns")]
    agents: list[Agent | None] = [None]
    for name in ("mia", "noa"):
        user = get_user_model().objects.create_user(name)
        agents.append(Agent.objects.create(user=user, display_name=name))
    return queues, agents


def seconds(since: datetime | None, until: datetime | None) -> float | None:
    return None if since is None or until is None else (until - since).total_seconds()


def held(row: Any) -> float:
    """Walk through every message of the chat, one after the other."""
    total, asked = 0.0, None
    for message in Message.objects.filter(conversation=row).order_by("seq"):
        if message.at < row.first_reply_at or message.role == "system":
            continue
        if message.role == "agent":
            total += (message.at - asked).total_seconds() if asked else 0
            asked = None
        elif asked is None:
            asked = message.at
    return total + (max(0.0, (row.closed_at - asked).total_seconds()) if asked else 0)


class Oracle:
    """Counts by loops over all rows of the database."""

    def __init__(self) -> None:
        self.hours: defaultdict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0])
        self.times: Counter[tuple[str, ...]] = Counter()
        self.agents: Counter[tuple[str, ...]] = Counter()
        default = Queue.objects.get(is_default=True).pk
        for row in Conversation.objects.all():
            local = row.created_at.astimezone(BERLIN)
            day, hour = local.date().isoformat(), f"{local.hour:02d}"
            queue = str(row.queue_id or default)
            visitor = Visitor.objects.filter(pk=row.visitor_id).first()
            if visitor and (visitor.is_staff or visitor.is_automaton):
                self.hours[day, hour, queue, LEFT_OUT][0] += 1
            else:
                self._count(row, day, hour, queue)

    def _count(self, row: Any, day: str, hour: str, queue: str) -> None:
        is_chat, reply, end = row.kind == "chat", row.first_reply_at, row.closed_at
        kept = promise_of(row)
        cell = self.hours[day, hour, queue, row.kind]
        for place, number in enumerate((1, reply is not None, is_chat and end and not reply, kept is True, kept is False)):
            cell[place] += bool(number)
        if is_chat and (row.taken_at or end):
            cell[5] = max(cell[5], int(((row.taken_at or end) - row.created_at).total_seconds()))
        times = {"response": seconds(row.created_at, reply), "wait": seconds(row.created_at, row.taken_at)}
        if is_chat and reply and end:
            times |= {"handle": max(0.0, (end - reply).total_seconds()), "hold": held(row)}
        elif is_chat:
            times |= {"handle": None}
        for measure, value in times.items():
            if value is not None:
                self.times[day, "queue", queue, row.kind, measure, class_of(value)] += 1
                if measure in {"response", "wait"}:
                    self.times[day, "hour", hour, row.kind, measure, class_of(value)] += 1
        self._count_agents(row, day, times, kept)

    def _count_agents(self, row: Any, day: str, times: dict[str, float | None], kept: bool | None) -> None:
        first = Message.objects.filter(conversation=row, role="agent").order_by("seq").first()
        if first and first.agent_id and times["response"] is not None:
            self.agents[day, str(first.agent_id), f"response.{row.kind}", class_of(times["response"])] += 1
        if row.agent_id is None:
            return
        agent = str(row.agent_id)
        self.agents[day, agent, "had", ""] += 1
        if kept is not None:
            self.agents[day, agent, "kept" if kept else "broken", ""] += 1
        for measure in ("hold", "handle"):
            if (value := times.get(measure)) is not None:
                self.agents[day, agent, measure, class_of(value)] += 1


def promise_of(row: Any) -> bool | None:
    """Whether what was promised was kept, told from the columns; ``None``: neither."""
    late = bool(row.escalated_at or row.breached_at or row.solution_breached_at)
    answered, paused = row.first_reply_at is not None, row.paused_at is not None
    late |= answered and row.first_reply_at > row.due_at
    if row.status == "closed":
        late |= answered and not paused and row.resolve_by is not None and row.closed_at > row.resolve_by
    elif not answered or row.owed_since:
        late |= row.due_at <= NOW
    else:
        late |= not paused and row.resolve_by is not None and row.resolve_by <= NOW
    return False if late else True if answered else None


@override_settings(TIME_ZONE="Europe/Berlin")
class RollupsTest(TestCase):
    """A database for each example."""

    @settings(max_examples=examples(40))
    @given(stories=st.lists(STORIES, max_size=8))
    @pytest.mark.attack("O06")
    def test_count__any_history__equals_a_plain_look_at_all_rows(self, stories: list[Story]) -> None:
        queues, agents = make_people()
        for story in stories:
            tell(story, START, queues, agents)
        for rollup in (SERVICE_HOURS, SERVICE_TIMES):
            fill(rollup, now=NOW)
        agent_days.fill(now=NOW)
        oracle = Oracle()
        assert found("service_hours") == {key: tuple(values) for key, values in oracle.hours.items()}
        assert found("service_times") == {key: (number,) for key, number in oracle.times.items()}
        days = AgentDay.objects.values_list("day", "cells")
        assert {(day.isoformat(), *key): n for day, cells in days for *key, n in cells} == dict(oracle.agents)

        total = read_counts("service_hours", since=SINCE, until=UNTIL).total()
        sums = [sum(values[place] for values in total.values()) for place in (3, 4)]
        Conversation.objects.filter(visitor_id__in=Visitor.objects.filter(UNCOUNTED).values("pk")).delete()
        kept = read_kept(since=START - timedelta(days=1), now=NOW)
        assert sums == [kept.kept, kept.broken]  # the board says the same


def found(name: str) -> dict[tuple[str, ...], Any]:
    days = read_counts(name, since=SINCE, until=UNTIL).days
    return {(day.isoformat(), *key): values for day, cells in days.items() for key, values in cells.items()}


@pytest.fixture
def berlin(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"


@pytest.mark.django_db
def test_staff_hours__clock_set_back__adds_both_hours_of_all_agents(berlin: None) -> None:
    _queues, agents = make_people()
    midnight = datetime(2026, 10, 25, tzinfo=BERLIN).astimezone(UTC)
    for agent in agents[1:]:
        for hour in range(25):
            at = midnight + timedelta(hours=hour)
            AgentHour.objects.create(agent=agent, hour=at, online=3600, away=1, busy=60, used=36000, room=108000)
    fill(STAFF_HOURS, now=NOW)
    of = {key[1]: values for key, values in found("staff_hours").items() if key[0] == "2026-10-25"}
    assert len(of) == 24
    assert of["02"] == (14400, 4, 240, 144000, 432000)
    assert of["03"] == (7200, 2, 120, 72000, 216000)


@pytest.mark.django_db
def test_agent_days__counted_again__writes_what_is_now_and_nothing_of_who_has_gone(berlin: None) -> None:
    _queues, agents = make_people()
    for agent in agents[1:]:
        AgentHour.objects.create(agent=agent, hour=NOW.replace(minute=0), online=600, room=18000)
    agent_days.fill(now=NOW)
    assert [row.cells[0][1:] for row in AgentDay.objects.all()] == 2 * [["online", "", 600]]
    counted = agent_days.count([NOW.date()], now=NOW)
    Agent.objects.filter(display_name="noa").delete()
    AgentHour.objects.update(online=700)
    agent_days.keep(counted, now=NOW)
    assert [row.agent.display_name for row in AgentDay.objects.select_related("agent")] == ["mia"]
    AgentHour.objects.all().delete()
    agent_days.fill(now=NOW)
    assert not AgentDay.objects.exists()


@pytest.mark.django_db
def test_purge__agent_days_older_than_kept__go() -> None:
    _queues, agents = make_people()
    for ago in (89, 91):
        AgentDay.objects.create(agent=agents[1], day=NOW.date() - timedelta(days=ago), filled_at=NOW)
    agent_days.purge_agent_days({}, now=NOW)
    assert AgentDay.objects.get().day == NOW.date() - timedelta(days=89)


@pytest.mark.django_db
@pytest.mark.attack("O04")
def test_fill__conversations_erased_and_purged__leave_closed_days_as_they_were(berlin: None) -> None:
    queues, agents = make_people()
    tell(STORY, START, queues, agents)
    for rollup in (SERVICE_HOURS, SERVICE_TIMES):
        fill(rollup, now=START + timedelta(days=20))
    before = [found(name) for name in ("service_hours", "service_times")]
    Conversation.objects.all().delete()
    fill(SERVICE_HOURS, now=START + timedelta(days=30))
    assert [found(name) for name in ("service_hours", "service_times")] == before
    assert before[0]


@pytest.mark.django_db
def test_count__three_conversations__costs_one_query_for_their_words(
    berlin: None, django_assert_num_queries: Callable[..., Any]
) -> None:
    queues, agents = make_people()
    for _number in range(3):
        tell(STORY, START, queues, agents)
    with django_assert_num_queries(3):
        list(SERVICE_HOURS.count(make_day(START.astimezone(BERLIN).date(), BERLIN), now=NOW))
