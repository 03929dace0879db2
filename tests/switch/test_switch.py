"""Everything off, and on again, while the shop is running."""

import threading
import time
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from oscar_engage.models import AuditEntry, SignalRecord, Visitor
from oscar_engage.signals import Subject, record
from oscar_engage.signals.counters import snapshot
from oscar_engage.storefront.switch import follow_switch
from oscar_engage.switch.models import Switch
from oscar_engage.switch.state import FRESH_FOR, forget, is_on, look_up, turn
from oscar_engage.visitors.consent import ConsentLevel
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.faults import tables_missing
from tests.storefront.journeys import stock_shop, walk_to_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client() -> Client:
    return known_shopper()


def switch_off() -> None:
    turn(is_on=False, now=timezone.now())
    follow_switch()


def our_queries(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured if "oscar_engage_" in query["sql"] and "_switch" not in query["sql"]]


def test_switch__never_turned__is_on() -> None:
    forget()
    look_up(now=0.0)

    assert is_on()


def test_look_up__within_its_time__asks_once(django_assert_num_queries: Any) -> None:
    forget()
    with CaptureQueriesContext(connection) as first:
        look_up(now=100.0)
    with django_assert_num_queries(0):
        look_up(now=100.0 + FRESH_FOR - 0.1)

    assert [sql for sql in first if "_switch" in sql["sql"]]


def test_look_up__turned_by_another_process__follows_in_five_seconds() -> None:
    forget()
    look_up(now=100.0)
    Switch.objects.create(is_on=False, changed_at=timezone.now())

    for second in range(1, 6):  # a request a second
        look_up(now=100.0 + second)
    assert not is_on()


def test_look_up__turned_on_again_by_another_process__follows_in_five_seconds() -> None:
    turn(is_on=False, now=timezone.now())
    look_up(now=100.0)
    assert not is_on()
    Switch.objects.update(is_on=True)

    for second in range(1, 6):
        look_up(now=100.0 + second)
    assert is_on()


@pytest.mark.parametrize("was_on", [True, False])
def test_look_up__our_tables_missing__stays_as_it_was(was_on: bool) -> None:
    turn(is_on=was_on, now=timezone.now())
    look_up(now=0.0)
    before = snapshot().get("fault:switch", 0)

    with tables_missing():
        follow_switch()

    assert is_on() is was_on
    assert snapshot()["fault:switch"] > before


def test_turn__to_where_it_is__changes_nothing() -> None:
    assert turn(is_on=True, now=timezone.now()) is False
    assert turn(is_on=False, now=timezone.now()) is True
    assert turn(is_on=False, now=timezone.now()) is False
    assert turn(is_on=True, now=timezone.now()) is True


def test_switch__a_second_row__is_refused() -> None:
    Switch.objects.create(is_on=True, changed_at=timezone.now())
    with pytest.raises(IntegrityError, match="engage_switch_one"), transaction.atomic():
        Switch.objects.create(pk=2, is_on=True, changed_at=timezone.now())


@pytest.mark.attack("L16")
def test_shop__switched_off__has_no_tag_and_asks_nothing_of_ours(client: Client) -> None:
    product, before = stock_shop(), SignalRecord.objects.count()
    switch_off()

    with CaptureQueriesContext(connection) as captured:
        page = client.get(product.get_absolute_url())
        journey = walk_to_order(client, product)
        beaten = send(client, body(signal()))
        record(Subject(order_id=1), "order.changed", order_id=1, status="Sent")

    assert b"engage" not in page.content
    assert our_queries(captured) == []
    assert journey.orders == 1
    assert (beaten.status_code, beaten.content) == (204, b"")
    assert SignalRecord.objects.count() == before


def test_shop__switched_on_again__senses_after_the_next_look(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    product = stock_shop()
    switch_off()
    Switch.objects.update(is_on=True)
    later = time.monotonic() + FRESH_FOR
    monkeypatch.setattr("oscar_engage.storefront.switch.time.monotonic", lambda: later)

    first, second = client.get(product.get_absolute_url()), client.get(product.get_absolute_url())

    assert b"engage-help" not in first.content
    assert b"engage-help" in second.content


def test_worker__switched_off_and_on_elsewhere__follows_though_no_request_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oscar_engage.storefront.switch._REQUESTS_COME", threading.Event())
    clock = [time.monotonic()]
    monkeypatch.setattr("oscar_engage.storefront.switch.time.monotonic", lambda: clock[0])
    agreed = {"consent": ConsentLevel.PERSONALISATION, "created_at": timezone.now(), "last_seen_at": timezone.now()}
    visitor = Visitor.objects.create(**agreed)
    forget()

    def is_kept() -> bool:
        before = SignalRecord.objects.count()
        record(Subject(visitor_id=visitor.pk), "wishlist.added", product_id=1)
        return SignalRecord.objects.count() > before

    assert is_kept()
    Switch.objects.create(is_on=False, changed_at=timezone.now())
    clock[0] += 5
    assert not is_kept()
    Switch.objects.update(is_on=True)
    clock[0] += 5
    assert is_kept()


def test_shop__that_serves_requests__never_looks_while_it_records(client: Client) -> None:
    client.get("/")
    forget()

    with CaptureQueriesContext(connection) as captured:
        record(Subject(customer_id=1), "order.changed", order_id=1, status="Sent")

    assert not [query for query in captured if "_switch" in query["sql"]]


@pytest.mark.parametrize(("position", "answer"), [("off", "within 5 seconds"), ("on", "already")])
def test_command__turns_it_and_is_in_the_trail(position: str, answer: str, capsys: Any) -> None:
    call_command("engage_switch", position)

    assert answer in capsys.readouterr().out
    assert AuditEntry.objects.filter(action="switch.off").count() == (position == "off")


def test_command__on__promises_what_off_does(capsys: Any) -> None:
    turn(is_on=False, now=timezone.now())
    call_command("engage_switch", "on")

    assert "within 5 seconds" in capsys.readouterr().out


def test_command__nonsense__says_what_to_type() -> None:
    with pytest.raises(CommandError, match="on"):
        call_command("engage_switch", "sideways")


def test_health__supervisor__switches_off_and_on(admin_client: Client) -> None:
    address, health = reverse("engage_dashboard:engage-switch"), reverse("engage_dashboard:engage-health")

    admin_client.post(address, {"position": "off"})
    off = admin_client.get(health).content.decode()
    admin_client.post(address, {"position": "on"})
    on = admin_client.get(health).content.decode()

    assert "Engage is switched off" in off
    assert "Engage is switched on" in on
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == ["switch.off", "switch.on"]


def test_health__fault_a_moment_ago__is_red_with_its_reason(client: Client, admin_client: Client) -> None:
    with tables_missing():
        send(client, body(signal()))

    page = admin_client.get(reverse("engage_dashboard:engage-health")).content.decode()

    assert "A browser&#x27;s signals could not be taken" in page
    assert "<code>OperationalError</code>" in page or "<code>ProgrammingError</code>" in page
