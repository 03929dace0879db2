"""Do the pages about marked places name what was seen, at a constant price?"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.test.factories import CategoryFactory, create_product

from oscar_engage.analytics.models import AnchorCount
from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.answering.models import AutoAnswer
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.ratings.models import Rating

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


def test_places__nothing_counted__says_what_to_do(client: Client) -> None:
    page = client.get(reverse("engage_dashboard:engage-report-places")).content.decode()

    assert "No place has been counted yet" in page
    assert '{% engage_anchor product "size-table" %}' in page


@pytest.mark.parametrize("places", [1, 3])
def test_places__any_number__takes_the_same_queries(
    places: int, client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(places):
        AnchorCount.objects.create(day=timezone.localdate(), slot=f"slot-{number}", seen=100, clicked=10)
    client.get(reverse("engage_dashboard:engage-report-places"))
    with django_assert_num_queries(10):  # session, user, permissions (2), savepoints (2), news, counts, questions, all baskets
        page = client.get(reverse("engage_dashboard:engage-report-places")).content.decode()
    assert page.count("10%") == places


@pytest.mark.parametrize("things", [1, 3])
def test_place__things__are_named_and_led_to_at_the_same_price(
    things: int, client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(things):
        product, category = create_product(title=f"Boot {number}"), CategoryFactory(name=f"Shelf {number}")
        for thing in (f"product:{product.pk}", f"category:{category.pk}"):
            AnchorCount.objects.create(day=timezone.localdate(), slot="price", thing=thing, seen=100, clicked=10)
    AnchorCount.objects.create(day=timezone.localdate(), slot="price", thing="product:999999", seen=5)
    address = reverse("engage_dashboard:engage-report-place", args=["price"])
    client.get(address)
    with django_assert_num_queries(11):  # session, user, permissions (2), savepoints (2), news, counts, asked, titles (2)
        page = client.get(address).content.decode()
    assert page.count("Boot ") == page.count("Shelf ") == things
    assert "product:999999" in page


def test_place__hostile_slot__is_text(client: Client) -> None:
    page = client.get(reverse("engage_dashboard:engage-report-place", args=["<b>x"])).content.decode()

    assert "&lt;b&gt;x" in page
    assert "<b>x" not in page


def ask(slot: str, *, thing: str = "", outcome: str = "none", score: int = 0) -> None:
    note = open_conversation(
        "note", visitor_id=uuid.uuid4(), body="In which size?", language="en", now=timezone.now() - timedelta(minutes=1)
    )
    Conversation.objects.filter(pk=note.pk).update(anchor=slot, anchor_object=thing)
    AutoAnswer.objects.create(conversation=note, outcome=outcome, offered_at=timezone.now())
    if score:
        Rating.objects.create(conversation=note, score=score, at=timezone.now())


def test_places__questions__by_what_became_of_them_and_by_views(client: Client) -> None:
    AnchorCount.objects.create(day=timezone.localdate(), slot="reviews", seen=4000, clicked=10)
    AnchorCount.objects.create(day=timezone.localdate(), slot="size-table", seen=100, clicked=10)
    for _time in range(3):
        ask("reviews")
    ask("size-table", outcome="helped", score=5)
    ask("size-table", outcome="refused", score=1)
    ask("rare")
    address = reverse("engage_dashboard:engage-report-places")

    reports = client.get(address).context["reports"]
    by_rate = client.get(address, {"by": "rate"}).context["reports"]

    assert [report.slot for report in reports] == ["reviews", "size-table", "rare"]
    assert [report.slot for report in by_rate] == ["size-table", "reviews", "rare"]
    table = by_rate[0]
    assert (table.asked, table.at_once, table.to_agent, table.rated, table.helped) == (2, 1, 1, 2, 1)
    assert table.question_rate.low < table.question_rate.value == 0.02 < table.question_rate.high


def test_places__as_a_file__has_shares_with_intervals_and_no_formula(client: Client) -> None:
    AnchorCount.objects.create(day=timezone.localdate(), slot="=cmd", seen=100, clicked=10)
    ask("=cmd", outcome="helped")

    response = client.get(reverse("engage_dashboard:engage-report-places"), {"as": "csv"})

    head, row = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert head.startswith(
        "place,seen,clicked,asked,at_once,to_agent,rated,helped,lost,ordered,question_rate,question_rate_low"
    )
    assert row.startswith("'=cmd,100,10,1,1,0,0,0,0,0,0.0100,0.0018,")


def test_place__questions__of_each_thing(client: Client) -> None:
    AnchorCount.objects.create(day=timezone.localdate(), slot="price", thing="product:9", seen=100, clicked=10)
    ask("price", thing="product:9")
    ask("price")

    rows = client.get(reverse("engage_dashboard:engage-report-place", args=["price"])).context["rows"]

    assert [(report.thing, report.asked) for _thing, report in rows] == [("product:9", 1)]


def test_place__asked_about_before_anybody_was_counted__names_the_thing(client: Client) -> None:
    product = create_product(title="Urd Leather")
    ask("size-table", thing=f"product:{product.pk}")

    response = client.get(reverse("engage_dashboard:engage-report-place", args=["size-table"]))

    ((thing, report),) = response.context["rows"]
    assert (thing.title, report.asked, report.seen) == ("Urd Leather", 1, 0)
    assert "In which size?" not in response.content.decode()


def test_place__for_who_may_read_conversations__lists_what_was_asked_and_notes_it(client_of: Callable[[str], Client]) -> None:
    ask("size-table")
    ask("price")
    address = reverse("engage_dashboard:engage-report-place", args=["size-table"])

    page = client_of("supervisor").get(address).content.decode()

    assert page.count("In which size?") == 1
    assert (
        reverse("engage_dashboard:engage-conversation", args=[Conversation.objects.get(anchor="size-table").public_id]) in page
    )
    assert AuditEntry.objects.get(action="conversations.place_read").detail == {"questions": 1}
