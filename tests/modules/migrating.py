"""All our migrations one after the other, with a row in each table: ``python -m tests.modules.migrating FOLDER``, a process.

Nothing but what ours depend on is migrated. On the database of the suite's settings: SQLite in a file, or a PostgreSQL database
of its own. After each migration every row is compared with what it was; then all goes back to nothing, and up again.
"""

import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

APP = "oscar_engage"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)

Columns = dict[str, Any]
Rows = dict[str, dict[Any, Columns]]
"""By table's model and key: the columns of each row."""


def plain_values() -> dict[str, Any]:
    """Return a value for each kind of column, by the name of Django's field."""
    return {
        "BigIntegerField": 1,
        "BinaryField": b"x",
        "BooleanField": False,
        "CharField": "x",
        "DateField": date(2026, 11, 28),
        "DateTimeField": NOW,
        "DecimalField": 1,
        "DurationField": timedelta(minutes=1),
        "EmailField": "x@example.com",
        "FileField": "x",
        "FloatField": 0.5,
        "IntegerField": 1,
        "JSONField": {"x": 1},
        "PositiveBigIntegerField": 1,
        "PositiveIntegerField": 1,
        "PositiveSmallIntegerField": 1,
        "SlugField": "x",
        "SmallIntegerField": 1,
        "TextField": "x",
        "TimeField": NOW.time(),
        "URLField": "https://example.com/",
        "UUIDField": uuid.UUID(int=1),
    }


@contextmanager
def database(folder: Path) -> Iterator[dict[str, Any]]:
    """Have an empty database for as long as the block lasts."""
    from tests import settings  # noqa: PLC0415 - the process has none yet

    suite = settings.DATABASES["default"]
    if "sqlite" in str(suite["ENGINE"]):
        yield {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "shop.sqlite3"}
        return
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is
    from psycopg.sql import SQL, Identifier  # noqa: PLC0415 - the same

    name = Identifier(f"migrating_{os.getpid()}")
    told = {"host": suite["HOST"], "port": suite["PORT"], "user": suite["USER"], "dbname": "postgres"}
    with psycopg.connect(**told, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(name))
        try:
            yield {**suite, "ENGINE": "django.db.backends.postgresql", "NAME": f"migrating_{os.getpid()}"}
        finally:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(name))


class Walk:
    """Our migrations on a database that was empty."""

    def __init__(self) -> None:
        from django.db import connection  # noqa: PLC0415 - after the setup

        self.connection = connection
        graph = self.executor().loader.graph
        (leaf,) = graph.leaf_nodes(APP)
        self.chain = [key for key in graph.forwards_plan(leaf) if key[0] == APP]
        self.rows: Rows = {}

    def executor(self) -> Any:
        """Return Django's, which knows what the database has by now."""
        from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 - after the setup

        return MigrationExecutor(self.connection)

    def go_up(self) -> None:
        """Go migration by migration to the last; in each table that there is then stands a row, and none has changed."""
        for key in self.chain:
            models = self.models_after(key)
            now = self.read(models)
            for name, kept in self.rows.items():
                if name in now:
                    self.compare(key[1], name, kept, now[name])
            self.fill(models)
            self.rows = self.read(models)

    def models_after(self, key: tuple[str, str]) -> dict[str, Any]:
        """Migrate as far as ``key`` and return the models as they are there, by name."""
        state = self.executor().migrate([key])
        return {model.__name__: model for model in state.apps.get_models() if model._meta.app_label == APP}

    def read(self, models: dict[str, Any]) -> Rows:
        """Read all rows."""
        found: Rows = {}
        for name, model in models.items():
            columns = [field.attname for field in model._meta.concrete_fields]
            found[name] = {row["pk"]: row for row in model._base_manager.values("pk", *columns)}
        return found

    def compare(self, migration: str, name: str, before: dict[Any, Columns], after: dict[Any, Columns]) -> None:
        """Raise where a row is gone or a column that stayed says something else."""
        for pk, columns in before.items():
            there = after.get(pk, {})
            lost = {column: (said, there.get(column)) for column, said in columns.items() if there.get(column, said) != said}
            if not there or lost:
                raise AssertionError(f"{migration} has changed {name} {pk}: {lost or 'it is gone'}")

    def fill(self, models: dict[str, Any]) -> None:
        """Put a row into each table that has none, those first to which others point."""
        empty = {name: model for name, model in models.items() if not model._base_manager.exists()}
        while empty:
            ready = [name for name, model in empty.items() if not self.awaited(model)]
            if not ready:
                raise AssertionError(f"tables that wait for each other: {sorted(empty)}")
            for name in ready:
                model = empty.pop(name)
                model._base_manager.create(**self.row(model))

    def awaited(self, model: Any) -> list[str]:
        """Return the columns that need a row of ours which is not there yet."""
        return [
            field.name
            for field in model._meta.concrete_fields
            if field.is_relation
            and not field.null
            and field.related_model._meta.app_label == APP
            and not field.related_model._base_manager.exists()
        ]

    def row(self, model: Any) -> Columns:
        """Return what a row needs: nothing that has a default or may be missing."""
        from django.db.models import NOT_PROVIDED  # noqa: PLC0415 - after the setup

        row: Columns = {}
        for field in model._meta.concrete_fields:
            is_given = field.has_default() or field.db_default is not NOT_PROVIDED or getattr(field, "auto_now", False)
            if is_given or field.null or getattr(field, "auto_now_add", False) or type(field).__name__.endswith("AutoField"):
                continue
            row[field.attname] = self.value(field)
        return row

    def value(self, field: Any) -> Any:
        """Return a value for one column."""
        if field.is_relation:
            if field.related_model._meta.app_label != APP:
                return 1  # none of ours is bound to another app's row
            return field.related_model._base_manager.values_list("pk", flat=True).first()
        if field.blank and field.empty_strings_allowed:
            return ""
        if field.choices:
            return next(value for value, _label in field.flatchoices if value != "")
        return plain_values()[field.get_internal_type()]

    def tables(self) -> dict[str, list[str]]:
        """Return our tables and their columns."""
        inspect = self.connection.introspection
        with self.connection.cursor() as cursor:
            return {
                table: sorted(column.name for column in inspect.get_table_description(cursor, table))
                for table in inspect.table_names(cursor)
                if table.startswith(APP)
            }


def main(folder: Path) -> None:
    """Go up with rows, down with rows, and up again; say how many there were."""
    import django  # noqa: PLC0415 - nothing before the settings
    from django.conf import settings  # noqa: PLC0415 - the same

    from tests import settings as suite  # noqa: PLC0415 - the same

    told = {name: getattr(suite, name) for name in dir(suite) if name.isupper()}
    with database(folder) as own:
        settings.configure(**{**told, "DATABASES": {"default": own}, "MIGRATION_MODULES": {}})
        django.setup()
        from django.apps import apps  # noqa: PLC0415 - after the setup

        walk = Walk()
        walk.go_up()
        walk.connection.check_constraints()
        read = sum(len(list(model._base_manager.all())) for model in apps.get_app_config(APP).get_models())
        tables = walk.tables()
        print("migrations:", len(walk.chain))  # noqa: T201 - read by the test
        print("tables:", len(tables))  # noqa: T201 - the same
        print("rows:", read)  # noqa: T201 - the same
        walk.executor().migrate([(APP, None)])
        print("left:", *sorted(walk.tables()))  # noqa: T201 - the same
        walk.executor().migrate([walk.chain[-1]])
        print("again:", walk.tables() == tables)  # noqa: T201 - the same
        walk.connection.close()


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parents[2])
    main(Path(sys.argv[1]))
