"""Settings of a push process under test: the test shop, its database by name, and ``PUSH`` from the environment."""

import json
import os
from pathlib import Path

from tests.settings import *  # noqa: F403 - the same shop
from tests.settings import DATABASES as _DATABASES
from tests.settings import OSCAR_ENGAGE as _OSCAR_ENGAGE

OSCAR_ENGAGE = {**_OSCAR_ENGAGE, "PUSH": json.loads(os.environ["ENGAGE_PUSH"])}
DATABASES = {"default": {**_DATABASES["default"], "ATOMIC_REQUESTS": False, "CONN_MAX_AGE": 60}}
if "ENGAGE_PUSH_SQLITE" in os.environ:
    DATABASES["default"]["NAME"] = Path(os.environ["ENGAGE_PUSH_SQLITE"])
