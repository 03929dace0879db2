"""Does the page say how fast shoppers are answered, and shows single agents to supervisors and themselves only?"""

import csv
import io
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.analytics.staffing import agent_days
from oscar_engage.analytics.staffing.duration import say_duration
from oscar_engage.analytics.staffing.read import read_promises
from oscar_engage.analytics.staffing.rollups import SERVICE_HOURS, SERVICE_TIMES, STAFF_HOURS
from oscar_engage.dashboard.staffing.heat import draw_heat, shade_of
from oscar_engage.desk.models import Agent, Conversation, Message, Queue
from oscar_engage.desk.staffing.models import AgentHour

NOW = timezone.now()
URL, MINE = "engage-service-times", "engage-my-figures"


def make_agent(name: str, user: Any = None) -> Agent:
    user = user or get_user_model().objects.create_user(name.lower())
    return Agent.objects.create(user=user, display_name=name)


def talk(
    agent: Agent,
    *,
    queue: Queue | None = None,
    kind: str = "chat",
    replied: int | None = 40,
    ago: int = 0,
    broken: bool = False,
) -> None:
    """A conversation of noon that was taken at once, answered after ``replied`` seconds and closed after ten minutes."""
    noon = timezone.localtime(NOW).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=ago)
    row = Conversation.objects.create(
        kind=kind,
        status="closed",
        visitor_id=uuid.uuid4(),
        queue=queue,
        agent=agent,
        created_at=noon,
        due_at=noon + timedelta(minutes=5),
        taken_at=None if replied is None else noon + timedelta(seconds=5),
        first_reply_at=None if replied is None else noon + timedelta(seconds=replied),
        closed_at=noon + timedelta(minutes=10),
        escalated_at=noon if broken else None,
    )
    if replied is not None:
        Message.objects.create(conversation=row, seq=1, role="agent", agent=agent, body="Yes", at=row.first_reply_at)


def count_all() -> None:
    for rollup in (SERVICE_HOURS, SERVICE_TIMES, STAFF_HOURS):
        fill(rollup, now=NOW)
    agent_days.fill(now=NOW)


@pytest.fixture
def desk(db: None) -> Agent:
    """Mia's day: nine chats of which one was late and one abandoned, a note, an hour online."""
    mia, returns = make_agent("Mia"), Queue.objects.create(slug="returns", name="Returns")
    for number in range(8):
        talk(mia, broken=number == 0)
    talk(mia, queue=returns, replied=None)
    talk(mia, queue=returns, kind="note", replied=7200)
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    AgentHour.objects.create(agent=mia, hour=hour, online=3600, busy=1800, used=27_000, room=108_000)
    count_all()
    return mia


def page(client: Client, name: str = URL, **asked: Any) -> str:
    return client.get(reverse(f"engage_dashboard:{name}"), asked).content.decode()


def test_service_times__nothing_yet__says_what_to_do(client_of: Callable[[str], Client]) -> None:
    html = page(client_of("merchandiser"))
    assert "Nothing was asked in these days" in html
    assert '<svg class="engage-heat"' not in html


def test_service_times__some__shows_times_promises_and_the_week(client_of: Callable[[str], Client], desk: Agent) -> None:
    html = page(client_of("supervisor"))
    assert 'class="engage-heat"' in html
    assert "In no queue, chats" not in html
    assert "in no queue, chats" in html
    assert "Returns, notes" in html
    assert "87.5%" in html  # seven of eight promises kept
    assert "40 s" in html or "41 s" in html or "39 s" in html or "38 s" in html or "42 s" in html
    assert "11.1%" in html  # abandoned: one of nine
    assert "25%" in html  # slots in use
    assert "with a chat 50% of the time" in html
    assert "Mia" in html
    assert "0 conversations of members of staff" in html


def test_service_times__who_may_not_see_agents__sees_none(client_of: Callable[[str], Client], desk: Agent) -> None:
    client = client_of("merchandiser")
    assert "Mia" not in page(client)
    assert "Mia" not in page(client, **{"as": "csv", "table": "agents"})


