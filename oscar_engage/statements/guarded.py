"""How is a row moved only while it stands as it was read, and what hangs on that written in the same trip?

Three statements for ``together.run``, in this order within one transaction: the move, which gives the row's key if it was made;
rows that are inserted, and rows that are deleted, only if the moved row stands as the move left it. A move that came too late
does nothing at all. Measured on a shared page's bundle: by the ORM the same took five trips, and three compiled queries.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import router
from django.db.models import Model

from oscar_engage.statements.rows import column_of, table_of, written
from oscar_engage.statements.together import Statement


def moving(model: type[Model], *, where: Mapping[str, Any], changes: Mapping[str, Any]) -> Statement:
    """Write ``changes`` into the row that ``where`` describes by attributes; the rows it gives are its key, or none."""
    alias = router.db_for_write(model)
    sql = _move_sql(model, alias, tuple(changes), tuple(where))
    return Statement(sql, [*written(model, changes, changes, alias), *written(model, where, where, alias)], gives_rows=True)


def inserting_while(model: type[Model], row: Mapping[str, Any], *, of: type[Model], where: Mapping[str, Any]) -> Statement:
    """Insert ``row`` if a row of ``of`` is as ``where`` says."""
    alias = router.db_for_write(model)
    sql = _insert_sql(model, alias, tuple(row), of, tuple(where))
    return Statement(sql, [*written(model, row, row, alias), *written(of, where, where, alias)])


def deleting_below(
    model: type[Model], *, where: Mapping[str, Any], below: tuple[str, Any], of: tuple[type[Model], Mapping[str, Any]]
) -> Statement:
    """Delete the rows that ``where`` describes and whose column ``below[0]`` is less than ``below[1]``, if ``of`` is so."""
    alias, (other, stands) = router.db_for_write(model), of
    sql = _delete_sql(model, alias, (*where, below[0]), other, tuple(stands))
    given = [*where, below[0]], {**where, below[0]: below[1]}
    return Statement(sql, [*written(model, given[1], given[0], alias), *written(other, stands, stands, alias)])


def _all(model: type[Model], alias: str, names: Sequence[str]) -> str:
    return " AND ".join(f"{column_of(model, alias, name)} = %s" for name in names)


@lru_cache(maxsize=32)
def _move_sql(model: type[Model], alias: str, changes: tuple[str, ...], where: tuple[str, ...]) -> str:
    values = ", ".join(f"{column_of(model, alias, name)} = %s" for name in changes)
    key = column_of(model, alias, model._meta.pk.attname)
    return f"UPDATE {table_of(model, alias)} SET {values} WHERE {_all(model, alias, where)} RETURNING {key}"  # noqa: S608 - the names are those of our own models


@lru_cache(maxsize=32)
def _insert_sql(model: type[Model], alias: str, names: tuple[str, ...], other: type[Model], where: tuple[str, ...]) -> str:
    columns = ", ".join(column_of(model, alias, name) for name in names)
    places = ", ".join(["%s"] * len(names))
    return (
        f"INSERT INTO {table_of(model, alias)} ({columns})"  # noqa: S608 - as above
        f" SELECT {places} FROM {table_of(other, alias)} WHERE {_all(other, alias, where)}"
    )


@lru_cache(maxsize=32)
def _delete_sql(model: type[Model], alias: str, where: tuple[str, ...], other: type[Model], stands: tuple[str, ...]) -> str:
    *same, below = where
    return (
        f"DELETE FROM {table_of(model, alias)} WHERE {_all(model, alias, same)}"  # noqa: S608 - as above
        f" AND {column_of(model, alias, below)} < %s"
        f" AND EXISTS (SELECT 1 FROM {table_of(other, alias)} WHERE {_all(other, alias, stands)})"
    )
