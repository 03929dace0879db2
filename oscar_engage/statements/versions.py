"""Are code and tables of one version? Between two steps of an upgrade they are not, and both go on."""

import pkgutil
from dataclasses import dataclass
from importlib import import_module

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

APP = "oscar_engage"


@dataclass(frozen=True, slots=True)
class Versions:
    """The names of migrations that the code has and the tables do not (``missing``), and the other way round (``unknown``)."""

    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def read_versions(connection: BaseDatabaseWrapper) -> Versions:
    """Return what tells the tables of ``connection`` from this code, with two queries.

    Nothing is known, so nothing is said, where no migration of ours was ever recorded: those tables are missing, or were not
    made by migrations. May raise ``DatabaseError``.
    """
    name, _is_explicit = MigrationLoader.migrations_module(APP)
    recorder = MigrationRecorder(connection)
    if name is None or not recorder.has_table():
        return Versions()
    applied = set(recorder.migration_qs.filter(app=APP).values_list("name", flat=True))
    known = {module.name for module in pkgutil.iter_modules(import_module(name).__path__) if module.name[0] not in "_~"}
    return Versions(tuple(sorted(known - applied)), tuple(sorted(applied - known))) if applied else Versions()
