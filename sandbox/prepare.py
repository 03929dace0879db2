"""Brings the sandbox's tables, contents and static files up to date, and skips what already is.

``python -m sandbox.prepare`` does it without starting the shop.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def prepare() -> None:
    """Tables, contents and static files; each is skipped when nothing changed. Needs ``django.setup()``."""
    if _has_pending_migrations():
        sys.stdout.write("Preparing the database; the first time takes a minute.\n")
        call_command("migrate", interactive=False, verbosity=0)
    call_command("load_sandbox")
    _collect_static()


def _has_pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _collect_static() -> None:
    target = Path(settings.STATIC_ROOT or "")
    stamp = target.with_suffix(".stamp")
    fingerprint = hashlib.sha256("\n".join(_static_sources()).encode()).hexdigest()
    if target.exists() and stamp.exists() and stamp.read_text() == fingerprint:
        return
    sys.stdout.write("Collecting static files.\n")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint)


def _static_sources() -> Iterator[str]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            yield f"{path} {status.st_size} {status.st_mtime_ns}"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sandbox.settings")
    django.setup()
    prepare()
