"""Names towards people, in addresses, and in the log."""

import re
import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.core.ids import new_id_at, new_public_id, new_reference


def test_new_reference__many__can_be_read_out_on_the_phone():
    for _ in range(200):
        assert re.fullmatch(r"[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", new_reference())


def test_new_public_id__many__differ_and_fit_an_address():
    made = {new_public_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{24}", public_id) for public_id in made)


MOMENTS = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds it


@given(MOMENTS)
def test_new_id_at__any_moment__begins_with_its_millisecond_and_says_its_version(at: datetime):
    made = new_id_at(at)
    assert made.int >> 80 == int(at.timestamp() * 1000)
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_new_id_at__one_moment__never_gives_the_same_twice():
    at = datetime(2026, 11, 27, tzinfo=UTC)
    assert len({new_id_at(at) for _ in range(1000)}) == 1000


@given(MOMENTS.filter(lambda at: at.year < 9999), st.integers(1, 10**9))
def test_new_id_at__later__sorts_behind(at: datetime, milliseconds: int):
    assert new_id_at(at) < new_id_at(at + timedelta(milliseconds=milliseconds + 1))
