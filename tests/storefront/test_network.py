"""What we take for a shopper's network, and what we do not."""

from datetime import date

import pytest
from django.test import RequestFactory, override_settings

from oscar_engage.storefront.network import network_of

TODAY = date(2026, 5, 4)


def network(address: str, *, today: date = TODAY, **headers: str) -> bytes | None:
    return network_of(RequestFactory().get("/", REMOTE_ADDR=address, **headers), today=today)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("8.8.8.1", "8.8.8.254"),
        ("2a00:1450:4001:80b::1", "2a00:1450:4001:80b:ffff::9"),
        ("8.8.8.1", "::ffff:8.8.8.2"),
    ],
)
def test_network__neighbours__are_one(one: str, other: str) -> None:
    assert network(one) == network(other) is not None


@pytest.mark.parametrize(("one", "other"), [("8.8.8.1", "8.8.9.1"), ("2a00:1450:4001:80b::1", "2a00:1450:4001:80c::1")])
def test_network__others__are_told_apart(one: str, other: str) -> None:
    assert network(one) != network(other)


def test_network__next_day__is_another() -> None:
    assert network("8.8.8.1") != network("8.8.8.1", today=date(2026, 5, 5))


def test_network__digest__does_not_hold_the_address() -> None:
    digest = network("8.8.8.1")

    assert digest is not None
    assert (len(digest), b"8.8.8" in digest) == (32, False)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "fe80::1%eth0", "", "unix:", "8.8.8.8:443"])
def test_network__address_that_is_not_the_shoppers__none(address: str) -> None:
    assert network(address) is None


def test_network__forwarded_for_without_proxies__is_not_believed() -> None:
    assert network("8.8.8.1", HTTP_X_FORWARDED_FOR="9.9.9.9") == network("8.8.8.1")


@override_settings(OSCAR_ENGAGE={"PROXIES": 2})
@pytest.mark.parametrize("forwarded", ["8.8.8.1, 9.9.9.9", "6.6.6.6, 8.8.8.1, 9.9.9.9", "x,8.8.8.2 ,10.0.0.1"])
def test_network__behind_proxies__is_what_the_outermost_of_them_saw(forwarded: str) -> None:
    with override_settings(OSCAR_ENGAGE={"PROXIES": 0}):
        expected = network("8.8.8.1")

    assert network("10.0.0.2", HTTP_X_FORWARDED_FOR=forwarded) == expected


@override_settings(OSCAR_ENGAGE={"PROXIES": 2})
@pytest.mark.parametrize("forwarded", ["", "8.8.8.1"])
def test_network__fewer_entries_than_proxies__none(forwarded: str) -> None:
    assert network("10.0.0.2", HTTP_X_FORWARDED_FOR=forwarded) is None
