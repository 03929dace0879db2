"""Do staff read what a model said of a shopper, in words, at the desk and beside a visit, and nothing where it may not be?"""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from oscar_engage.decisions.models import Decision
from oscar_engage.desk.models import Conversation
from oscar_engage.learning.registry.live import BACKGROUND, kept_models
from oscar_engage.learning.registry.models import ModelVersion
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.rules.models import Rule
from oscar_engage.visitors.models import Visit, Visitor
from tests.dashboard.conftest import make_conversation, start_visit
from tests.dashboard.test_why import page_of, recorded
from tests.learning.registry.speaking import models_that_speak
from tests.learning.words.test_spoken import helping, looked
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db
SAID = "Likely to buy with help: here for the third time; basket of £84; idle for 40 s."
AGAINST = "Against it: had trouble with pages 2 times."


@pytest.fixture
def version() -> Iterator[ModelVersion]:
    with models_that_speak(helping()) as versions:
        kept_models(timezone.now())  # in memory, as in a process that has served a while
        BACKGROUND.is_inline = False
        yield versions["uplift"]


@pytest.fixture
def note(db: None) -> Conversation:
    return make_conversation(start_visit(basket={"basket_id": 7, "total": 84, "lines": 2, "currency": "GBP"}))


@pytest.fixture
def agent(client_of: Callable[[str], Client]) -> Client:
    return client_of("agent")


def address(name: str, *args: Any) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


def visit_of(note: Conversation) -> Visit:
    return Visit.objects.get(pk=note.visit_id)


@pytest.mark.parametrize("place", ["conversation", "context"])
def test_desk__model_spoke__has_the_badge_its_meaning_and_the_reasons(
    place: str, agent: Client, note: Conversation, version: ModelVersion
) -> None:
    looked(version, visit=visit_of(note))
    page = text_of(agent.get(address(place, note.public_id)))
    assert 'class="engage-badge engage-lead-hot">hot lead</span>' in page
    assert SAID in page
    assert AGAINST in page
    assert "visit_number" not in page
    assert "hance of an order" not in page  # numbers are for those who set up rules


def test_desk__nobody_spoke__says_nothing(agent: Client, note: Conversation) -> None:
    looked(visit=visit_of(note), uplift=None, uplift_low=None, uplift_high=None, propensity=None)
    assert "engage-spoken" not in text_of(agent.get(address("conversation", note.public_id)))


def test_desk__consent_withdrawn__says_nothing(agent: Client, note: Conversation, version: ModelVersion) -> None:
    looked(version, visit=visit_of(note))
    Visitor.objects.update(consent=2)
    assert "engage-spoken" not in text_of(agent.get(address("conversation", note.public_id)))


def test_desk__visitor_forgotten__shows_the_conversation(agent: Client, note: Conversation) -> None:
    Visit.objects.all().delete()
    Visitor.objects.all().delete()
    assert agent.get(address("conversation", note.public_id)).status_code == 200


def test_desk__what_a_model_said__takes_one_query(agent: Client, note: Conversation, version: ModelVersion) -> None:
    page, taken = address("conversation", note.public_id), []
    agent.get(page)
    for looks in (0, 1, 3):
        ScoredVector.objects.all().delete()
        for minutes in range(looks):
            looked(version, visit=visit_of(note), minutes=minutes + 1)
        with CaptureQueriesContext(connection) as queries:
            agent.get(page)
        taken.append([query["sql"] for query in queries])
    assert len(taken[0]) == len(taken[1]) == len(taken[2])
    assert [sum("scoredvector" in sql for sql in one) for one in taken] == [1, 1, 1]


def decide(visit: Visit, rule: Rule, vector: ScoredVector | None = None) -> Decision:
    known = {"id": vector.decision_id, "eligible_at": vector.at} if vector else {"eligible_at": visit.last_at}
    return Decision.objects.create(
        **known,
        visitor_id=visit.visitor_id,
        visit=visit,
        version_id=rule.published_id,
        branch=0,
        action="show.balloon",
        arm="treated",
        reason="offered",
    )


def test_visit__model_spoke__is_told_now_and_beside_each_decision(
    client_of: Callable[[str], Client], rule: Rule, note: Conversation, version: ModelVersion
) -> None:
    visit = visit_of(note)
    drawn = looked(
        version, visit=visit, minutes=3, occasion="moment", rule_id=rule.pk, decision_id=uuid.uuid4(), propensity=0.07
    )
    looked(version, visit=visit)
    decide(visit, rule, drawn)
    decide(visit, rule)  # not drawn: nothing was written down
    page = text_of(client_of("merchandiser").get(address("visit", visit.pk)))
    assert page.count(SAID) == 2
    assert page.count("The model said then:") == 1
    assert "Chance of an order without help: 2%" in page
    assert "Chance of an order without help: 7%" in page


def test_visit__nobody_spoke__says_so(client_of: Callable[[str], Client], note: Conversation) -> None:
    page = text_of(client_of("merchandiser").get(address("visit", note.visit_id)))
    assert "no model has spoken" in page
    assert "engage-spoken" not in page


@pytest.mark.parametrize("looks", [1, 3])
def test_visit__any_number_of_looks__takes_the_same_queries(
    looks: int, client_of: Callable[[str], Client], note: Conversation, version: ModelVersion
) -> None:
    client, page, visit = client_of("merchandiser"), address("visit", note.visit_id), visit_of(note)
    client.get(page)
    for minutes in range(looks):
        looked(version, visit=visit, minutes=minutes + 1)
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    assert sum("scoredvector" in query["sql"] for query in queries) == 1
    assert sum("modelversion" in query["sql"] and "document" in query["sql"] for query in queries) == 0


def test_why__decided_moment__tells_what_was_foretold_then(
    client_of: Callable[[str], Client], rule: Rule, version: ModelVersion
) -> None:
    visit = recorded()
    vector = looked(version, visit=visit, occasion="moment", rule_id=rule.pk, decision_id=uuid.uuid4(), propensity=0.07)
    ScoredVector.objects.update(at=visit.started_at + timedelta(seconds=10))
    vector.refresh_from_db()
    page, client = page_of(visit), client_of("merchandiser")
    assert "The model said then:" not in text_of(client.get(page))
    decide(visit, rule, vector)
    text = text_of(client.get(page))
    assert "The model said then:" in text
    assert "here for the third time" in text
    assert "Chance of an order without help: 7%" in text
