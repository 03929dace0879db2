"""The test shop on a database that several processes share: a file in ``ENGAGE_CRASH_FOLDER``."""

import os
from pathlib import Path

from tests.settings import *  # noqa: F403 - the same shop

_name = str(Path(os.environ["ENGAGE_CRASH_FOLDER"]) / "shop.sqlite3")
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _name,
        "TEST": {"NAME": _name, "MIGRATE": False},
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000",
        },
    }
}
