"""Every fault of group L, one at a time, over the shop's journeys: what the shop does is what it does without us."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_settings

from oscar_engage.signals.counters import snapshot
from tests.attacks.conftest import needs_postgres
from tests.attacks.group_l import FAULTS, HEALTHY, Fault, as_parameters
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.faults import OFF, tables_locked
from tests.storefront.journeys import VOUCHER, Journey, give_voucher
from tests.storefront.walks import SELLING, WALKS, Walk, as_guest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.attack("L01", "L02", "L03", "L04", "L06", "L07", "L08", "L10", "L11", "L12", "L15", "L16", "L18")
@pytest.mark.parametrize("atomic_requests", [True, False], indirect=True, ids=["atomic requests", "autocommit"])
@pytest.mark.parametrize("fault", as_parameters(HEALTHY, *FAULTS))
def test_l__journeys_with_a_fault_of_ours__are_those_of_the_shop_without_us(
    fault: Fault, atomic_requests: bool, product: Any
) -> None:
    give_voucher()
    clients, before = [known_shopper() for _walk in WALKS], risen(fault)

    with fault.inject():
        journeys = [walk(client, product) for walk, client in zip(WALKS, clients, strict=True)]
        beaten = send(clients[0], body(signal()))

    for walk, journey in zip(WALKS, journeys, strict=True):
        assert without_ids(journey) == bare(walk, product, atomic_requests=atomic_requests), walk.__name__
        assert journey.orders == (1 if walk in SELLING else 0)
    assert beaten.status_code == 204
    is_felt = fault.counter and (atomic_requests or not fault.needs_transaction)
    assert risen(fault) > before if is_felt else True


def risen(fault: Fault) -> int:
    return sum(number for name, number in snapshot().items() if fault.counter and name.startswith(fault.counter))


_bare: dict[tuple[Walk, bool], Journey] = {}


def bare(walk: Walk, product: Any, *, atomic_requests: bool) -> Journey:
    """Return the same journey without us; walked once for all tests."""
    if (walk, atomic_requests) not in _bare:
        with override_settings(OSCAR_ENGAGE=OFF):
            _bare[walk, atomic_requests] = without_ids(walk(Client(), product))
    return _bare[walk, atomic_requests]


def without_ids(journey: Journey) -> Journey:
    """Return the journey without the numbers in its addresses: each test has its own product."""
    steps = [(re.sub(r"\d+", "", path), status, re.sub(r"\d+", "", location)) for path, status, location in journey.steps]
    return replace(journey, steps=tuple(steps))


def test_bare_journey__of_each_kind__buys_what_the_test_is_about(product: Any) -> None:
    give_voucher()

    for walk in WALKS:
        journey = bare(walk, product, atomic_requests=True)
        is_sale, has_voucher = walk in SELLING, walk is as_guest
        assert (journey.orders, journey.lines, journey.allocated) == ((1, 1, 2) if is_sale else (0, 0, 0))
        assert journey.bought == ((("Rain boots", 2, Decimal(18 if has_voucher else 20), ""),) if is_sale else ())
        assert journey.discounts == (((VOUCHER, Decimal(2)),) if has_voucher else ())
        assert len(journey.mailed) == (1 if is_sale else 0)


@pytest.mark.attack("L04")
@needs_postgres
def test_beat__our_tables_are_locked__is_answered_and_opens_the_breaker(product: Any) -> None:
    client, before = known_shopper(), snapshot().get("dropped:breaker", 0)

    with tables_locked():
        answers = [send(client, body(signal())) for _attempt in range(5)]

    assert {answer.status_code for answer in answers} == {204}
    assert snapshot()["dropped:breaker"] > before
