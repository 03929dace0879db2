"""What can ail our tables, for as long as a block lasts; and our settings when we are switched off, to compare with."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection

OFF = {"CONSENT": "tests.consent.consent_from_cookie", "ENABLED": False}


@contextmanager
def tables_missing() -> Iterator[None]:
    """Take our tables away, as before ``migrate`` was run."""
    names = [model._meta.db_table for model in apps.get_app_config("oscar_engage").get_models()]
    _rename({name: f"gone_{name}" for name in names})
    try:
        yield
    finally:
        _rename({f"gone_{name}": name for name in names})


def _rename(names: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        for old, new in names.items():
            cursor.execute(f'ALTER TABLE "{old}" RENAME TO "{new}"')


@contextmanager
def tables_locked() -> Iterator[None]:
    """Hold an exclusive lock on all our tables from another connection, as a long migration would."""
    names = ", ".join(f'"{model._meta.db_table}"' for model in apps.get_app_config("oscar_engage").get_models())
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
                locked.set()
                done.wait(60)
                cursor.execute("ROLLBACK")
        finally:
            locked.set()
            other.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    try:
        yield
    finally:
        done.set()
        holder.join()
