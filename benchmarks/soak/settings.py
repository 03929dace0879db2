"""Settings of the soak: the test shop on a real database, huey with a real queue, mails as files, all in one folder.

The folder comes in ``ENGAGE_SOAK_FOLDER``, the port of a Redis, if huey is to have one, in ``ENGAGE_SOAK_REDIS``. Without, huey
has a file on SQLite, and on PostgreSQL the database named in ``ENGAGE_SOAK_QUEUE_DATABASE``.
"""

import os
from pathlib import Path
from typing import Any

from tests.settings import *  # noqa: F403 - the same small shop
from tests.settings import DATABASES as _DATABASES
from tests.settings import INSTALLED_APPS as _APPS

_folder = Path(os.environ["ENGAGE_SOAK_FOLDER"])
_redis = os.environ.get("ENGAGE_SOAK_REDIS")
_default: dict[str, Any] = {**_DATABASES["default"], "CONN_MAX_AGE": None}
if "sqlite3" in _default["ENGINE"]:
    _default |= {
        "NAME": _folder / "shop.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000",
        },
    }
else:
    _default["ENGINE"] = "django.db.backends.postgresql"
# The tables are made as for a test, but under the name that the workers, processes of their own, know.
_default["TEST"] = {"NAME": str(_default["NAME"]), "MIGRATE": False}
DATABASES = {"default": _default}

INSTALLED_APPS = [*_APPS, "huey.contrib.djhuey", "benchmarks.soak.apps.SoakConfig"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(_folder / "mail")

HUEY: dict[str, Any] = {"name": "soak", "immediate": False}
if _redis:
    HUEY |= {"huey_class": "huey.RedisHuey", "connection": {"port": int(_redis)}}
elif "sqlite3" in _default["ENGINE"]:
    HUEY |= {"huey_class": "huey.SqliteHuey", "filename": str(_folder / "huey.sqlite3")}
else:
    _at = {
        "dbname": os.environ["ENGAGE_SOAK_QUEUE_DATABASE"],
        "user": _default["USER"],
        "host": _default["HOST"],
        "port": _default["PORT"],
    }
    HUEY |= {"huey_class": "huey.PostgresHuey", "connection": _at}
# Threads on the small machine of SQLite, processes with a server: huey loses work in both.
HUEY["consumer"] = {"workers": 4, "worker_type": "thread" if "sqlite3" in _default["ENGINE"] else "process"}
