"""An insert that says what was new, and an update by key."""

import uuid
from datetime import datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from oscar_engage.signals.models import SignalRecord
from oscar_engage.statements.rows import insert_new, update_row

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.get_fixed_timezone(0))
STORABLE = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=9)


def record(**changes: Any) -> dict[str, Any]:
    ids = {"event_id": uuid.uuid4(), "visitor_id": uuid.uuid4(), "visit_id": uuid.uuid4()}
    return {**ids, "kind": "page.idle", "source": "browser", "payload": {}, "at": NOW, "received_at": NOW, **changes}


def stored(event_id: uuid.UUID) -> dict[str, Any]:
    row = SignalRecord.objects.filter(event_id=event_id).values().get()
    del row["id"]
    return row


def test_insert_new__known_and_new__gives_the_new_keys_and_leaves_the_known_alone(django_assert_num_queries: Any) -> None:
    old, new = record(kind="page.viewed"), record()
    insert_new(SignalRecord, [old], key="event_id")

    with django_assert_num_queries(1):
        assert insert_new(SignalRecord, [{**old, "kind": "changed"}, new], key="event_id") == {new["event_id"]}

    assert (stored(old["event_id"]), stored(new["event_id"])) == (old, new)


def test_insert_new__twice_in_one_call__is_stored_once() -> None:
    row = record()

    assert insert_new(SignalRecord, [row, row], key="event_id") == {row["event_id"]}
    assert SignalRecord.objects.count() == 1


def test_insert_new__another_constraint__is_not_hidden() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_new(SignalRecord, [record(visit_id=None)], key="event_id")


def test_update_row__of_one__leaves_the_others_alone() -> None:
    one, other = record(), record()
    insert_new(SignalRecord, [one, other], key="event_id")

    update_row(SignalRecord, SignalRecord.objects.get(event_id=one["event_id"]).pk, kind="changed", payload={"a": [1]})

    assert stored(one["event_id"]) == {**one, "kind": "changed", "payload": {"a": [1]}}
    assert stored(other["event_id"]) == other


def test_update_row__gone__changes_nothing() -> None:
    update_row(SignalRecord, 17, kind="changed")

    assert not SignalRecord.objects.exists()


class AnyValueTest(TestCase):
    """What goes in comes out, as through the model."""

    @settings(deadline=None, max_examples=50)
    @given(
        kind=STORABLE,
        payload=st.dictionaries(STORABLE, STORABLE | st.integers(-(2**53), 2**53) | st.booleans() | st.none(), max_size=3),
        at=st.datetimes(timezones=st.just(NOW.tzinfo)),
    )
    def test_insert_new__any_values__read_back_the_same(self, kind: str, payload: dict[str, Any], at: datetime) -> None:
        row = record(kind=kind, payload=payload, at=at)

        try:
            with transaction.atomic():
                insert_new(SignalRecord, [row], key="event_id")
        except DataError:  # a year that PostgreSQL does not know
            return

        assert stored(row["event_id"]) == row
