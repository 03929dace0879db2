"""Settings of a shop on several hosts: the test shop on the centre's PostgreSQL, with huey's queue, and push told by NOTIFY."""

import os

from benchmarks.chat_settings import *  # noqa: F403 - the same shop
from benchmarks.chat_settings import OSCAR_ENGAGE as _OSCAR_ENGAGE
from tests.settings import DATABASES as _DATABASES
from tests.settings import INSTALLED_APPS as _APPS

_default = {**_DATABASES["default"], "ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None}
DATABASES = {"default": _default}
INSTALLED_APPS = [*_APPS, "huey.contrib.djhuey", "benchmarks.soak.apps.SoakConfig"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = f"{os.environ['ENGAGE_SOAK_FOLDER']}/mail"

_at = {"dbname": "queue", "user": _default["USER"], "host": _default["HOST"], "port": _default["PORT"]}
HUEY = {
    "huey_class": "huey.PostgresHuey",
    "name": "hosts",
    "immediate": False,
    "connection": _at,
    "consumer": {"workers": 2, "worker_type": "process"},
}
OSCAR_ENGAGE = {**_OSCAR_ENGAGE, "SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0, "MODULES_OFF": ["learning"]}
