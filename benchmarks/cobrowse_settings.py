"""Settings of the shared page's measurement: the sandbox, woken by PostgreSQL's NOTIFY where ``BENCHMARK_PUSH`` says so."""

import os

from sandbox.settings import *  # noqa: F403 - the same shop
from sandbox.settings import OSCAR_ENGAGE as _OSCAR_ENGAGE

_PUSH = {"URL": "/engage-push/", "WAKE": "postgresql"} if os.environ.get("BENCHMARK_PUSH") == "1" else None
OSCAR_ENGAGE = {**_OSCAR_ENGAGE, "PUSH": _PUSH, "AUTO_AWAY_MINUTES": 0}
