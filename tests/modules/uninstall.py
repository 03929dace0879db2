"""A shop with us, and then without: ``python -m tests.modules.uninstall FOLDER with|drop|without``, each step a process.

The settings are the suite's with a database in a file; ``without`` takes our lines out again, as docs/modules.md tells. Our own
tables are made by their migrations, and gone by them; those of others as their models are, which takes minutes less.
"""

import os
import sys
from pathlib import Path
from typing import Any

OURS = ("oscar_engage", "django_htmx")


def build_settings(folder: Path, *, with_us: bool) -> dict[str, Any]:
    """Return the settings of the step."""
    from tests import settings  # noqa: PLC0415 - the process has none yet

    told = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    hurried = {"init_command": "PRAGMA synchronous=OFF"}  # nobody takes the power away here
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "shop.sqlite3", "OPTIONS": hurried}
    told["DATABASES"] = {"default": database}
    told["CACHES"] = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    if not with_us:
        told["INSTALLED_APPS"] = [app for app in told["INSTALLED_APPS"] if not app.startswith(OURS)]
        told["MIDDLEWARE"] = [line for line in told["MIDDLEWARE"] if not line.startswith(OURS)]
        told["ROOT_URLCONF"] = "tests.modules.bare_urls"
        del told["OSCAR_ENGAGE"]
    return told


def tables() -> set[str]:
    """Return the tables that there are."""
    from django.db import connection  # noqa: PLC0415 - after the settings

    return set(connection.introspection.table_names())


def sell() -> int:
    """Have a guest walk from the shelf to the order and return how many orders there are then."""
    from django.test import Client  # noqa: PLC0415 - after the settings
    from oscar.core.loading import get_model  # noqa: PLC0415 - the same

    from tests.storefront.journeys import stock_shop, walk_to_order  # noqa: PLC0415 - the same

    walk_to_order(Client(), stock_shop())
    return int(get_model("order", "Order").objects.count())


def main(folder: Path, step: str) -> None:
    """Do one step and say what there is afterwards."""
    import django  # noqa: PLC0415 - nothing before the settings
    from django.conf import settings  # noqa: PLC0415 - the same

    settings.configure(**build_settings(folder, with_us=step != "without"))
    django.setup()
    from django.apps import apps  # noqa: PLC0415 - after the setup
    from django.core.management import call_command  # noqa: PLC0415 - the same
    from django.test.utils import setup_test_environment  # noqa: PLC0415 - the same

    setup_test_environment()  # its mails are kept instead of sent

    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs() if app.label != "oscar_engage"}
    if step == "with":
        call_command("migrate", run_syncdb=True, verbosity=0)
    if step == "drop":
        before = tables()
        call_command("migrate", "oscar_engage", "zero", verbosity=0)
        gone = before - tables()
        print("gone:", *sorted(gone))  # noqa: T201 - read by the test
        return
    if step == "without":
        call_command("check", fail_level="ERROR")
    print("left:", *sorted(table for table in tables() if table.startswith("oscar_engage")))  # noqa: T201 - the same
    print("orders:", sell())  # noqa: T201 - the same


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parents[2])
    main(Path(sys.argv[1]), sys.argv[2])
