"""The limit on the beats of one browser."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oscar_engage.storefront.rate import BEATS_PER_MINUTE, Rate
from tests.storefront.beats import body, known_shopper, send


def test_rate__one_key_over_the_limit__is_refused_until_the_minute_is_over() -> None:
    rate, key = Rate(limit=2), uuid.uuid4()

    assert [rate.allows(key, now=10), rate.allows(key, now=11), rate.allows(key, now=69)] == [True, True, False]
    assert rate.allows(key, now=70)


def test_rate__other_keys__are_counted_apart() -> None:
    rate = Rate(limit=1)

    assert all(rate.allows(uuid.uuid4(), now=0) for _ in range(50))


@pytest.mark.django_db
def test_beat__flood_of_one_visitor__is_answered_without_the_database() -> None:
    client = known_shopper()
    for _ in range(BEATS_PER_MINUTE):
        send(client, "{")

    with CaptureQueriesContext(connection) as queries:
        response = send(client, body())

    assert (response.status_code, len(queries)) == (204, 0)
