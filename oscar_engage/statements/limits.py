"""How does a transaction give up in time? By the database's own limits, for this transaction alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from oscar_engage.statements.together import Statement, run, sent_ahead, takes_several

_WAIT = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@contextmanager
def limited_transaction(
    connection: BaseDatabaseWrapper, *, lock_ms: int, statement_ms: int, table: str | None = None
) -> Iterator[None]:
    """Run the block in a transaction that waits ``lock_ms`` for a lock and, on PostgreSQL, ``statement_ms`` for a statement.

    Past a limit the database raises ``OperationalError`` and nothing of the block is kept. ``table`` is one that the block
    writes, if it does: on SQLite, the only other database we run on, the place among the writers is taken before it reads.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias), sent_ahead(connection, _limits(lock_ms, statement_ms)):
            yield
    else:
        with _impatient(connection, lock_ms), transaction.atomic(using=connection.alias):
            if table is not None:
                _take_turn(connection, table)
            yield


def run_limited(connection: BaseDatabaseWrapper, statement: Statement, *, lock_ms: int, statement_ms: int) -> None:
    """Run one statement of PostgreSQL in a transaction of its own with these limits; call it outside of any other.

    In one trip where the driver takes it so: PostgreSQL makes one transaction of what comes together.
    """
    if takes_several(connection) and connection.get_autocommit():
        run(connection, Statement(_limits(lock_ms, statement_ms)), statement)
        return
    with limited_transaction(connection, lock_ms=lock_ms, statement_ms=statement_ms):
        run(connection, statement)


class Patience:
    """Has the statements of one connection give up a lock after so many milliseconds, while it stands before them.

    Each in its own trip, without a transaction around: for answers that mostly ask one thing. PostgreSQL by psycopg 3 only;
    elsewhere nothing changes. What ends or undoes a savepoint has to run in a transaction that has failed, and goes as it is.
    """

    def __init__(self, connection: BaseDatabaseWrapper, *, lock_ms: int) -> None:
        self._before = f"SELECT set_config('lock_timeout', '{lock_ms:d}', true)"
        self._can_limit = takes_several(connection)
        self.has_asked = False
        """Whether any statement has come."""

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Go before a statement that may wait; this is a wrapper of Django's ``execute``."""
        self.has_asked = True
        is_streamed = getattr(context["cursor"].cursor, "name", None)  # a server-side cursor takes one statement alone
        if many or is_streamed or not self._can_limit or not (isinstance(sql, str) and sql.lstrip("( ").startswith(_WAIT)):
            return execute(sql, params, many, context)
        result = execute(f"{self._before}; {sql}", params, many, context)
        context["cursor"].nextset()
        return result


def _limits(lock_ms: int, statement_ms: int) -> str:
    return f"SELECT set_config('lock_timeout', '{lock_ms:d}', true), set_config('statement_timeout', '{statement_ms:d}', true)"


@contextmanager
def _impatient(connection: BaseDatabaseWrapper, lock_ms: int) -> Iterator[None]:
    """Wait less than the shop does for the file, and leave the connection as it was found."""
    connection.ensure_connection()
    patience = _pragma(connection, "busy_timeout")
    _pragma(connection, f"busy_timeout = {lock_ms:d}")
    try:
        yield
    finally:
        _pragma(connection, f"busy_timeout = {patience:d}")


def _pragma(connection: BaseDatabaseWrapper, text: str) -> int:
    """Ask SQLite past Django's cursors, which would log three statements more for each beat; errors are Django's."""
    with connection.wrap_database_errors:
        (value,) = connection.connection.execute(f"PRAGMA {text}").fetchone()
    return int(value)


def _take_turn(connection: BaseDatabaseWrapper, table: str) -> None:
    """Become the writer now: who reads first is refused at once, whatever the timeout, if another wrote in between.

    That is SQLite's answer in its default mode, in which a transaction begins as a reader. A change that finds no row is
    enough to begin as a writer.
    """
    if getattr(connection, "transaction_mode", None) in {"IMMEDIATE", "EXCLUSIVE"}:
        return
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {name} WHERE 0")  # noqa: S608 - the name of our own table
