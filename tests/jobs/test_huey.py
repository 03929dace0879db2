"""What does huey see? A process of its own, because importing ``tasks`` binds to the settings it was started with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(code: str, *, settings: str, queue: Path) -> str:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings, "ENGAGE_TEST_HUEY": str(queue)}
    environment["ENGAGE_TEST_DB"] = ""  # what it keeps in a database of its own, in memory
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_tasks__huey_configured__sweeps_each_minute_and_nudges_expire(tmp_path: Path) -> None:
    code = """
import time
from oscar_engage.jobs.nudge import nudge
nudge("a job")
from huey.contrib.djhuey import HUEY
for _try in range(500):  # the first nudge imports huey, on a thread of its own
    if HUEY.pending():
        break
    time.sleep(0.01)
[task] = HUEY.pending()
print(task.name, task.args, task.expires)
print([task.name for task in HUEY._registry.periodic_tasks])
"""
    said = run(code, settings="tests.jobs.huey_settings", queue=tmp_path / "huey.db")

    assert said.splitlines() == ["huey_run_job ('a job',) 300", "['huey_sweep']"]


@pytest.mark.attack("M13")
def test_task__run__leaves_no_result_behind(tmp_path: Path) -> None:
    code = """
from oscar_engage.tasks import huey_run_job, HUEY
for number in range(20):
    huey_run_job(f"job {number}")
while task := HUEY.dequeue():
    HUEY.execute(task)
print(HUEY.pending_count(), HUEY.result_count())
"""
    assert run(code, settings="tests.jobs.huey_settings", queue=tmp_path / "huey.db") == "0 0"


@pytest.mark.attack("M14")
def test_nudge__huey_in_immediate_mode__runs_nothing_inside_the_page(tmp_path: Path) -> None:
    code = """
from oscar_engage import tasks
tasks.HUEY.immediate = True
ran = []
tasks.run_job = lambda key, now: ran.append(key)
tasks.nudge("a job")
print(ran)
"""
    assert run(code, settings="tests.jobs.huey_settings", queue=tmp_path / "huey.db") == "[]"


def test_start__no_huey_configured__huey_is_not_imported(tmp_path: Path) -> None:
    code = """
import sys
from oscar_engage.jobs.nudge import nudge
nudge("a job")
print("huey" in sys.modules)
"""
    assert run(code, settings="tests.settings", queue=tmp_path / "huey.db") == "False"


def test_start__huey_configured__broker_not_touched_before_the_first_nudge(tmp_path: Path) -> None:
    queue = tmp_path / "huey.db"

    said = run("import sys; print('huey.contrib.djhuey' in sys.modules)", settings="tests.jobs.huey_settings", queue=queue)

    assert said == "False"
    assert not queue.exists()
