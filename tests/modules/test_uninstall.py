"""Does the shop sell on when we are taken out, and is nothing of ours left in its database? By docs/modules.md, "Uninstall"."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT


def run(folder: Path, step: str) -> dict[str, list[str]]:
    """Do one step in a process of its own and return what it said."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.modules.uninstall", str(folder), step]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.partition(": ") for line in done.stdout.splitlines()]
    return {name.rstrip(":"): rest.split() for name, _mark, rest in lines}


@pytest.mark.timeout(600)
def test_uninstall__by_the_book__shop_sells_and_our_tables_are_gone(tmp_path: Path) -> None:
    installed = run(tmp_path, "with")
    assert "oscar_engage_rule" in installed["left"]
    assert installed["orders"] == ["1"]

    apart = run(tmp_path, "without")  # the tables may stay for as long as they are wanted
    assert apart["left"] == installed["left"]
    assert apart["orders"] == ["2"]

    dropped = run(tmp_path, "drop")
    assert dropped["gone"] == installed["left"], "our tables and no other"

    bare = run(tmp_path, "without")
    assert bare["left"] == []
    assert bare["orders"] == ["3"]
