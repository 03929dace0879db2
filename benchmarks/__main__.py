"""Runs one measurement, or all of them; the exit status says whether every bar holds."""

import sys
from importlib import import_module

NAMES = (
    "storefront",
    "size",
    "beat",
    "ingest",
    "rules",
    "backtest",
    "chat",
    "cobrowse",
    "call",
    "slots",
    "dialer",
    "answers",
    "note",
    "anchors",
    "lift",
    "gates",
    "reports",
    "rollups",
    "score",
    "nightly",
    "learning",
    "policy",
    "purge",
    "scale",
    "load",
)


def main(wanted: list[str]) -> int:
    """Run what was asked for."""
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"There is no measurement {unknown[0]!r}; known are {', '.join(NAMES)}.")
        return 2
    results = [import_module(f"benchmarks.{name}").measure() for name in wanted or NAMES]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
