"""Faults of the database and what is around it, made for real: the errors come from the database, not from us."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.cache.backends.base import BaseCache
from django.db import connection, connections

SQLSTATES = {"disk full": "53100", "read-only": "25006"}
_FUNCTION = "engage_refuse"


def our_tables() -> list[str]:
    """Return the names of all our tables."""
    return [model._meta.db_table for model in apps.get_app_config("oscar_engage").get_models()]


@contextmanager
def writes_refused(reason: str, alias: str = "default") -> Iterator[None]:
    """Have the database refuse every write to our tables, as it does when its disk is full or it has become a replica."""
    made = connections[alias]
    is_postgres = made.vendor == "postgresql"
    with made.cursor() as cursor:
        if is_postgres:
            raising = f"RAISE EXCEPTION '{reason}' USING ERRCODE = '{SQLSTATES[reason]}'"
            body = f"BEGIN {raising}; END"
            cursor.execute(f"CREATE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
        for table in our_tables():
            for when in ("INSERT", "UPDATE", "DELETE"):
                action = (
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"
                    if is_postgres
                    else f"BEGIN SELECT RAISE(ABORT, '{reason}'); END"
                )
                cursor.execute(f'CREATE TRIGGER "{table}_{when}" BEFORE {when} ON "{table}" {action}')
    try:
        yield
    finally:
        with made.cursor() as cursor:
            for table in our_tables():
                for when in ("INSERT", "UPDATE", "DELETE"):
                    cursor.execute(f'DROP TRIGGER "{table}_{when}"' + (f' ON "{table}"' if is_postgres else ""))
            if is_postgres:
                cursor.execute(f"DROP FUNCTION {_FUNCTION}()")


class DeadCache(BaseCache):
    """A cache whose server is gone: every operation raises, as Django's Redis backend does."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _refuse(self, *args: object, **kwargs: object) -> Any:
        raise ConnectionError("the cache is down")

    add = get = set = touch = delete = clear = incr = has_key = get_many = set_many = delete_many = _refuse


def is_postgres() -> bool:
    """Whether the tests run on PostgreSQL."""
    return connection.vendor == "postgresql"
