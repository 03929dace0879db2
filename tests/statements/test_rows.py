"""An insert that says what was new, an update by key, and both in one trip."""

import uuid
from datetime import datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from oscar_engage.signals.models import SignalRecord
from oscar_engage.statements.rows import inserting_new, read_keys, updating_row
from oscar_engage.statements.together import run, takes_several
from tests.examples import examples

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


def insert_new(*rows: dict[str, Any]) -> set[Any]:
    (inserted,) = run(connection, inserting_new(SignalRecord, rows, key="event_id"))
    return read_keys(SignalRecord, "event_id", inserted)


def test_inserting_new__known_and_new__gives_the_new_keys_and_leaves_the_known_alone(django_assert_num_queries: Any) -> None:
    old, new = record(kind="page.viewed"), record()
    insert_new(old)

    with django_assert_num_queries(1):
        assert insert_new({**old, "kind": "changed"}, new) == {new["event_id"]}

    assert (stored(old["event_id"]), stored(new["event_id"])) == (old, new)


def test_inserting_new__twice_in_one_call__is_stored_once() -> None:
    row = record()

    assert insert_new(row, row) == {row["event_id"]}
    assert SignalRecord.objects.count() == 1


def test_inserting_new__another_constraint__is_not_hidden() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_new(record(visitor_id=None))


def test_updating_row__of_one__leaves_the_others_alone() -> None:
    one, other = record(), record()
    insert_new(one, other)

    pk = SignalRecord.objects.get(event_id=one["event_id"]).pk
    run(connection, updating_row(SignalRecord, pk, kind="changed", payload={"a": [1]}))

    assert stored(one["event_id"]) == {**one, "kind": "changed", "payload": {"a": [1]}}
    assert stored(other["event_id"]) == other


def test_updating_row__gone__changes_nothing() -> None:
    run(connection, updating_row(SignalRecord, 17, kind="changed"))

    assert not SignalRecord.objects.exists()


def test_run__insert_and_update__are_one_trip_where_the_driver_takes_several(django_assert_num_queries: Any) -> None:
    old, new = record(), record()
    insert_new(old)
    pk = SignalRecord.objects.get().pk

    with django_assert_num_queries(1 if takes_several(connection) else 2):
        inserted, updated = run(
            connection,
            inserting_new(SignalRecord, [old, new], key="event_id"),
            updating_row(SignalRecord, pk, kind="changed"),
        )

    assert read_keys(SignalRecord, "event_id", inserted) == {new["event_id"]}
    assert updated == []
    assert (stored(old["event_id"]), stored(new["event_id"])) == ({**old, "kind": "changed"}, new)


class AnyValueTest(TestCase):
    """What goes in comes out, as through the model."""

    @settings(deadline=None, max_examples=examples(50))
    @given(
        kind=STORABLE,
        payload=st.dictionaries(STORABLE, STORABLE | st.integers(-(2**53), 2**53) | st.booleans() | st.none(), max_size=3),
        at=st.datetimes(timezones=st.just(NOW.tzinfo)),
    )
    def test_inserting_new__any_values__read_back_the_same(self, kind: str, payload: dict[str, Any], at: datetime) -> None:
        row = record(kind=kind, payload=payload, at=at)

        try:
            with transaction.atomic():
                insert_new(row)
        except DataError:  # a year that PostgreSQL does not know
            return

        assert stored(row["event_id"]) == row
