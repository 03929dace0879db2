"""``engage_load_articles FOLDER``: load the help centre's articles from files, all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from oscar_engage.helpcenter.files import WrongFileError
from oscar_engage.helpcenter.load import load


class Command(BaseCommand):
    """See docs/help-centre.md for how the files are written."""

    help = "Load help articles from FOLDER/LANGUAGE/SLUG.md; what did not change, or was changed by hand, is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Load it, or say what is wrong with which line."""
        try:
            loaded = load(folder, now=timezone.now())
        except WrongFileError as error:
            raise CommandError(f"Nothing was loaded. {error}") from None
        self.stdout.write(f"{loaded.created} new, {loaded.changed} changed, {loaded.same} as they were.")
        for name in loaded.by_hand:
            self.stdout.write(f"{name} was changed in the dashboard since, and stays as it is there.")
