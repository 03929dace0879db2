"""A queryset compiled once says what the queryset itself says, with other values, on every thread."""

import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models import DateTimeField, UUIDField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oscar_engage.statements.prepared import Given, Prepared
from oscar_engage.visitors.models import Visit, Visitor

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.get_fixed_timezone(0))
COLUMNS = ("id", "last_at", "state", "visitor__consent")


def later_than() -> Prepared:
    """Return the visits of a visitor after a time, the latest first."""
    return Prepared(
        lambda: (
            Visit.objects.filter(visitor_id=Given("visitor", UUIDField()), last_at__gt=Given("oldest", DateTimeField()))
            .order_by("-last_at")
            .values_list(*COLUMNS)[:2]
        )
    )


def visitor_with_visits(number: int) -> Visitor:
    visitor = Visitor.objects.create(consent=number, created_at=NOW, last_seen_at=NOW)
    for hours in range(number):
        at = NOW + timedelta(hours=hours)
        Visit.objects.create(visitor=visitor, started_at=at, last_at=at, state={"pages": hours, "word": "50 % \u20ac"})
    return visitor


def test_rows__other_values_each_run__are_those_of_the_queryset() -> None:
    prepared, visitors = later_than(), [visitor_with_visits(number) for number in range(4)]

    for visitor in visitors:
        for oldest in (NOW - timedelta(hours=1), NOW, NOW + timedelta(hours=1)):
            expected = Visit.objects.filter(visitor=visitor, last_at__gt=oldest).order_by("-last_at").values_list(*COLUMNS)[:2]
            assert prepared.rows(visitor=visitor.pk, oldest=oldest) == list(expected)


def test_rows__value_missing__says_which() -> None:
    with pytest.raises(KeyError, match="oldest"):
        later_than().rows(visitor=uuid.uuid4())


def test_rows__with_a_lock__locks_where_the_database_can() -> None:
    prepared = Prepared(lambda: Visit.objects.select_for_update(of=("self",)).values_list("pk"))

    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        prepared.rows()

    assert ("FOR UPDATE OF" in queries[-1]["sql"]) is connection.features.has_select_for_update_of


def test_rows__hostile_value__is_a_value() -> None:
    prepared = Prepared(lambda: Visit.objects.filter(stage=Given("stage", Visit._meta.get_field("stage"))).values_list("pk"))

    assert prepared.rows(stage="' OR 1=1 -- %s") == []


@pytest.mark.django_db(transaction=True)
def test_rows__on_another_thread__uses_that_threads_connection() -> None:
    visitor, prepared, found = visitor_with_visits(1), later_than(), []
    prepared.rows(visitor=visitor.pk, oldest=NOW)

    def ask() -> None:
        with CaptureQueriesContext(connections["default"]) as queries:
            prepared.rows(visitor=visitor.pk, oldest=NOW - timedelta(hours=1))
        found.append(len(queries))
        connections.close_all()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()

    assert found == [1]


def test_rows__tables_moved_to_another_alias__follows_the_router(settings: Any) -> None:
    prepared = later_than()
    prepared.rows(visitor=uuid.uuid4(), oldest=NOW)
    settings.DATABASE_ROUTERS = ["tests.statements.test_prepared.Elsewhere"]

    with pytest.raises(LookupError, match="elsewhere"):
        prepared.rows(visitor=uuid.uuid4(), oldest=NOW)


class Elsewhere:
    """A router whose answer shows that it was asked."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Refuse."""
        raise LookupError("elsewhere")


def test_taken_along__queryset__gives_what_it_gives_alone() -> None:
    visitor, prepared = visitor_with_visits(3), later_than()
    asked = {"visitor": visitor.pk, "oldest": NOW}

    with prepared.taken_along(**asked) as rows:
        assert Visitor.objects.get(pk=visitor.pk) == visitor
        assert rows() == prepared.rows(**asked) != []
