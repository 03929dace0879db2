"""Settings of the measurement of talks: the sandbox with a relay, woken where ``BENCHMARK_PUSH`` says so."""

import os

from benchmarks.cobrowse_settings import *  # noqa: F403 - the same shop
from benchmarks.cobrowse_settings import OSCAR_ENGAGE as _OSCAR_ENGAGE

OSCAR_ENGAGE = {
    **_OSCAR_ENGAGE,
    "VOICES": True,
    "VOICES_TURN": {"URLS": [os.environ["BENCHMARK_TURN"]], "SECRET": os.environ["BENCHMARK_TURN_SECRET"]},
    "VOICES_RELAY_ONLY": os.environ.get("BENCHMARK_RELAY_ONLY") == "1",
}
