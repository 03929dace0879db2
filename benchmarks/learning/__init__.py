"""Does what is learnt hold on public tables, beside the learners of others, and where the truth is known?

``ENGAGE_LEARNING_DATA`` names the folder of the tables, ``ENGAGE_LEARNING_ONLY`` the parts (all by default); or
``python -m benchmarks.learning --data FOLDER --only uci,parity``.
"""

import os
import subprocess
import sys

from benchmarks import shop


def measure() -> bool:
    """Measure in a process of its own, on one thread as the nightly one; return whether every bar holds."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.learning"]
    return subprocess.run(command, cwd=shop.ROOT, env=environment, check=False).returncode == 0
