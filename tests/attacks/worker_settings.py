"""The test shop in an SQLite file, which workers share that are killed."""

import os

from tests.settings import *  # noqa: F403 - the same shop

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["ENGAGE_TEST_FILE"],
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"},
    }
}
