"""How long may we wait for our own database? A transaction that gives up before a shopper would notice."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

from oscar_engage.conf import get_settings

_LIMITS = "SELECT set_config('lock_timeout', '100ms', true), set_config('statement_timeout', '300ms', true)"


@contextmanager
def own_transaction() -> Iterator[str]:
    """Run the block in one transaction on the alias that holds our tables, and give that alias.

    On PostgreSQL a lock is waited for 100 ms and a statement runs for 300 ms at most (both measured against a locked
    table); beyond, the database raises ``OperationalError`` and nothing of the block is kept.
    """
    alias = get_settings().database
    with transaction.atomic(using=alias):
        if connections[alias].vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                cursor.execute(_LIMITS)
        yield alias
