"""Fills a database with made-up visits and learns a night from them, as the worker would."""

import os
import resource
import sys
import time

import django

VISITS = int(os.environ.get("ENGAGE_NIGHTLY_VISITS", "100000"))
MOST_SECONDS, MOST_MB = 120, 1500


def main() -> int:
    """Measure and print; 0 if the bars hold."""
    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    before = setup_databases(verbosity=0, interactive=False)
    try:
        return 0 if _measure() else 1
    finally:
        teardown_databases(before, verbosity=0)


def _measure() -> bool:
    from django.utils import timezone

    from benchmarks.bars import Line, report
    from benchmarks.nightly.past import fill
    from oscar_engage.learning.nightly.run import learn_tonight

    now = timezone.now()
    vectors = fill(VISITS, now=now, seed=7)
    print(f"{VISITS:,} visits in 60 days, {vectors:,} vectors")
    peak_before = _peak()
    own, started, trained, largest, lines = time.process_time(), time.monotonic(), 0.0, 0.0, []
    for run in learn_tonight(clock=timezone.now):
        print(f"{run.task}: {run.result} {run.why} {run.counts} {run.numbers.get('said', '')}")
        lines.append(Line(what=f"{run.task}: training", measured=run.cpu_seconds, unit="CPU s"))
        lines.append(Line(what=f"{run.task}: training", measured=run.peak_mb, unit="MB"))
        trained, largest = trained + run.cpu_seconds, max(largest, run.peak_mb)
        has_failed = run.result == "failed"
        lines.append(Line(what=f"{run.task}: failed", measured=float(has_failed), bar=0))
    reading = time.process_time() - own
    lines += [
        Line(what="reading the log and concluding", measured=reading, unit="CPU s"),
        Line(what="the whole night", measured=reading + trained, unit="CPU s", bar=MOST_SECONDS),
        Line(what="the whole night by the clock", measured=time.monotonic() - started, unit="s"),
        Line(what="largest process", measured=max(largest, _peak()), unit="MB", bar=MOST_MB),
        Line(what="the reading process grew by", measured=_peak() - peak_before, unit="MB"),
    ]
    return report("nightly: a night of learning", lines)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
