"""Runs the parts that were asked for; the exit status says whether every bar holds."""

import argparse
import os
import sys
import time
from importlib import import_module

import django

PARTS = ("compare", "coverage", "ways")


def _effects(text: str) -> tuple[float, ...]:
    return tuple(map(float, text.split(",")))


def main(arguments: list[str]) -> int:
    """Measure; 1 if a bar is missed, 2 if there is no such part."""
    parser = argparse.ArgumentParser(prog="benchmarks.policy", description=__doc__)
    parser.add_argument("--only", default=os.environ.get("ENGAGE_POLICY_ONLY") or ",".join(PARTS), help="parts, by commas")
    worlds = int(os.environ.get("ENGAGE_POLICY_WORLDS", "20"))
    parser.add_argument("--worlds", type=int, default=worlds, help="on how many worlds policies are compared")
    parser.add_argument("--days", type=int, default=4, help="days judged of each shop: learning is what takes long")
    minutes = float(os.environ.get("ENGAGE_POLICY_MINUTES", "0"))
    parser.add_argument("--minutes", type=float, default=minutes, help="stop and report after so long; 0: no limit")
    parser.add_argument(
        "--learns", type=int, default=28, help="days that a shop learns from; 0: it learns nothing, and is quick"
    )
    parser.add_argument("--effects", type=_effects, default=(), help="of an invitation, times these, by commas; all by default")
    parser.add_argument("--brief", action="store_true", help="the four policies alone, and not what limits them: half the time")
    parser.add_argument("--keep", default="", help="a file of what was measured, from which the next run goes on")
    parser.add_argument("--short-worlds", type=int, default=540, help="in how many the measured lift is held against the truth")
    parser.add_argument("--ways-shops", type=int, default=6, help="in how many shops ways of helping are told apart")
    parser.add_argument("--ways-days", type=int, default=14, help="days of draws of each of them")
    options = parser.parse_args(arguments)
    wanted = [part for part in options.only.split(",") if part]
    unknown = [part for part in wanted if part not in PARTS]
    if unknown:
        print(f"There is no part {unknown[0]!r}; known are {', '.join(PARTS)}.")
        return 2
    django.setup()
    held = [_run(part, options) for part in wanted]
    return 0 if all(held) else 1


def _run(part: str, options: argparse.Namespace) -> bool:
    began = time.process_time()
    holds: bool = import_module(f"benchmarks.policy.{part}").measure(options)
    print(f"  ({part}: {time.process_time() - began:.0f} CPU s)", flush=True)
    return holds


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
