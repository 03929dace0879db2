"""PostgreSQL for the tests: after a test with real transactions the rows are deleted, not all tables truncated.

Truncating makes new files for every table and index of the shop (about a thousand), which takes seconds on a slow disk;
a test leaves a few dozen rows. Constraints between tables are deferred, so the order of the deletes does not matter.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    """Deletes where Django truncates."""

    def sql_flush(
        self, style: Any, tables: Sequence[str], *, reset_sequences: bool = False, allow_cascade: bool = False
    ) -> list[str]:
        """Return a ``DELETE`` for each table; sequences go on counting unless a test asks for their reset."""
        if reset_sequences:
            return super().sql_flush(style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        return [f"DELETE FROM {self.quote_name(table)};" for table in tables]  # noqa: S608 - names of our own models


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper with our operations."""

    ops_class = DatabaseOperations
