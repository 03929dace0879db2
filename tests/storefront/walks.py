"""The shop's journeys to the end: as a guest, as a customer, with a card that is refused, with an order that fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client
from oscar.apps.order.exceptions import UnableToPlaceOrder
from oscar.apps.payment.exceptions import UnableToTakePayment
from oscar.core.loading import get_class
from oscar.test.factories import UserFactory

from tests.storefront.journeys import VOUCHER, Journey, walk_to_order

Walk = Callable[[Client, Any], Journey]


def as_guest(client: Client, product: Any) -> Journey:
    """With one voucher that is refused, and one that is not where the shop has it."""
    return walk_to_order(client, product, ("NOSUCH", VOUCHER))


def as_customer(client: Client, product: Any) -> Journey:
    client.force_login(UserFactory())
    return walk_to_order(client, product)


def with_refused_card(client: Client, product: Any) -> Journey:
    with failing("handle_payment", UnableToTakePayment("Card declined")):
        return walk_to_order(client, product)


def with_failed_order(client: Client, product: Any) -> Journey:
    """The shop's own transaction is rolled back after the signals of the payment."""
    with failing("handle_order_placement", UnableToPlaceOrder("The warehouse does not answer")):
        return walk_to_order(client, product)


WALKS: tuple[Walk, ...] = (as_guest, as_customer, with_refused_card, with_failed_order)
SELLING = (as_guest, as_customer)
"""Those that end in an order."""


@contextmanager
def failing(step: str, error: Exception) -> Iterator[None]:
    """Have a step of the shop's own checkout fail."""

    def fail(*args: object, **kwargs: object) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(get_class("checkout.views", "PaymentDetailsView"), step, fail)
        yield
