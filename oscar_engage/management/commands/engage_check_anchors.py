"""Says how well the picked places are found; for cron or a monitor, beside the nightly check."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from oscar_engage.widgets.anchors.check import check_picked


class Command(BaseCommand):
    """``manage.py engage_check_anchors``."""

    help = (
        "Judge every picked place by what shoppers' browsers reported in the last seven days; the broken ones come first. "
        "Exit status: 0 none is broken, 1 at least one is."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line a place."""
        reported = check_picked(timezone.now())
        for one in reported:
            self.stdout.write(f"{one.verdict:8} {one.found:>6} of {one.tried:<6} {one.anchor.slot}")
        broken = [one.anchor.slot for one in reported if one.verdict == "broken"]
        if broken:
            raise CommandError(f"Broken: {', '.join(broken)}. Pick them again: Dashboard > Engagements > Picked places.")
