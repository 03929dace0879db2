"""Settings of the beat's measurement: the test shop on a database in a file, or on PostgreSQL, with kept connections."""

import os
import shutil
import tempfile
from pathlib import Path

import oscar

from tests.settings import *  # noqa: F403 - the same small shop
from tests.settings import DATABASES as _DATABASES

_default = {**_DATABASES["default"], "CONN_MAX_AGE": None}
if "sqlite3" in _default["ENGINE"]:
    _default |= {
        "NAME": Path(tempfile.gettempdir()) / f"engage-benchmark-{os.getpid()}.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000",
        },
    }
_default["TEST"] = {"NAME": str(_default["NAME"]), "MIGRATE": False}
DATABASES = {"default": _default}

# The picture of a product without one, or its page would mostly measure how a traceback is logged.
_media = tempfile.TemporaryDirectory()
MEDIA_ROOT = _media.name
shutil.copy(Path(oscar.__file__).parent / "static" / "oscar" / "img" / "image_not_found.jpg", MEDIA_ROOT)
