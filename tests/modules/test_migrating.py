"""Do our migrations keep every row on their way up, and does the way back work with rows in the tables?"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT


@pytest.mark.any_database
@pytest.mark.timeout(900)
def test_migrations__from_the_first_with_a_row_in_each_table__lose_none_and_go_back_and_up_again(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.modules.migrating", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    said = dict(line.split(":", 1) for line in done.stdout.splitlines())

    assert int(said["migrations"]) == len(list((ROOT / "oscar_engage" / "migrations").glob("0*.py")))
    assert int(said["rows"]) >= int(said["tables"]) > 50
    assert said["left"].strip() == ""
    assert said["again"].strip() == "True"
