"""How are a few plain values written? One insert that says what was new, one update of a row by its key.

Each is a :class:`Statement`, so that ``together.run`` can send both in one trip.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from django.db import connections, router
from django.db.models import Field, Model

from oscar_engage.statements.together import Rows, Statement


def inserting_new(model: type[Model], rows: Sequence[Mapping[str, Any]], *, key: str) -> Statement:
    """Insert those of ``rows`` whose unique ``key`` is not in the table yet; the rows it gives are the keys that were new.

    All rows (there is at least one) name the same columns, by attribute (``visitor_id``). The database itself decides what is
    new, so two requests with the same row never both believe they were first. Its ``RETURNING`` is what ``bulk_create``
    cannot ask for.
    """
    names = tuple(rows[0])
    alias = router.db_for_write(model)
    if connections[alias].vendor == "postgresql":
        return Statement(_insert_json_sql(model, alias, names, key), [msgspec.json.encode(rows).decode()], gives_rows=True)
    values = [value for row in rows for value in written(model, row, names, alias)]
    return Statement(_insert_sql(model, alias, names, len(rows), key), values, gives_rows=True)


def read_keys(model: type[Model], key: str, rows: Rows) -> set[Any]:
    """Return the keys that :func:`inserting_new` gave, as Python has them."""
    to_python = _fields(model)[key].to_python
    return {to_python(value) for (value,) in rows}


def updating_row(model: type[Model], pk: Any, **values: Any) -> Statement:
    """Write ``values`` into the row with this primary key; without such a row nothing happens."""
    key = model._meta.pk.attname
    alias = router.db_for_write(model)
    sql = _update_sql(model, alias, tuple(values), key)
    return Statement(sql, written(model, {**values, key: pk}, (*values, key), alias))


@lru_cache(maxsize=128)  # one per number of rows, and a beat has few
def _insert_sql(model: type[Model], alias: str, names: tuple[str, ...], number: int, key: str) -> str:
    groups = ", ".join([f"({', '.join(['%s'] * len(names))})"] * number)
    unique = column_of(model, alias, key)
    return (
        f"INSERT INTO {table_of(model, alias)}"  # noqa: S608 - the names are those of our own models
        f" ({', '.join(column_of(model, alias, name) for name in names)}) VALUES {groups}"
        f" ON CONFLICT ({unique}) DO NOTHING RETURNING {unique}"
    )


@lru_cache(maxsize=16)
def _insert_json_sql(model: type[Model], alias: str, names: tuple[str, ...], key: str) -> str:
    """Return the same for any number of rows, which come as one JSON text.

    The driver looks at every place in a statement, and at every one of more than fifty values: eighty of them cost a beat of
    ten signals a fifth of its CPU.
    """
    fields, connection = _fields(model), connections[alias]
    columns = {name: column_of(model, alias, name) for name in names}
    shape = ", ".join(f"{columns[name]} {fields[name].db_type(connection)}" for name in names)
    listed, unique = ", ".join(columns.values()), column_of(model, alias, key)
    return (
        f"INSERT INTO {table_of(model, alias)} ({listed})"  # noqa: S608 - the names are those of our own models
        f" SELECT {listed} FROM json_to_recordset(%s::json) AS given({shape})"
        f" ON CONFLICT ({unique}) DO NOTHING RETURNING {unique}"
    )


@lru_cache(maxsize=128)
def _update_sql(model: type[Model], alias: str, names: tuple[str, ...], key: str) -> str:
    changes = ", ".join(f"{column_of(model, alias, name)} = %s" for name in names)
    return f"UPDATE {table_of(model, alias)} SET {changes} WHERE {column_of(model, alias, key)} = %s"  # noqa: S608 - as above


def table_of(model: type[Model], alias: str) -> str:
    """Return the quoted name of the model's table."""
    return connections[alias].ops.quote_name(model._meta.db_table)


def column_of(model: type[Model], alias: str, name: str) -> str:
    """Return the quoted name of the column of an attribute (``visitor_id``)."""
    return connections[alias].ops.quote_name(str(_fields(model)[name].column))


@lru_cache(maxsize=32)
def _fields(model: type[Model]) -> dict[str, "Field[Any, Any]"]:
    return {field.attname: field for field in model._meta.concrete_fields}


def written(model: type[Model], row: Mapping[str, Any], names: Iterable[str], alias: str) -> list[Any]:
    """Return the values of ``row`` as the database takes them."""
    fields, connection = _fields(model), connections[alias]
    return [fields[name].get_db_prep_save(row[name], connection) for name in names]
