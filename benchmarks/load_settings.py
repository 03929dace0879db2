"""Settings of the load: the chats' shop, with huey's queue in the database named in ``ENGAGE_SOAK_QUEUE_DATABASE``."""

import os

from benchmarks.chat_settings import *  # noqa: F403 - the same shop
from benchmarks.chat_settings import OSCAR_ENGAGE as _OSCAR_ENGAGE
from tests.settings import DATABASES as _DATABASES
from tests.settings import INSTALLED_APPS as _APPS

_at = _DATABASES["default"]
INSTALLED_APPS = [*_APPS, "huey.contrib.djhuey"]
HUEY = {
    "huey_class": "huey.PostgresHuey",
    "name": "load",
    "immediate": False,
    "connection": {
        "dbname": os.environ["ENGAGE_SOAK_QUEUE_DATABASE"],
        **{key: _at[key.upper()] for key in ("user", "host", "port")},
    },
    "consumer": {"workers": 2, "worker_type": "process"},
}
OSCAR_ENGAGE = {**_OSCAR_ENGAGE, "MODULES_OFF": ["learning"]}
