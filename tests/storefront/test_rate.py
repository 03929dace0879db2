"""The limits on what one browser, or one network, sends."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oscar_engage.storefront import rate as rate_module
from oscar_engage.storefront.rate import BEATS_PER_MINUTE, Rate
from tests.storefront.beats import body, known_shopper, send


def test_rate__one_key_over_the_limit__is_refused_until_the_window_is_over() -> None:
    rate, key = Rate(seconds=60), uuid.uuid4()

    assert [rate.allows(key, limit=2, now=now) for now in (10, 11, 69, 70)] == [True, True, False, True]


def test_rate__other_keys__are_counted_apart() -> None:
    rate = Rate(seconds=60)

    assert all(rate.allows(uuid.uuid4(), limit=1, now=0) for _ in range(50))


def test_rate__more_keys_than_it_remembers__lets_newcomers_through_and_goes_on_counting_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_module, "_MOST_KEYS", 2)
    rate = Rate(seconds=60)
    for key in ("a", "b"):
        rate.allows(key, limit=1, now=0)

    assert [rate.allows(key, limit=1, now=0) for key in ("c", "c", "a")] == [True, True, False]


@pytest.mark.django_db
def test_beat__flood_of_one_visitor__is_answered_without_the_database() -> None:
    client = known_shopper()
    for _ in range(BEATS_PER_MINUTE):
        send(client, "{")

    with CaptureQueriesContext(connection) as queries:
        response = send(client, body())

    assert (response.status_code, len(queries)) == (204, 0)
