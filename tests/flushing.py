"""What is in the database after a test with real transactions? What was there before the first one, and soon.

Django empties all tables and then makes every content type and permission anew, as after a migration: with the shop's forty
apps that is most of what such a test takes. Here only what holds rows is emptied, and what was there from the start stays.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.sites.models import Site
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

Row = tuple[Any, ...]

_first: dict[str, dict[str, list[Row]]] = {}
"""By database: the rows of each table that held any before the first test."""

_questions: dict[str, str] = {}
"""By database: the query that names the tables which hold rows."""


def remember() -> None:
    """Note what is in the databases that have just been made, and have every test with real transactions go back to it."""
    for connection in connections.all():
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        named = {table: connection.ops.quote_name(table) for table in tables}
        asked = [f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quoted})" for table, quoted in named.items()]  # noqa: S608 - our tables
        _questions[connection.alias] = " UNION ALL ".join(asked)
        _first[connection.alias] = {table: _rows(connection, table) for table in _held(connection)}
    TransactionTestCase._fixture_teardown = _restore  # type: ignore[attr-defined]  # what the stubs leave out


def _restore(case: Any) -> None:
    """Stand for ``TransactionTestCase._fixture_teardown``."""
    for alias in case._databases_names(include_mirrors=False):
        connection, first = connections[alias], _first[alias]
        with transaction.atomic(using=alias):  # constraints between tables are deferred: the order does not matter
            changed = [table for table, rows in first.items() if _rows(connection, table) != rows]
            for table in (_held(connection) - first.keys()) | {*changed}:
                _ask(connection, f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a table of ours or Django's
            for table in changed:
                _put(connection, table, first[table])
        if changed:
            ContentType.objects.clear_cache()
            Site.objects.clear_cache()


def _ask(connection: BaseDatabaseWrapper, sql: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []


def _held(connection: BaseDatabaseWrapper) -> set[str]:
    """Return which tables hold rows."""
    return {table for (table,) in _ask(connection, _questions[connection.alias])}


def _rows(connection: BaseDatabaseWrapper, table: str) -> list[Row]:
    return _ask(connection, f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")  # noqa: S608 - the same


def _put(connection: BaseDatabaseWrapper, table: str, rows: list[Row]) -> None:
    """Insert rows as they were read."""
    places = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {connection.ops.quote_name(table)} VALUES ({places})", rows)  # noqa: S608 - the same
