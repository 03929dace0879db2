"""What does help win: by a button, by good rules, by what we learn, by who knows the truth? On the simulator's shoppers.

The same shoppers, the same agents, the same luck for all. ``ENGAGE_POLICY_WORLDS`` says on how many worlds (20),
``ENGAGE_POLICY_ONLY`` which parts (``compare,coverage,ways``); or ``python -m benchmarks.policy --worlds 20 --only coverage``.
"""

import os
import subprocess
import sys

from benchmarks import shop


def measure() -> bool:
    """Measure in a process of its own, on one thread as nights of learning are; return whether every bar holds."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.policy"]
    return subprocess.run(command, cwd=shop.ROOT, env=environment, check=False).returncode == 0
