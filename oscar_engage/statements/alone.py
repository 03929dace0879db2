"""How may others ask the database within our transaction? What fails is undone by itself; what asks nothing costs nothing.

On PostgreSQL a statement that fails (or takes longer than we allow) costs its whole transaction, also when somebody catches the
error. Where a function that is not ours may ask anything, a savepoint is set right before its first statement, and only then.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_OF_OTHERS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


@contextmanager
def undone_alone() -> Iterator[None]:
    """Undo what the block did in the database when it raises, and let the transaction around it go on.

    What it did in savepoints of its own before anything else is theirs. Two more statements when the block asks the database
    outside of such, else none.
    """
    with ExitStack() as stack:
        for connection in connections.all(initialized_only=True):
            if connection.in_atomic_block:
                stack.enter_context(connection.execute_wrapper(_SavepointFirst(connection, stack)))
        yield


class _SavepointFirst:
    """Stands before the statements of one connection; of several, the innermost acts."""

    def __init__(self, connection: BaseDatabaseWrapper, stack: ExitStack) -> None:
        self._connection, self._stack = connection, stack
        self._depth = len(connection.savepoint_ids)
        self._is_set = False

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not self._is_set and self._is_bare(sql):
            self._is_set = True  # first: setting it is a statement, too
            self._stack.enter_context(transaction.atomic(using=self._connection.alias))
        return execute(sql, params, many, context)

    def _is_bare(self, sql: Any) -> bool:
        """Whether it stands in no savepoint of somebody else's, and does not begin or end one."""
        ours = (one for one in reversed(self._connection.execute_wrappers) if isinstance(one, _SavepointFirst))
        is_inner = len(self._connection.savepoint_ids) > self._depth or next(ours) is not self
        return not is_inner and not (isinstance(sql, str) and sql.startswith(_OF_OTHERS))
