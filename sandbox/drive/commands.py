"""How do commands run beside a shop without the seconds that Django takes to start? Each is a fork of one that is ready.

``python -m sandbox.drive.commands`` starts Django and then reads a line of JSON for each command; :class:`Commands` has one.
"""

import gc
import json
import os
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent.parent


class Commands:
    """Runs commands with one environment, each in a process of its own that has seen none of the others."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.drive.commands"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, stdin: str = "") -> str:
        """Return what the command printed; raises ``subprocess.CalledProcessError`` with its words when it failed."""
        ask, listen = _pipes(self._process)
        ask.write(json.dumps({"arguments": arguments, "stdin": stdin}) + "\n")
        ask.flush()
        line = listen.readline()
        if not line:
            raise subprocess.CalledProcessError(self._process.wait(), arguments, stderr="Django did not start")
        done: dict[str, Any] = json.loads(line)
        if done["status"]:
            raise subprocess.CalledProcessError(done["status"], arguments, done["out"], done["err"])
        return str(done["out"])

    def close(self) -> None:
        """End the process that waits for commands."""
        for pipe in _pipes(self._process):
            pipe.close()
        self._process.wait()


def _pipes(process: "subprocess.Popen[str]") -> tuple[IO[str], IO[str]]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("a process that was started without pipes")
    return process.stdin, process.stdout


def serve() -> None:
    """Start Django; then fork for each command that is asked for, until nobody can ask any more."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever else is printed here is no answer

    import django

    django.setup()
    from django.urls import get_resolver

    _ = get_resolver().url_patterns  # most commands load them, to check them first
    gc.freeze()  # what is there by now is shared by all that are forked
    while line := sys.stdin.readline():
        asked = json.loads(line)
        with TemporaryFile("w+") as given, TemporaryFile("w+") as out, TemporaryFile("w+") as err:
            given.write(asked["stdin"])
            given.seek(0)
            child = os.fork()
            if not child:
                _become(asked["arguments"], given, out, err)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            out.seek(0)
            err.seek(0)
            answers.write(json.dumps({"status": status, "out": out.read(), "err": err.read()}) + "\n")
            answers.flush()


def _become(arguments: list[str], given: IO[str], out: IO[str], err: IO[str]) -> None:
    """Be the command in this process, which ends with it."""
    for number, file in enumerate((given, out, err)):
        os.dup2(file.fileno(), number)
    sys.stdin = os.fdopen(0, closefd=False)
    from django.core.management import execute_from_command_line
    from django.db import connections

    status = 0
    try:
        execute_from_command_line(["manage.py", *arguments])
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 - what Python itself does with one that nobody caught
        traceback.print_exc()
        status = 1
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    connections.close_all()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # tidying up all that was loaded would take longer than the command


if __name__ == "__main__":
    serve()
