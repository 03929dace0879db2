"""Fills an empty sandbox with three weeks of made-up shoppers: ``python -m sandbox.simulated``, what "make simulate" runs.

Told on generous ground (``sandbox.traffic``), so that what a shop sees in months is seen in three weeks: effects are twice the
assumed ones, shoppers of each kind are told apart more easily, and half of them are held out. The shop's own rules invite only
who is stuck in the checkout to a chat, one shopper a week: so there is one rule more (``demo.looking_round``). A shop that is
filled already stays as it is.
"""

import os
import sys
from datetime import timedelta
from time import monotonic

import django
from django.utils import timezone

DAYS = 21
HELD_OUT = 0.5
SEED = 1


def main() -> int:
    """Prepare the shop, add the rule, and simulate; with progress."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sandbox.settings")
    django.setup()
    from oscar_engage.simulation.models import SimulationRun
    from oscar_engage.simulation.run import simulate
    from sandbox.demo.engagements import load_offers
    from sandbox.demo.looking_round import CONTENTS, RULES
    from sandbox.prepare import prepare
    from sandbox.traffic import TRAFFIC, VISITS_PER_DAY

    prepare()
    if SimulationRun.objects.filter(ended_at__isnull=False).exists():
        _say("The shop is filled already.")
        return 0
    now, began = timezone.now(), monotonic()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    load_offers(CONTENTS, RULES, midnight - timedelta(days=DAYS))
    run = simulate(
        midnight=midnight,
        days=DAYS,
        visits_per_day=VISITS_PER_DAY,
        seed=SEED,
        parameters=TRAFFIC,
        holdout=HELD_OUT,
        until=now,
        clock=timezone.now,
        say=_say,
    )
    _say(f"{run.document['visits']} visits, {run.document['orders']} orders in {monotonic() - began:.0f} s.")
    _say("The truth beside what was measured: dashboard, Engage, Simulator.")
    return 0


def _say(line: str) -> None:
    """Write a line at once, also into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
