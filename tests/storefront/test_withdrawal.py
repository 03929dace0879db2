"""Does a shopper who withdraws consent take back what was seen, and keep what was asked?"""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.run import run_due
from oscar_engage.models import (
    Assignment,
    Conversation,
    Decision,
    Rule,
    RuleVersion,
    SignalRecord,
    Visit,
    Visitor,
    VisitorBasket,
)
from oscar_engage.privacy.withdraw import KIND, forget_visitor
from oscar_engage.visitors.token import COOKIE_NAME, read_visitor_key
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.shopping import ask

pytestmark = pytest.mark.django_db


def shopper_with_a_past(**facts: Any) -> Client:
    """Return a browser with a visit, signals, a basket, a decision and an arm."""
    client = known_shopper()
    visit, now = Visit.objects.get(), timezone.now()
    Visitor.objects.update(**facts)
    VisitorBasket.objects.create(visitor=visit.visitor, basket_id=1, seen_at=now)
    rule = Rule.objects.create(name="Help")
    version = RuleVersion.objects.create(rule=rule, number=1, document={})
    Assignment.objects.create(visitor_id=visit.visitor_id, rule=rule, arm="treated", probability=0.8, drawn_at=now)
    Decision.objects.create(
        visitor_id=visit.visitor_id,
        visit=visit,
        version=version,
        branch=0,
        action="show.balloon",
        arm="treated",
        reason="offered",
        eligible_at=now,
    )
    return client


def withdraw(client: Client) -> Any:
    """Change the consent to none and open one more page."""
    client.cookies["consent"] = "none"
    return send(client, body(signal()))


def seen() -> list[int]:
    """Return how many rows there are of what is seen of shoppers."""
    return [model.objects.count() for model in (Visit, SignalRecord, VisitorBasket)]


def counted_for() -> uuid.UUID:
    """Return the id under which the arm and the decision are counted on: the same, and nobody's."""
    arm, decision = Assignment.objects.get(), Decision.objects.get()
    assert arm.visitor_id == decision.visitor_id
    assert decision.visit is None
    return arm.visitor_id


def sweep() -> None:
    run_due(now=timezone.now() + timedelta(seconds=1))
    assert set(Job.objects.filter(kind=KIND).values_list("state", flat=True)) == {JobState.DONE}


@pytest.mark.attack("J03")
def test_withdrawal__shopper_who_asked_nothing__is_forgotten() -> None:
    client = shopper_with_a_past()
    before = Visitor.objects.get().pk

    response = withdraw(client)
    sweep()

    assert response.cookies[COOKIE_NAME]["max-age"] == 0
    assert not Visitor.objects.exists()
    assert seen() == [0, 0, 0]
    assert counted_for() != before


def test_withdrawal__shopper_with_a_question__keeps_it_and_the_way_to_its_answer() -> None:
    client = shopper_with_a_past()
    note = ask(client)

    response = withdraw(client)
    sweep()

    assert COOKIE_NAME not in response.cookies
    assert seen() == [0, 0, 0]
    assert (Visitor.objects.get().consent, Visitor.objects.get().customer_id) == (0, None)
    assert Conversation.objects.get() == note
    assert (Conversation.objects.get().visit_id, Conversation.objects.get().decision_id) == (None, None)
    assert counted_for() != note.visitor_id
    assert client.get(f"/engage/note/{note.public_id}/").status_code == 200


def test_withdrawal__member_of_staff__stays_one_who_is_not_counted() -> None:
    client = shopper_with_a_past(is_staff=True)

    withdraw(client)
    sweep()

    assert seen() == [0, 0, 0]
    assert all(Visitor.objects.values_list("is_staff", flat=True))
    assert Visitor.objects.filter(pk=counted_for()).exists()


def test_withdrawal__job__is_named_without_the_visitor() -> None:
    client = shopper_with_a_past()
    before = Visitor.objects.get().pk

    withdraw(client)
    sweep()

    assert before.hex not in str(Job.objects.filter(kind=KIND).values_list("key", "payload"))


def test_withdrawal__visitor_erased_before_the_job__does_nothing() -> None:
    shopper_with_a_past()

    forget_visitor({}, now=timezone.now())

    assert Visitor.objects.exists()


def test_withdrawal__each_page_after_it__asks_for_the_job_once(client: Client) -> None:
    ask(client)
    for _page in range(3):
        with CaptureQueriesContext(connection) as queries:
            withdraw(client)

    assert Job.objects.filter(kind=KIND).count() == 1
    own = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"] and "set_config" not in query["sql"]]
    assert len(own) <= 7  # the turn among SQLite's writers (2), the visitor (2), what waits (1), the job, the conversation


def test_withdrawal__without_a_cookie__asks_nothing() -> None:
    withdraw(Client())

    assert not Job.objects.exists()


def test_withdrawal__agreeing_again__begins_as_somebody_new() -> None:
    client = shopper_with_a_past()
    before = Visitor.objects.get().pk
    withdraw(client)
    sweep()

    client.cookies["consent"] = "personalisation"
    send(client, body(signal()))

    assert Visitor.objects.get().pk != before


def test_asking__cookie_of_an_erased_visitor__begins_another_one(client: Client) -> None:
    ask(client)
    erased = Visitor.objects.get().pk
    Visitor.objects.all().delete()

    note = ask(client)

    assert note.visitor_id not in (erased, None)
    assert Visitor.objects.get().pk == note.visitor_id
    request = client.get("/engage/help/").wsgi_request
    assert read_visitor_key(request) == Visitor.objects.get(pk=note.visitor_id).key
