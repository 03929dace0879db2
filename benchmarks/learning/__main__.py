"""Runs the parts that were asked for, each with its time; the exit status says whether every bar holds."""

import argparse
import os
import sys
import time
from importlib import import_module
from pathlib import Path

from benchmarks.learning.tables import NoTableError

PARTS = ("uci", "hillstrom", "permuted", "bounds", "parity")


def main(arguments: list[str]) -> int:
    """Measure; 1 if a bar is missed or a table is missing, 2 if there is no such part."""
    parser = argparse.ArgumentParser(prog="benchmarks.learning", description=__doc__)
    parser.add_argument("--data", default=os.environ.get("ENGAGE_LEARNING_DATA"), help="folder with the public tables")
    parser.add_argument("--only", default=os.environ.get("ENGAGE_LEARNING_ONLY") or ",".join(PARTS), help="parts, by commas")
    options = parser.parse_args(arguments)
    wanted = [part for part in options.only.split(",") if part]
    unknown = [part for part in wanted if part not in PARTS]
    if unknown:
        print(f"There is no part {unknown[0]!r}; known are {', '.join(PARTS)}.")
        return 2
    folder = Path(options.data) if options.data else None
    held = [_run(part, folder) for part in wanted]
    return 0 if all(held) else 1


def _run(part: str, folder: Path | None) -> bool:
    """Run one part; False where a bar is missed or its table is not there."""
    began = time.monotonic()
    try:
        holds: bool = import_module(f"benchmarks.learning.{part}").measure(folder)
    except NoTableError as error:
        print(f"\nlearning: {part}: cannot be measured. {error}")
        print("  Name the folder with ENGAGE_LEARNING_DATA or --data.")
        return False
    print(f"  ({part}: {time.monotonic() - began:.0f} s by the clock)", flush=True)
    return holds


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
