"""Writes many rows of a model fast: by COPY on PostgreSQL, a thousand at a time on SQLite; what is not given is the default."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model

BLOCK = 20_000
"""Rows that go to the server at once."""

Value = str | int | float | None


def load(model: type[Model], names: Sequence[str], rows: Iterable[tuple[Value, ...]]) -> int:
    """Write ``rows`` with the columns ``names``, in the database's own text form, and return how many; nothing is checked."""
    constant = {field.column: _default(field) for field in model._meta.concrete_fields if field.column not in names}
    if model._meta.auto_field is not None:
        constant.pop(model._meta.auto_field.column, None)
    columns, rest = [*names, *constant], tuple(constant.values())
    table = connection.ops.quote_name(model._meta.db_table)
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    if connection.vendor == "postgresql":
        return _copy(f"COPY {table} ({quoted}) FROM STDIN", rest, rows)
    marks = ", ".join(["%s"] * len(columns))
    return _insert(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rest, rows)  # noqa: S608 - names of our models


def _default(field: Any) -> Value:
    value = field.get_default()
    if isinstance(value, list | dict):
        return json.dumps(value)
    return int(value) if isinstance(value, bool) else value


def _copy(statement: str, rest: tuple[Value, ...], rows: Iterable[tuple[Value, ...]]) -> int:
    number, tail = 0, "".join(f"\t{_text(value)}" for value in rest) + "\n"
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for block in _blocks(rows):
            copy.write("".join(["\t".join(map(_text, row)) + tail for row in block]))
            number += len(block)
    return number


def _insert(statement: str, rest: tuple[Value, ...], rows: Iterable[tuple[Value, ...]]) -> int:
    number = 0
    with connection.cursor() as cursor:
        for block in _blocks(rows):
            cursor.executemany(statement, [(*row, *rest) for row in block])
            number += len(block)
    return number


def _blocks(rows: Iterable[tuple[Value, ...]]) -> Iterator[list[tuple[Value, ...]]]:
    source = iter(rows)
    while block := list(islice(source, BLOCK)):
        yield block


def _text(value: Value) -> str:
    """Return ``value`` as COPY wants it; our own texts have neither tabs nor backslashes."""
    return r"\N" if value is None else str(value)


@contextmanager
def without_indexes(*models: type[Model]) -> Iterator[None]:
    """Do without the indexes of the tables, and without checking foreign keys, while they are filled: on PostgreSQL only."""
    if connection.vendor != "postgresql":
        with connection.constraint_checks_disabled():
            yield
        return
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY(%s)"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [tables],
        )
        known = cursor.fetchall()
        cursor.execute("SET session_replication_role = replica")
        for name, _definition in known:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _name, definition in known:
            cursor.execute(definition)
        cursor.execute("SET session_replication_role = DEFAULT")
        for table in tables:
            cursor.execute(f'ANALYZE "{table}"')
