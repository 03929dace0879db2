"""Fills an empty sandbox with three weeks of made-up shoppers: ``python -m sandbox.simulated``, what "make simulate" runs.

Told on generous ground, so that a lift can be seen in three weeks. The shop's own rules invite
only who is stuck in the checkout to a chat, one shopper a week: so there is one rule more (``demo.looking_round``). Effects
are twice the assumed ones; half of the shoppers are held out. A shop that is filled already stays as it is.
"""

import os
import sys

import django
from django.core.management import call_command
from django.utils import timezone

VISITS_PER_DAY = 2000
EFFECTS = 2


def main() -> int:
    """Prepare the shop, add the rule, and simulate; with progress."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sandbox.settings")
    django.setup()
    from oscar_engage.simulation.models import SimulationRun
    from sandbox.demo.engagements import load_offers
    from sandbox.demo.looking_round import CONTENTS, RULES
    from sandbox.prepare import prepare

    prepare()
    if SimulationRun.objects.filter(ended_at__isnull=False).exists():
        sys.stdout.write("The shop is filled already.\n")
        return 0
    load_offers(CONTENTS, RULES, timezone.now())
    call_command("engage_simulate", f"--visits-per-day={VISITS_PER_DAY}", f"--effects={EFFECTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
