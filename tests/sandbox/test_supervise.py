"""What ends is started anew, later each time, and only after its pause."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.supervise import LONGEST_PAUSE, SOUND_SECONDS, Child, KeptRunning, stop_all

HERE = Path(__file__).parent


def ended(child: Child) -> Child:
    """The child once its process is gone."""
    deadline = time.monotonic() + 30
    while child.is_running:
        assert time.monotonic() < deadline, "it did not end"
        time.sleep(0.01)
    return child


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def kept(said: list[str]) -> KeptRunning:
    """Keeps a program running that ends at once."""
    kept = KeptRunning(Child("worker", [sys.executable, "-S", "-c", "raise SystemExit(3)"], HERE), tell=said.append)
    kept.start(now=0)
    return kept


def test_look_after__ended_child__said_once_and_started_after_the_pause(kept: KeptRunning, said: list[str]) -> None:
    first = ended(kept.child)._process
    kept.look_after(now=1)
    kept.look_after(now=1.9)
    assert kept.child._process is first
    assert said == ["The worker ended (exit code 3); a new one starts in 1 s."]

    kept.look_after(now=2)
    assert ended(kept.child)._process is not first


def test_look_after__ends_again_and_again__waits_longer_up_to_a_limit(kept: KeptRunning, said: list[str]) -> None:
    now = 0.0
    for _time in range(8):
        ended(kept.child)
        kept.look_after(now=now)
        now += LONGEST_PAUSE
        kept.look_after(now=now)
    ended(kept.child)
    assert [line.split()[-2] for line in said] == ["1", "2", "4", "8", "16", "30", "30", "30"]


def test_look_after__ran_for_long__pauses_begin_anew(kept: KeptRunning, said: list[str]) -> None:
    ended(kept.child)
    kept.look_after(now=0)
    kept.look_after(now=1)
    ended(kept.child)
    kept.look_after(now=1 + SOUND_SECONDS)
    assert "in 1 s" in said[-1]


def test_stop_all__running_ended_and_never_started__all_are_over() -> None:
    sleeper = Child("sleeper", [sys.executable, "-S", "-c", "import time; time.sleep(60)"], HERE)
    sleeper.start()
    gone = Child("gone", [sys.executable, "-S", "-c", ""], HERE)
    gone.start()
    stop_all([sleeper, ended(gone), Child("never", ["false"], HERE)])
    assert not sleeper.is_running
    assert sleeper.how_it_ended == "SIGTERM"


def test_end__left_a_process_behind__ends_that_too() -> None:
    code = "import subprocess; subprocess.Popen(['sleep', '60'], stdout=1); print(flush=True)"
    reader = subprocess.Popen([sys.executable, "-S", "-c", START_A_CHILD, code], cwd=HERE.parent.parent, stdout=subprocess.PIPE)
    words, _nothing = reader.communicate(timeout=30)  # ends when nobody holds the pipe any more
    assert words.split() == [b"stopped"]


START_A_CHILD = """
import sys, time
from pathlib import Path
from sandbox.supervise import Child, stop_all
child = Child("parent", [sys.executable, "-S", "-c", sys.argv[1]], Path.cwd())
child.start()
while child.is_running:
    time.sleep(0.01)
stop_all([child])
print("stopped", flush=True)
"""
"""Starts a program that leaves a child of its own behind, and stops it."""
