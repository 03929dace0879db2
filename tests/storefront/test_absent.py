"""Facts about shoppers who are somewhere else: from the dashboard, from the shop's other programs, from a command."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_engage.models import SignalRecord, Visit, Visitor
from oscar_engage.signals import Subject, record
from oscar_engage.signals.counters import snapshot
from oscar_engage.storefront.middleware import EngageMiddleware
from oscar_engage.visitors.consent import ConsentLevel
from tests.storefront.beats import known_shopper
from tests.storefront.faults import tables_missing
from tests.storefront.journeys import walk_to_order

pytestmark = pytest.mark.django_db(transaction=True)


def told(kind: str) -> list[dict[str, Any]]:
    return list(SignalRecord.objects.filter(kind=kind).order_by("pk").values_list("payload", flat=True))


@pytest.fixture
def order(product: Any) -> Any:
    """An order of a shopper we know, who has gone on browsing."""
    walk_to_order(known_shopper(), product)
    return get_model("order", "Order").objects.get()


@pytest.fixture
def visitor() -> Visitor:
    known_shopper()
    return Visitor.objects.get()


@pytest.fixture
def pending(order: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The order in a shop whose orders and lines can be sent."""
    line = order.lines.get()
    for thing in (order, line):
        monkeypatch.setattr(type(thing), "pipeline", {"Pending": ("Sent",), "Sent": ()})
        type(thing).objects.filter(pk=thing.pk).update(status="Pending")
    order.refresh_from_db()
    return order


def test_order__sent_by_a_program__is_told_of_the_visitor_who_placed_it(pending: Any) -> None:
    pending.set_status("Sent")

    assert told("order.changed") == [{"order_id": pending.pk, "status": "Sent", "before": "Pending"}]
    assert SignalRecord.objects.get(kind="order.changed").visitor_id == Visitor.objects.get().pk


def test_order__sent_from_the_dashboard__is_told_of_the_shopper_and_not_of_the_staff(pending: Any) -> None:
    staff = Client()
    staff.force_login(
        get_user_model().objects.create_superuser("mia", "mia@example.com", "secret"),
        backend="oscar.apps.customer.auth_backends.EmailBackend",
    )
    page = reverse("dashboard:order-detail", kwargs={"number": pending.number})

    answer = staff.post(page, {"order_action": "change_order_status", "new_status": "Sent"})

    assert answer.status_code == 302
    assert [data["status"] for data in told("order.changed")] == ["Sent"]
    assert Visitor.objects.count() == 1


def test_order__line_sent__names_the_product(pending: Any) -> None:
    line = pending.lines.get()

    line.set_status("Sent")

    assert told("order.line_changed") == [
        {"order_id": pending.pk, "status": "Sent", "before": "Pending", "product_id": line.product_id}
    ]


def test_order__change_rolled_back__is_not_told(pending: Any) -> None:
    with transaction.atomic():
        pending.set_status("Sent")
        transaction.set_rollback(True)

    assert told("order.changed") == []


def test_order__of_nobody_we_know__is_told_of_nobody(product: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    walk_to_order(Client(), product)
    order = get_model("order", "Order").objects.get()
    monkeypatch.setattr(type(order), "pipeline", {order.status: ("Sent",), "Sent": ()})

    order.set_status("Sent")

    assert not SignalRecord.objects.exists()


def test_order__our_tables_missing__is_sent_all_the_same(pending: Any) -> None:
    before = snapshot().get("fault:absent", 0)

    with tables_missing():
        pending.set_status("Sent")

    pending.refresh_from_db()
    assert pending.status == "Sent"
    assert snapshot()["fault:absent"] > before


def test_record__of_a_customer__finds_the_browser_seen_last(visitor: Visitor) -> None:
    Visitor.objects.filter(pk=visitor.pk).update(customer_id=7)
    older = timezone.now() - timedelta(days=1)
    Visitor.objects.create(customer_id=7, consent=ConsentLevel.PERSONALISATION, created_at=older, last_seen_at=older)

    record(Subject(customer_id=7), "customer.registered")

    assert SignalRecord.objects.get(kind="customer.registered").visitor_id == visitor.pk


def test_record__of_a_visitor_in_the_shop__joins_the_visit_and_does_not_prolong_it(visitor: Visitor) -> None:
    before = Visit.objects.get()

    record(Subject(visitor_id=visitor.pk), "wishlist.added", product_id=1)

    after = Visit.objects.get()
    assert (after.state["wishlist_adds"], after.last_at) == (1, before.last_at)
    assert SignalRecord.objects.get(kind="wishlist.added").visit_id == after.pk


def test_record__of_a_visitor_who_left__is_logged_without_a_visit(visitor: Visitor) -> None:
    Visit.objects.update(last_at=timezone.now() - timedelta(hours=2))

    record(Subject(visitor_id=visitor.pk), "wishlist.added", product_id=1)

    assert SignalRecord.objects.get(kind="wishlist.added").visit_id is None
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("consent", "is_here", "logged", "folded"),
    [
        (ConsentLevel.NONE, True, 0, 0),
        (ConsentLevel.FUNCTIONAL, True, 0, 1),
        (ConsentLevel.FUNCTIONAL, False, 0, 0),
        (ConsentLevel.STATISTICS, True, 1, 1),
        (ConsentLevel.STATISTICS, False, 1, 0),
    ],
)
def test_record__of_a_visitor__keeps_what_their_consent_allows(
    visitor: Visitor, consent: ConsentLevel, is_here: bool, logged: int, folded: int
) -> None:
    Visitor.objects.update(consent=consent)
    if not is_here:
        Visit.objects.update(last_at=timezone.now() - timedelta(hours=2))

    record(Subject(visitor_id=visitor.pk), "wishlist.added", product_id=1)

    assert len(told("wishlist.added")) == logged
    assert Visit.objects.get().state.get("wishlist_adds", 0) == folded


def test_record__in_a_request__of_another_visitor__waits_for_the_response(visitor: Visitor, rf: RequestFactory) -> None:
    during: list[int] = []

    def view(request: Any) -> HttpResponse:
        record(Subject(visitor_id=visitor.pk), "wishlist.added", product_id=1)
        during.append(len(told("wishlist.added")))
        return HttpResponse()

    EngageMiddleware(view)(rf.get("/dashboard/")).close()

    assert (during, len(told("wishlist.added"))) == ([0], 1)


@pytest.mark.parametrize("data", [{"product_id": "no number"}, {"product_id": -1}])
def test_record__of_a_visitor__nonsense_is_counted_and_lost_alone(visitor: Visitor, data: dict[str, Any]) -> None:
    before = snapshot().get("rejected:invalid", 0)

    record(Subject(visitor_id=visitor.pk), "wishlist.added", **data)
    record(Subject(visitor_id=visitor.pk), "no.such.kind")
    record(Subject(), "wishlist.added", product_id=1)

    assert not told("wishlist.added")
    assert snapshot()["rejected:invalid"] == before + 1


def test_record__switched_off__writes_nothing(visitor: Visitor, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ENABLED": False}

    record(Subject(visitor_id=visitor.pk), "wishlist.added", product_id=1)

    assert not told("wishlist.added")
