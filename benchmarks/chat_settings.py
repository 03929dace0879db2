"""Settings of the chats' measurement: the test shop on PostgreSQL with kept connections, and push told by NOTIFY."""

from benchmarks.beat_settings import *  # noqa: F403 - the same shop
from tests.settings import OSCAR_ENGAGE as _OSCAR_ENGAGE

OSCAR_ENGAGE = {**_OSCAR_ENGAGE, "PUSH": {"URL": "/engage-push/", "WAKE": "postgresql"}}
