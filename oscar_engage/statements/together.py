"""How do several statements reach the database at once? In one trip where the driver takes them so, else one by one.

Measured on PostgreSQL: a trip costs a beat 0.2 ms of CPU, whatever it carries.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with the values for its places; ``gives_rows`` when it is a query, or a change with ``RETURNING``."""

    sql: str
    values: Sequence[Any] = ()
    gives_rows: bool = False


def takes_several(connection: BaseDatabaseWrapper) -> bool:
    """Whether one trip may carry several statements: PostgreSQL by psycopg 3, its values bound by the client (the default)."""
    if connection.vendor != "postgresql":
        return False
    from django.db.backends.postgresql.psycopg_any import is_psycopg3  # noqa: PLC0415 - fails where there is no PostgreSQL

    return is_psycopg3 and connection.settings_dict["OPTIONS"].get("server_side_binding") is not True


def run(connection: BaseDatabaseWrapper, *statements: Statement) -> list[Rows]:
    """Run ``statements`` in their order, in the transaction that is open, and return the rows of each."""
    with connection.cursor() as cursor:
        if not takes_several(connection):
            return [_run_one(cursor, statement) for statement in statements]
        cursor.execute(
            "; ".join(statement.sql for statement in statements),
            [value for statement in statements for value in statement.values],
        )
        return [_fetch(cursor, statement, is_first=place == 0) for place, statement in enumerate(statements)]


def run_as_one(connection: BaseDatabaseWrapper, *statements: Statement) -> list[Rows]:
    """Run ``statements`` as :func:`run` does, all or none: in the transaction that is open, or one of their own.

    PostgreSQL makes one transaction of what comes together, so that none has to be begun and ended.
    """
    if takes_several(connection) and connection.get_autocommit():
        return run(connection, *statements)
    with transaction.atomic(using=connection.alias):
        return run(connection, *statements)


def _run_one(cursor: CursorWrapper, statement: Statement) -> Rows:
    cursor.execute(statement.sql, statement.values)
    return cursor.fetchall() if statement.gives_rows else []


def _fetch(cursor: CursorWrapper, statement: Statement, *, is_first: bool) -> Rows:
    if not is_first:
        cursor.nextset()
    return cursor.fetchall() if statement.gives_rows else []


class Ahead:
    """A query that may travel with another; :meth:`rows` are what it gave, and it runs by itself if it did not."""

    def __init__(self, connection: BaseDatabaseWrapper, statement: Statement) -> None:
        self._connection, self._statement = connection, statement
        self._rows: Rows | None = None

    def rows(self) -> Rows:
        """Return the rows; runs the query, where nothing has taken it along."""
        if self._rows is None:
            (self._rows,) = run(self._connection, self._statement)
        return self._rows

    def send(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Go before ``sql`` in the same trip, once; this is a wrapper of Django's ``execute``."""
        if self._rows is not None or many:
            return execute(sql, params, many, context)
        result = execute(f"{self._statement.sql}; {sql}", [*self._statement.values, *(params or ())], many, context)
        self._rows = context["cursor"].fetchall()
        context["cursor"].nextset()
        return result


@contextmanager
def taken_along(connection: BaseDatabaseWrapper, statement: Statement) -> Iterator[Ahead]:
    """Have the query ``statement`` run before the first statement of the block, in the same trip where that is possible.

    What it reads is as old as that: ask for what the block does not change. A transaction with limits (``statements.limits``)
    belongs inside, so that the limits go first.
    """
    ahead = Ahead(connection, statement)
    if not takes_several(connection):
        yield ahead
        return
    with connection.execute_wrapper(ahead.send):
        yield ahead


@contextmanager
def sent_ahead(connection: BaseDatabaseWrapper, sql: str) -> Iterator[None]:
    """Have ``sql`` (without values) run before the first statement of the block, in the same trip where that is possible.

    A block that runs nothing does not run it either. The first statement may be anything but a server-side cursor
    (``QuerySet.iterator``), which PostgreSQL takes alone.
    """
    if not takes_several(connection):
        with connection.cursor() as cursor:
            cursor.execute(sql)
        yield
        return
    waiting = [sql]

    def send(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not waiting:
            return execute(sql, params, many, context)
        if many:  # ``execute`` runs once for each row
            context["cursor"].cursor.execute(waiting.pop())
            return execute(sql, params, many, context)
        result = execute(f"{waiting.pop()}; {sql}", params, many, context)
        context["cursor"].nextset()
        return result

    with connection.execute_wrapper(send):
        yield
