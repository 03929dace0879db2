"""What becomes of the shop when training is killed, hangs, grows or talks nonsense: nothing, and a value that says so."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from oscar_engage.learning.nightly import child
from oscar_engage.learning.nightly.child import Ended, own_folder, run_child
from oscar_engage.learning.nightly.limited import limit
from oscar_engage.learning.registry.models import Task

GOOD = {"verdict": "waiting", "needs": {"orders": 37, "rung": "logistic"}, "counts": {"orders": 13}}


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module of the test's own in the place of training."""
    place = tmp_path / "modules"
    place.mkdir()
    monkeypatch.syspath_prepend(str(place))
    return place / "engage_stub.py"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


def run(stub: Path, folder: Path, code: str, *, seconds: int = 30, megabytes: int = 500) -> Ended:
    stub.write_text("import sys, os, time, pathlib, json\nfolder = pathlib.Path(sys.argv[-1])\n" + code)
    return run_child(folder, Task.PROPENSITY, seconds, module=("engage_stub",), megabytes=megabytes)


def test_result__is_read_with_what_it_cost(stub: Path, folder: Path) -> None:
    ended = run(stub, folder, f"(folder / 'result.json').write_text({json.dumps(GOOD)!r})")
    assert ended.result is not None
    assert (ended.result.verdict, ended.result.needs, ended.why) == ("waiting", {"orders": 37, "rung": "logistic"}, "")
    assert 0 < ended.cpu_seconds < 30
    assert 1 < ended.peak_mb < 500


def test_environment__one_thread_and_no_secret(stub: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "hunter2")
    run(stub, folder, "(folder / 'env').write_text(json.dumps(dict(os.environ)))")
    told = json.loads((folder / "env").read_text())
    assert told["OMP_NUM_THREADS"] == told["OPENBLAS_NUM_THREADS"] == "1"
    assert "SHOP_PASSWORD" not in told
    assert "DJANGO_SETTINGS_MODULE" not in told


def test_crash__keeps_the_last_words_without_values(stub: Path, folder: Path) -> None:
    ended = run(stub, folder, "raise ValueError(\"of 'anna@example.org' and 123456\")")
    assert ended.result is None
    assert ended.why == "crashed"
    assert "ValueError" in ended.said
    assert "anna" not in ended.said
    assert "123456" not in ended.said


def test_kill_9__is_a_value(stub: Path, folder: Path) -> None:
    def kill() -> None:
        while not (folder / "pid").exists():
            time.sleep(0.01)
        time.sleep(0.05)
        os.kill(int((folder / "pid").read_text()), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    ended = run(stub, folder, "(folder / 'pid').write_text(str(os.getpid()))\ntime.sleep(60)")
    killer.join()
    assert (ended.result, ended.why) == (None, "killed")


def test_hanging__is_ended_with_all_that_it_began(stub: Path, folder: Path) -> None:
    code = """
import subprocess
other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
(folder / "pid").write_text(str(other.pid))
time.sleep(60)
"""
    ended = run(stub, folder, code, seconds=2)
    assert (ended.result, ended.why) == (None, "timed_out")
    other = int((folder / "pid").read_text())
    for _each in range(200):
        if not Path(f"/proc/{other}").exists() or "Z" in Path(f"/proc/{other}/stat").read_text().split(")")[1][:3]:
            return
        time.sleep(0.01)
    pytest.fail("what it began goes on")


def test_busy_for_too_long__is_ended_by_the_kernel(stub: Path, folder: Path) -> None:
    ended = run(stub, folder, "while True: pass", seconds=1)
    assert (ended.result, ended.why) == (None, "timed_out")


def test_too_much_memory__is_a_crash(stub: Path, folder: Path) -> None:
    ended = run(stub, folder, "held = bytearray(400_000_000)", megabytes=200)
    assert (ended.result, ended.why) == (None, "crashed")
    assert "MemoryError" in ended.said
    assert ended.peak_mb < 200


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "garbage"),
        ("[]", "garbage"),
        ('{"verdict": "great"}', "garbage"),
        ('{"verdict": "better"}', "garbage"),
        ('{"verdict": "kept", "document": "{}"}', "garbage"),
        ('{"verdict": "kept", "counts": {"orders": NaN}}', "garbage"),
        ('{"verdict": "kept", "why": "' + "x" * 40 + '"}', "garbage"),
        ("[" * 100_000, "garbage"),
    ],
    ids=["cut", "list", "verdict", "nothing_better", "too_much", "not_a_number", "long_code", "deep"],
)
def test_nonsense__is_refused(stub: Path, folder: Path, text: str, why: str) -> None:
    (folder / "said").write_text(text)
    ended = run(stub, folder, "(folder / 'said').rename(folder / 'result.json')")
    assert (ended.result, ended.why) == (None, why)


def test_endless_result__is_not_read(stub: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oscar_engage.learning.nightly.result.LONGEST", 100)
    monkeypatch.setattr(child, "LONGEST", 100)
    ended = run(stub, folder, "(folder / 'result.json').write_text('{\"verdict\": \"kept\"}' + ' ' * 1000)")
    assert (ended.result, ended.why) == (None, "garbage")


def test_silence__is_no_result(stub: Path, folder: Path) -> None:
    ended = run(stub, folder, "print('done')")
    assert (ended.result, ended.why, ended.said) == (None, "no_result", "")


def test_folder__goes_whatever_happens() -> None:
    def fail(made: Path) -> None:
        assert made.stat().st_mode & 0o077 == 0
        (made / "rows.f64").write_bytes(b"x")
        seen.append(made)
        raise RuntimeError

    seen: list[Path] = []
    with pytest.raises(RuntimeError), own_folder() as made:
        fail(made)
    assert not seen[0].exists()


def test_limits__lower_ones_stay() -> None:
    code = (
        "import resource; from oscar_engage.learning.nightly.limited import limit\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (5, 5)); limit(seconds=50, megabytes=900)\n"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[0], resource.getrlimit(resource.RLIMIT_AS)[1])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["5", str(900 * 1024 * 1024)]
    assert callable(limit)
