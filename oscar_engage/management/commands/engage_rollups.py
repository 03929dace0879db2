"""Counts what the reports read, now rather than in ten minutes, or checks that nobody has changed it since."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from oscar_engage.analytics.rollups.declare import ROLLUPS
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.analytics.rollups.read import find_altered
from oscar_engage.core.registry import UnknownEntryError


class Command(BaseCommand):
    """``manage.py engage_rollups [NAME …] [--verify]``."""

    help = (
        "Count every day of the named rollups (default: all) that is due: what the worker does every ten minutes. "
        "With --verify only compare each counted day with its digest. Exit status: 0 all is well, 1 a day was altered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take names and ``--verify``."""
        parser.add_argument("names", nargs="*", metavar="NAME", help=f"Of: {', '.join(ROLLUPS.names())}.")
        parser.add_argument("--verify", action="store_true", help="Count nothing; compare what was counted with its digest.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each rollup, or for each altered day."""
        if options["verify"]:
            self._verify()
            return
        try:
            rollups = [ROLLUPS.get(name) for name in options["names"] or ROLLUPS.names()]
        except UnknownEntryError as error:
            raise CommandError(str(error)) from None
        for rollup in rollups:
            number = fill(rollup, now=timezone.now())
            self.stdout.write(f"{rollup.name}: {number} {'day' if number == 1 else 'days'} counted")

    def _verify(self) -> None:
        altered = find_altered()
        for name, day in altered:
            self.stdout.write(f"{name} {day}: not what was counted")
        if altered:
            raise CommandError(f"{len(altered)} altered. Somebody has written to engage's table of rollups by hand.")
        self.stdout.write("Every day is what was counted.")
