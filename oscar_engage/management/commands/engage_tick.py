"""Runs the work that is due, once: for cron, beside or instead of huey."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from oscar_engage.conf import InvalidSettingError, get_settings
from oscar_engage.jobs.run import run_due


class Command(BaseCommand):
    """``* * * * * manage.py engage_tick``."""

    help = "Run the jobs that are due, including those whose worker was lost. Call it each minute from cron."
    # Cron mails what a command writes to stderr: each minute the warnings of all the shop's checks, and W007, which asks
    # for just this command. Settings that cannot be used still end it.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--limit``, and Django's ``--skip-checks``, which is gone where a command asks for no checks."""
        parser.add_argument("--limit", type=int, default=500, help="At most so many jobs (default: 500).")
        parser.add_argument("--skip-checks", action="store_true", help="No checks are run in any case.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep once and say what was done."""
        try:
            get_settings()
        except InvalidSettingError as error:
            raise CommandError(str(error)) from error
        ran = run_due(now=timezone.now(), limit=options["limit"])
        self.stdout.write(f"{ran.done} done, {ran.failed} to be tried again, {ran.dead} dead")
