"""The test shop with huey, as a shop would have it: its queue in a file, a consumer elsewhere."""

import os

from tests.settings import *  # noqa: F403 - the same shop

HUEY = {"huey_class": "huey.SqliteHuey", "filename": os.environ["ENGAGE_TEST_HUEY"], "immediate": False}
