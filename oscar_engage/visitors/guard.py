"""How long may we wait for our own database? A transaction that gives up before a shopper would notice."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from oscar_engage.conf import get_settings
from oscar_engage.statements.limits import limited_transaction
from oscar_engage.visitors.models import Visit

LOCK_MS, STATEMENT_MS = 100, 300
"""Milliseconds for a lock, and for a statement (PostgreSQL); measured against a locked table and 100 beats a second."""


@contextmanager
def own_transaction() -> Iterator[str]:
    """Run the block in one transaction on the alias that holds our tables, and give that alias.

    Beyond the limits the database raises ``OperationalError`` and nothing of the block is kept.
    """
    alias = get_settings().database
    table = Visit._meta.db_table
    with limited_transaction(connections[alias], lock_ms=LOCK_MS, statement_ms=STATEMENT_MS, table=table):
        yield alias
