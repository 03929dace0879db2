"""What does a beat cost? CPU of the web process with twenty and with a thousand live rules, on SQLite and on PostgreSQL."""

import json
import os
import subprocess
import sys

from benchmarks import shop
from benchmarks.bars import Line, report

CPU_MS = 2.0  # what one core can serve to 500 browsing shoppers a second
PAGE_SHARE = 1 / 8  # of a product page: four beats on a page then cost at most half as much as the page itself
RULES = (20, 1_000)
NO_POSTGRES = 77  # scripts/with-postgres says so


def measure() -> bool:
    """Measure on both databases; return whether every bar holds."""
    databases = {"SQLite": [], "PostgreSQL": [str(shop.ROOT / "scripts" / "with-postgres")]}
    results = [
        report(f"beat: through the middleware's fast path, {rules} live rules", lines)
        for rules in RULES
        if (lines := [line for name, wrapper in databases.items() for line in measured(name, wrapper, rules)])
    ]
    return all(results)


def measured(database: str, wrapper: list[str], rules: int) -> list[Line]:
    """Return the figures of one database with so many live rules."""
    done = subprocess.run(
        [*wrapper, sys.executable, "-W", "ignore", "-m", "benchmarks.beat_run", str(rules)],
        cwd=shop.ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.beat_settings"},
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode == NO_POSTGRES:
        print("!!!!! DID NOT RUN: the beat on PostgreSQL: there is none here", file=sys.stderr)
        return []
    done.check_returncode()
    found = json.loads(done.stdout.decode().splitlines()[-1])
    kinds = [Line(what=f"{database}: {kind}", measured=cpu, unit="ms") for kind, cpu in found["kinds"].items()]
    queries = [Line(what=f"{database}: queries, {kind}", measured=number) for kind, number in found["queries"].items()]
    return [
        Line(what=f"{database}: CPU a beat, mean of the mix", measured=found["mean"], unit="ms", bar=CPU_MS),
        Line(what=f"{database}: the same in product pages", measured=found["mean"] / found["page"], bar=PAGE_SHARE),
        *kinds,
        Line(what=f"{database}: product page", measured=found["page"], unit="ms"),
        Line(what=f"{database}: CPU a beat as the busy core counted it", measured=found["raw_mean"], unit="ms"),
        Line(what=f"{database}: times slower than its best this core was", measured=found["slowdown"]),
        *queries,
        Line(what=f"{database}: beats measured", measured=found["beats"]),
        Line(what=f"{database}: decisions written", measured=found["decisions"]),
        Line(what=f"{database}: vectors written", measured=found["vectors"]),
        Line(what=f"{database}: dropped or failed beats", measured=found["faults"], bar=0),
    ]
