"""Is each day there once and right after workers were killed while they counted? See ``crash``, which does it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.analytics.rollups.crash import DAYS, KILLS, NAMES

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.timeout(240)
def test_workers__killed_while_they_count__another_goes_on_and_each_day_is_there_once(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.analytics.rollups.crash_settings",
        "ENGAGE_CRASH_FOLDER": str(tmp_path),
        "ENGAGE_TEST_DB": "",
    }
    command = [sys.executable, "-W", "ignore", "-m", "tests.analytics.rollups.crash"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=230, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["seen"] == sorted(set(found["seen"]))  # each worker went on where the last one was killed
    assert len(found["seen"]) == KILLS
    assert found["days"] == dict.fromkeys(NAMES, DAYS + 1)
    assert {name: found[name] for name in ("wrong", "altered", "counted again", "unfinished")} == {
        "wrong": 0,
        "altered": 0,
        "counted again": 0,
        "unfinished": 0,
    }
