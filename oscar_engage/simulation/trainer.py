"""How does a simulated night train? In this process: twenty nights of three tasks need not load scikit-learn sixty times.

A shop's night trains in a process of its own (``learning.nightly.child``), bounded in time and memory, for a shop has to go on
selling; a simulator may fail. The folder that is read and written is the same, and so is what is learnt.
"""

import os
from importlib import import_module
from pathlib import Path
from time import process_time

from oscar_engage.jobs.reason import reason_of
from oscar_engage.learning.nightly.child import ONE_THREAD, TRAINING, Ended
from oscar_engage.learning.nightly.result import BadResultError, read_result
from oscar_engage.learning.registry.models import Task


def train_here(folder: Path, task: Task, seconds: int) -> Ended:
    """Train on what is in ``folder`` and return what came of it; a ``learning.nightly.child.Train`` without limits."""
    began = process_time()
    try:
        for name in ONE_THREAD:  # heeded when the libraries are loaded, which is now, the first time
            os.environ.setdefault(name, "1")
        import_module(f"{TRAINING[0]}.folder").learn_folder(folder)
        result = read_result((folder / "result.json").read_bytes(), task)
    except BadResultError:
        return Ended(result=None, why="garbage")
    except Exception as error:  # noqa: BLE001 - a night that fails is a row, as in a shop
        return Ended(result=None, why="crashed", said=reason_of(error))
    return Ended(result=result, cpu_seconds=round(process_time() - began, 2))
