"""Can a supervisor order the ladder, say who is offered a step, and see what each did?"""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.desk.answering.models import AutoAnswer
from oscar_engage.desk.ladder.models import LadderStep
from oscar_engage.desk.ladder.steps import Step
from oscar_engage.desk.ladder.store import read_ladder
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.ratings.judge import judge_step
from oscar_engage.desk.ratings.models import Step as Judged
from oscar_engage.signals.models import SignalRecord
from oscar_engage.storefront.ladder import offered_steps
from oscar_engage.visitors.self_help import HelpState
from tests.dashboard.conftest import make_conversation, start_visit

pytestmark = pytest.mark.django_db
ALL = frozenset(Step)


def url(name: str, *args: str) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(response.content.decode())).replace("\xa0", " ")


@pytest.fixture
def supervisor(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


def row_of(page: str, step: str) -> str:
    """Return the line of the table that belongs to ``step``."""
    start = page.index(f'href="{url("ladder-step", step)}"')
    return page[start : page.index("</tr>", start)]


def test_list__what_steps_did__is_told_with_of_how_many(supervisor: Client, note: Conversation) -> None:
    now = timezone.now()
    LadderStep.objects.create(step="note", place=2, cost="3.00")
    Conversation.objects.create(
        **{"kind": "note", "visitor_id": note.visitor_id, "reference": "N2", "status": "closed"},
        **{"outcome": "solved", "created_at": now, "due_at": now, "closed_at": now},
    )
    Conversation.objects.create(
        **{"kind": "note", "visitor_id": note.visitor_id, "reference": "N3", "status": "closed"},
        **{"outcome": "unsolved", "created_at": now, "due_at": now, "closed_at": now},
    )
    Conversation.objects.filter(pk=note.pk).update(created_at=now)
    AutoAnswer.objects.create(conversation=note, outcome="helped", offered_at=now)
    for article in ("returns", ""):
        SignalRecord.objects.create(
            **{"event_id": uuid.uuid4(), "visitor_id": note.visitor_id, "kind": "help.opened", "source": "server"},
            **{"payload": {"article": article}, "at": now, "received_at": now},
        )
    for helped, visitor in ((True, uuid.uuid4()), (False, uuid.uuid4()), (False, uuid.uuid4())):
        judge_step(Judged.ARTICLE, subject="returns", visitor_id=visitor, helped=helped, now=now)

    page = text(supervisor.get(url("ladder")))

    assert "50 % <small" in row_of(page, "note")
    assert "£6.00" in row_of(page, "note")  # three for each, and every other solved
    assert "33 % <small" in row_of(page, "article")
    assert '<td class="text-right">1</td>' in row_of(page, "article")
    assert "100 % <small" in row_of(page, "answer")
    assert "not set up" in row_of(page, "call")
    assert "%" not in row_of(page, "chat")


def test_list__what_was_before__does_not_count(supervisor: Client, note: Conversation) -> None:
    Conversation.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert '<td class="text-right">0</td>' in row_of(text(supervisor.get(url("ladder"))), "note")
    assert '<td class="text-right">1</td>' in row_of(text(supervisor.get(url("ladder"), {"days": "90"})), "note")


def test_move__up_and_nonsense__moves_or_is_refused(supervisor: Client) -> None:
    page = text(supervisor.post(url("ladder-move", "chat"), {"to": "up"}, follow=True))
    assert "“Chat” is offered as number 3 now." in page
    assert [row.step for row in read_ladder()][2] == "chat"
    assert supervisor.post(url("ladder-move", "chat"), {"to": "top"}).status_code == 400
    assert supervisor.post(url("ladder-move", "dance"), {"to": "up"}).status_code == 400


def test_step__conditions__are_kept_and_read_back(supervisor: Client) -> None:
    page = text(supervisor.get(url("ladder-step", "chat")))
    assert "Everybody." in page
    assert supervisor.get(url("ladder-step", "dance")).status_code == 404

    answer = supervisor.post(url("ladder-step", "chat"), {"cost": "1.50", "save": "1"})

    assert answer.status_code == 302
    row = LadderStep.objects.get(step="chat")
    assert (row.is_active, str(row.cost), row.document) == (False, "1.50", None)
    assert "not offered" in row_of(text(supervisor.get(url("ladder"))), "chat")


def test_step__cost_below_nothing__is_refused_and_nothing_lost(supervisor: Client) -> None:
    answer = supervisor.post(url("ladder-step", "chat"), {"cost": "-1", "is_active": "on", "save": "1"})
    assert answer.status_code == 422
    assert 'value="-1"' in text(answer)
    assert not LadderStep.objects.exists()


def test_help__article_that_did_not_help__comes_last(client: Client) -> None:
    visit = start_visit(help=HelpState(not_helpful=1))
    steps = offered_steps(visit.visitor, here=ALL, now=timezone.now())
    assert steps[-1] == "article"
    assert offered_steps(None, here=ALL, now=timezone.now())[0] == "article"


def test_help__visitor_who_chatted_last__is_offered_that_first() -> None:
    visit = start_visit()
    make_conversation(visit, "chat")
    assert offered_steps(visit.visitor, here=ALL, now=timezone.now())[0] == "chat"


def test_help_panel__order_of_the_shop__is_the_order_of_the_buttons(client: Client, supervisor: Client) -> None:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    set_presence(Agent.objects.create(user=user, display_name="Mia"), "online", now=timezone.now())
    page = text(client.get("/engage/help/"))
    assert page.index("Leave a note") < page.index("Chat with us")
    supervisor.post(url("ladder-move", "chat"), {"to": "up"})
    page = text(client.get("/engage/help/"))
    assert page.index("Chat with us") < page.index("Leave a note")
