"""Writes all that is kept about one person, as one JSON document."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from oscar_engage.management.whom import add_whom, get_whom
from oscar_engage.privacy.export import export_person


class Command(BaseCommand):
    """``manage.py engage_export --customer ada@example.com > ada.json``."""

    help = "Write what we keep about a visitor or a customer as one JSON document (Art. 15 and 20 GDPR)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--visitor``, ``--customer`` and ``--output``."""
        add_whom(parser)
        parser.add_argument("--output", type=Path, help="Write to this file instead of standard output.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, and say where it went if that is a file."""
        document = export_person(get_whom(options), actor=None, now=timezone.now())
        if options["output"] is None:
            self.stdout.write(document)
            return
        options["output"].write_text(document + "\n", encoding="utf-8")
        self.stdout.write(f"Written to {options['output']}.")
