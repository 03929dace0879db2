"""Account checkout and refused payment, with our tables missing or locked: the shop notices nothing of it."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_settings
from oscar.apps.payment.exceptions import UnableToTakePayment
from oscar.core.loading import get_class
from oscar.test.factories import UserFactory

from oscar_engage.signals.counters import snapshot
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.faults import OFF, tables_locked, tables_missing
from tests.storefront.journeys import Journey, walk_to_order

pytestmark = pytest.mark.django_db(transaction=True)

Walk = Callable[[Client, Any], Journey]
Fault = Callable[[], AbstractContextManager[None]]
needs_postgres = pytest.mark.skipif(
    os.environ.get("ENGAGE_TEST_DB") != "postgres",
    reason="SQLite locks its whole file, the shop's tables with ours: nothing is left to be isolated",
)


def as_guest(client: Client, product: Any) -> Journey:
    return walk_to_order(client, product)


def as_customer(client: Client, product: Any) -> Journey:
    client.force_login(UserFactory())
    return walk_to_order(client, product)


def with_refused_card(client: Client, product: Any) -> Journey:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(get_class("checkout.views", "PaymentDetailsView"), "handle_payment", refuse)
        return walk_to_order(client, product)


def refuse(*args: object, **kwargs: object) -> None:
    raise UnableToTakePayment("Card declined")


@pytest.mark.attack("L03", "L04")
@pytest.mark.parametrize("walk", [as_guest, as_customer, with_refused_card])
@pytest.mark.parametrize("fault", [nullcontext, tables_missing, pytest.param(tables_locked, marks=needs_postgres)])
def test_journey__whatever_ails_our_tables__is_the_same(product: Any, fault: Fault, walk: Walk) -> None:
    with override_settings(OSCAR_ENGAGE=OFF):
        expected = walk(Client(), product)
    client = known_shopper()

    with fault():
        journey = walk(client, product)

    assert journey == expected
    assert journey.orders == (0 if walk is with_refused_card else 1)


@pytest.mark.attack("L04")
@needs_postgres
def test_beat__our_tables_are_locked__is_answered_and_opens_the_breaker(product: Any) -> None:
    client, before = known_shopper(), snapshot().get("dropped:breaker", 0)

    with tables_locked():
        answers = [send(client, body(signal())) for _attempt in range(5)]

    assert {answer.status_code for answer in answers} == {204}
    assert snapshot()["dropped:breaker"] > before