def test_service_times__beside_the_days_before__shows_both(client_of: Callable[[str], Client], desk: Agent) -> None:
    talk(desk, ago=10, replied=100)
    count_all()
    html = page(client_of("supervisor"), days=7, beside="before")
    assert "then 1 min 4" in html or "then 1 min 3" in html


@pytest.mark.parametrize("table", ["queues", "hours", "agents"])
def test_service_times__as_a_file__has_seconds_and_shares(client_of: Callable[[str], Client], desk: Agent, table: str) -> None:
    text = page(client_of("supervisor"), **{"as": "csv", "table": table})
    head, *rows = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    assert "Promises kept" in head
    assert rows
    assert {len(row) for row in rows} == {len(head)}
    assert {"0.875", "0.7778"} & set(rows[0])


def test_my_figures__an_agent__sees_their_own_row_only(client_of: Callable[[str], Client], desk: Agent) -> None:
    client = client_of("agent")
    assert "Nothing is counted about you" in page(client, MINE)
    noa = make_agent("Noa", get_user_model().objects.get(username="agent"))
    talk(noa)
    count_all()
    html = page(client, MINE)
    assert "Noa" in html
    assert "Mia" not in html


@pytest.mark.parametrize("agents", [1, 3])
def test_service_times__any_number_of_agents_and_queues__at_a_constant_price(
    client_of: Callable[[str], Client], django_assert_num_queries: Callable[..., Any], agents: int
) -> None:
    for number in range(agents):
        talk(make_agent(f"Agent {number}"), queue=Queue.objects.create(slug=f"q{number}", name=f"Queue {number}"))
    count_all()
    client = client_of("supervisor")
    page(client)
    with django_assert_num_queries(14):
        page(client, beside="before")


def test_service_times__german__is_german(client_of: Callable[[str], Client], desk: Agent) -> None:
    client = client_of("supervisor")
    with translation.override("en"):  # the request sets another for the thread
        response = client.get(reverse(f"engage_dashboard:{URL}"), headers={"Accept-Language": "de"})
    html = response.content.decode()
    assert "Zusagen eingehalten" in html
    assert "87,5" in html


def test_read_promises__some__tells_the_overview_share_response_and_abandoned(desk: Agent) -> None:
    found = read_promises(since=timezone.localdate(), until=timezone.localdate() + timedelta(days=1))
    assert found.both.kept_rate is not None
    assert round(found.both.kept_rate.value, 3) == round(7 / 9, 3)
    assert found.chats.times["response"].median == pytest.approx(40, rel=0.15)
    assert found.notes.times["response"].median == pytest.approx(7200, rel=0.15)
    assert (found.chats.abandoned, found.chats.asked) == (1, 9)
    assert found.chats.longest == 600


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (200, "3 min 20 s"),
        (605, "10 min"),
        (3599, "1 h"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (40_000, "11 h"),
        (100_000, "1 d 4 h"),
        (10**6, "12 d"),
    ],
)
def test_say_duration__each_size__in_two_units_at_most(seconds: float | None, words: str) -> None:
    with translation.override("en"):
        assert say_duration(seconds) == words


def test_draw_heat__values__stand_by_weekday_and_hour_darker_for_more() -> None:
    heat = draw_heat({(0, 0): 1, (6, 23): 10, (2, 5): 4}, weekdays="MTWTFSS", words={})
    assert heat is not None
    assert [square.level for square in heat.squares if square.number] == [1, 2, 5]
    assert len(heat.squares) == 7 * 24
    assert max(square.x for square in heat.squares) + heat.side <= heat.width
    assert max(square.y for square in heat.squares) + heat.side <= heat.height
    assert draw_heat({(0, 0): 0}, weekdays="MTWTFSS", words={}) is None
    assert [shade_of(value, 10) for value in (0, 1, 2, 3, 10)] == [0, 1, 1, 2, 5]
