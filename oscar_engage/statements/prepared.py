"""How is one queryset run a thousand times and compiled once? With places left open for its values."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from oscar_engage.statements.together import Statement, taken_along


class Given(Expression):
    """A place in a queryset for a value that comes with each run; ``field`` says how the value is written."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Stand among the parameters in person, until a run puts the value there."""
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The SQL of one connection; a ``Given`` among ``parameters`` is a place still open."""

    connection: BaseDatabaseWrapper
    sql: str
    parameters: tuple[Any, ...]
    compiler: SQLCompiler
    converters: dict[int, Any]

    def run(self, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(self.sql, self.fill(values))
            rows = cursor.fetchall()
        return self.read(rows)

    def fill(self, values: dict[str, Any]) -> list[Any]:
        return [self._fill(parameter, values) for parameter in self.parameters]

    def read(self, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.compiler.apply_converters(rows, self.converters)]

    def _fill(self, parameter: Any, values: dict[str, Any]) -> Any:
        if isinstance(parameter, Given):
            return parameter.output_field.get_db_prep_value(values[parameter.name], self.connection)
        return parameter


class Prepared:
    """The queryset that ``build`` returns, which ends in ``values_list(...)`` and has a ``Given`` for each open value.

    Django's own compiler writes the SQL, so models, routers, locks and the kind of database are its business as always. It
    does so once in each thread, because a connection belongs to a thread.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._kept = threading.local()

    @cached_property
    def _queryset(self) -> QuerySet[Any, Any]:
        return self._build()  # not before the first run: models are still being loaded when a module is

    def rows(self, **values: Any) -> Sequence[tuple[Any, ...]]:
        """Return the rows of one run, with Python's values in the order of ``values_list``; a missing value is a KeyError."""
        return self._compiled().run(values)

    @contextmanager
    def taken_along(self, **values: Any) -> Iterator[Callable[[], Sequence[tuple[Any, ...]]]]:
        """Have it run along with the block's first statement (``together.taken_along``); gives what returns the rows."""
        compiled = self._compiled()
        statement = Statement(compiled.sql, compiled.fill(values), gives_rows=True)
        with taken_along(compiled.connection, statement) as ahead:
            yield lambda: compiled.read(ahead.rows())

    def _compiled(self) -> _Compiled:
        connection = connections[self._queryset.db]
        kept: _Compiled | None = getattr(self._kept, "compiled", None)
        if kept is None or kept.connection is not connection:
            kept = self._kept.compiled = _compile(self._queryset, connection)
        return kept


def _compile(queryset: QuerySet[Any, Any], connection: BaseDatabaseWrapper) -> _Compiled:
    compiler = queryset.query.chain().get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    converters = compiler.get_converters([expression for expression, _sql, _alias in compiler.select])
    return _Compiled(connection, sql, tuple(parameters), compiler, converters)
