"""Several statements at once: the same rows and the same order, in one trip or in several."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext

from oscar_engage.statements.together import Statement, run, sent_ahead, taken_along, takes_several

pytestmark = pytest.mark.django_db
on_postgres = pytest.mark.skipif(os.environ.get("ENGAGE_TEST_DB") != "postgres", reason="asks PostgreSQL's own settings")

ONE, TWO = Statement("SELECT %s", ["one"], gives_rows=True), Statement("SELECT %s, 2", ["two"], gives_rows=True)
NONE = Statement("UPDATE oscar_engage_visit SET stage = %s WHERE stage = 'nowhere'", ["100 %"])
AHEAD = "SELECT set_config('lock_timeout', '1234ms', true)"


@pytest.fixture
def bound_by_the_server() -> Iterator[BaseDatabaseWrapper]:
    """Another connection to the same database, with the option under which a trip carries one statement."""
    other = connections[connection.alias].copy()
    other.settings_dict = {**other.settings_dict, "OPTIONS": {**other.settings_dict["OPTIONS"], "server_side_binding": True}}
    yield other
    other.close()


def lock_timeout(on: BaseDatabaseWrapper) -> Any:
    ((value,),) = run(on, Statement("SHOW lock_timeout", gives_rows=True))[0]
    return value


def test_run__rows_and_none__each_has_its_own() -> None:
    assert run(connection, ONE, NONE, TWO) == [[("one",)], [], [("two", 2)]]


def test_run__a_statement_fails__raises() -> None:
    with pytest.raises(DatabaseError):
        run(connection, ONE, Statement("SELECT no_such_column", gives_rows=True))


@on_postgres
def test_run__values_bound_by_the_server__goes_one_by_one(bound_by_the_server: BaseDatabaseWrapper) -> None:
    assert not takes_several(bound_by_the_server)
    cast = Statement("SELECT %s::text", ["one"], gives_rows=True)
    assert run(bound_by_the_server, cast, cast) == [[("one",)], [("one",)]]


@on_postgres
def test_sent_ahead__first_statement__carries_it_and_gives_its_own_rows() -> None:
    with CaptureQueriesContext(connection) as captured, sent_ahead(connection, AHEAD):
        assert run(connection, ONE) == [[("one",)]]
        assert lock_timeout(connection) == "1234ms"

    assert len(captured) == 2


@on_postgres
def test_sent_ahead__a_list_of_rows__runs_it_once_before() -> None:
    with sent_ahead(connection, AHEAD), connection.cursor() as cursor:
        cursor.executemany(NONE.sql, [["a"], ["b"]])

        assert lock_timeout(connection) == "1234ms"


@on_postgres
def test_sent_ahead__nothing_runs__is_not_sent() -> None:
    with CaptureQueriesContext(connection) as captured, sent_ahead(connection, AHEAD):
        pass

    assert len(captured) == 0


@on_postgres
def test_sent_ahead__values_bound_by_the_server__is_a_trip_of_its_own(bound_by_the_server: BaseDatabaseWrapper) -> None:
    bound_by_the_server.set_autocommit(False)
    with sent_ahead(bound_by_the_server, AHEAD):
        assert lock_timeout(bound_by_the_server) == "1234ms"
    bound_by_the_server.rollback()


@on_postgres
def test_taken_along__first_statement__carries_it_behind_the_limits() -> None:
    with CaptureQueriesContext(connection) as captured, taken_along(connection, TWO) as ahead, sent_ahead(connection, AHEAD):
        assert run(connection, ONE) == [[("one",)]]
        assert run(connection, ONE, NONE) == [[("one",)], []]
        assert ahead.rows() == ahead.rows() == [("two", 2)]

    first, _second = (query["sql"] for query in captured)
    assert [part.split()[1][:10] for part in first.split("; ")] == ["set_config", "'two',", "'one'"]


@on_postgres
def test_taken_along__a_list_of_rows__leaves_it_for_later() -> None:
    with taken_along(connection, TWO) as ahead, connection.cursor() as cursor:
        cursor.executemany(NONE.sql, [["a"], ["b"]])
        assert ahead.rows() == [("two", 2)]


@on_postgres
def test_taken_along__statement_fails__raises_what_it_is() -> None:
    with pytest.raises(DatabaseError, match="no_such_column"), taken_along(connection, TWO):
        run(connection, Statement("SELECT no_such_column", gives_rows=True))


def test_taken_along__nothing_took_it__runs_when_it_is_asked_for() -> None:
    with taken_along(connection, TWO) as ahead:
        pass
    assert ahead.rows() == [("two", 2)]


def test_taken_along__nobody_asks_and_nothing_runs__is_not_sent() -> None:
    with CaptureQueriesContext(connection) as captured, taken_along(connection, TWO):
        pass
    assert len(captured) == 0
