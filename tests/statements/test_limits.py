"""Transactions that give up in time, against a database that is really held by somebody else."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from django.test.utils import CaptureQueriesContext

from oscar_engage.statements.limits import limited_transaction, run_limited
from oscar_engage.statements.together import Statement, run

is_postgres = os.environ.get("ENGAGE_TEST_DB") == "postgres"
on_postgres = pytest.mark.skipif(not is_postgres, reason="PostgreSQL's own limits")

WRITE = Statement("INSERT INTO notes VALUES ('ours')")
READ = Statement("SELECT words FROM notes", gives_rows=True)


class Shop:
    """A shop on an SQLite file in WAL mode, and somebody else who holds the file."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch, mode: str | None) -> None:
        self.other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.other.execute("PRAGMA journal_mode=WAL")
        self.other.execute("CREATE TABLE notes (words TEXT)")
        options = {"timeout": 7, "transaction_mode": mode}
        handler = ConnectionHandler({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": options}})
        self.connection: BaseDatabaseWrapper = handler["default"]
        monkeypatch.setitem(connections.settings, "file", self.connection.settings_dict)
        self.connection.alias = "file"
        connections["file"] = self.connection

    def patience(self) -> int:
        """Milliseconds that the shop's own statements wait."""
        self.connection.ensure_connection()
        return int(self.connection.connection.execute("PRAGMA busy_timeout").fetchone()[0])


@pytest.fixture(params=[None, "IMMEDIATE"], ids=["deferred", "immediate"])
def shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, django_db_blocker: Any
) -> Iterator[Shop]:
    with django_db_blocker.unblock():  # the file is this test's own
        made = Shop(tmp_path / "shop.sqlite3", monkeypatch, request.param)
        yield made
        made.connection.close()
    del connections["file"]
    made.other.close()


def limited(on: BaseDatabaseWrapper, table: str = "notes") -> object:
    return limited_transaction(on, lock_ms=100, statement_ms=300, table=table)


def test_sqlite__file_is_free__is_written_and_the_shops_patience_stays(shop: Shop) -> None:
    with limited(shop.connection):
        run(shop.connection, WRITE)
        during = shop.patience()

    assert run(shop.connection, READ) == [[("ours",)]]
    assert (during, shop.patience()) == (100, 7000)


@pytest.mark.attack("L05")
def test_sqlite__file_is_held__gives_up_long_before_the_shop_would(shop: Shop) -> None:
    shop.other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()

    with pytest.raises(OperationalError, match="locked"), limited(shop.connection):
        run(shop.connection, WRITE)

    assert time.monotonic() - began < 3.5  # half the shop's patience: says that ours counted, whatever the machine is doing
    assert shop.patience() == 7000


def test_sqlite__another_writes_between_our_read_and_our_write__both_are_kept(shop: Shop) -> None:
    """In SQLite's default mode a transaction that began by reading is refused here."""
    shop.other.execute("PRAGMA busy_timeout = 7000")
    writer = threading.Thread(target=shop.other.execute, args=("INSERT INTO notes VALUES ('theirs')",))

    with limited(shop.connection):
        run(shop.connection, READ)
        writer.start()
        writer.join(0.2)
        run(shop.connection, WRITE)
    writer.join(7)

    assert sorted(run(shop.connection, READ)[0]) == [("ours",), ("theirs",)]


@pytest.mark.django_db(transaction=True)
@on_postgres
def test_postgresql__in_the_block__has_limits_and_none_after_it() -> None:
    shown = Statement("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')", gives_rows=True)

    with limited(connection):
        during = run(connection, shown)

    assert during == [[("100ms", "300ms")]]
    assert run(connection, shown) == [[("0", "0")]]


@pytest.mark.django_db(transaction=True)
@on_postgres
def test_postgresql__first_statement_meets_a_locked_table__gives_up() -> None:
    """The limits travel with the very statement they are to limit."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        run(other, Statement("LOCK TABLE oscar_engage_visit IN ACCESS EXCLUSIVE MODE"))
        began = time.monotonic()

        with pytest.raises(OperationalError, match="lock timeout"), limited(connection):
            run(connection, Statement("SELECT 1 FROM oscar_engage_visit", gives_rows=True))

        assert time.monotonic() - began < 5
    finally:
        other.rollback()
        other.close()


@pytest.mark.django_db(transaction=True)
@on_postgres
def test_postgresql__a_statement_takes_too_long__gives_up() -> None:
    with pytest.raises(OperationalError, match="statement timeout"), limited(connection):
        run(connection, Statement("SELECT pg_sleep(20)", gives_rows=True))


@pytest.mark.django_db(transaction=True)
@on_postgres
def test_postgresql__one_statement_alone__is_limited_in_one_trip_and_leaves_no_limits() -> None:
    shown = Statement("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')", gives_rows=True)

    with CaptureQueriesContext(connection) as queries, pytest.raises(OperationalError, match="statement timeout"):
        run_limited(connection, Statement("SELECT pg_sleep(20)"), lock_ms=100, statement_ms=300)

    assert len(queries) == 1
    assert run(connection, shown) == [[("0", "0")]]
