"""Takes one mail from standard input: for the pipe of a mail server."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from oscar_engage.conf import get_settings
from oscar_engage.desk.flood import BusyError
from oscar_engage.desk.mailbox.models import Mailbox, Outcome
from oscar_engage.desk.mailbox.receive import receive

TRY_AGAIN, REFUSED, NO_MAILBOX = 75, 65, 67
"""What mail servers know these exit statuses as: EX_TEMPFAIL, EX_DATAERR, EX_NOUSER (sysexits.h)."""


class Command(BaseCommand):
    """``manage.py engage_mail --mailbox support < mail``."""

    help = (
        "Take one mail from standard input: a reply continues its conversation; with --mailbox, any other begins one. "
        "Exit status: 0 taken (or refused in silence), 75 try again later, 67 no such mailbox, 65 refused (only with --tell)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--mailbox`` and ``--tell``."""
        parser.add_argument("--mailbox", default="", help="Short name of the mailbox; without it, replies alone are taken.")
        parser.add_argument(
            "--tell",
            action="store_true",
            help="Exit with 65 for a refused mail. Only where the sending server still waits (LMTP, a content filter before "
            "the queue): else your server would write to whoever the mail names as its sender.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the mail and exit with its status; never more than a line of output, and nothing of the mail in it."""
        status = self._take(options["mailbox"], sys.stdin.buffer.read(get_settings().largest_mail + 1))
        if status == REFUSED and not options["tell"]:
            status = 0
        if status:
            sys.exit(status)

    def _take(self, slug: str, raw: bytes) -> int:
        try:
            mailbox = Mailbox.objects.filter(slug=slug).first() if slug else None
            if slug and mailbox is None:
                self.stderr.write(f"There is no mailbox {slug!r}.")
                return NO_MAILBOX
            if mailbox is not None and not mailbox.is_active:
                self.stderr.write(f"The mailbox {slug!r} is not in use; bring the mail again later.")
                return TRY_AGAIN
            judgement = receive(raw, mailbox, now=timezone.now())
        except (DatabaseError, BusyError) as error:
            self.stderr.write(f"{type(error).__name__}: bring the mail again later.")
            return TRY_AGAIN
        self.stdout.write(f"{judgement.outcome.value} {judgement.reason.value}".strip())
        return REFUSED if judgement.outcome == Outcome.REFUSED else 0
