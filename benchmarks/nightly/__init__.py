"""What does a night of learning cost? CPU seconds and memory for a hundred thousand visits, from the log to the verdicts."""

import os
import subprocess
import sys

from benchmarks import shop


def measure() -> bool:
    """Measure in a process of its own; return whether every bar holds. ``ENGAGE_NIGHTLY_VISITS`` makes it smaller."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.nightly.run"]
    return subprocess.run(command, cwd=shop.ROOT, env=environment, check=False).returncode == 0
