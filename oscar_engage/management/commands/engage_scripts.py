"""Lists every file of ours that a page can load, for the shop's records under PCI DSS 6.4.3."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.management.inventory import as_json, as_text
from oscar_engage.storefront.inventory import MissingFileError, Script, list_scripts


class Command(BaseCommand):
    """``manage.py engage_scripts --json``."""

    help = "List each script and stylesheet of ours: on which pages, size, SRI hash; and what payment pages carry."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--json``."""
        parser.add_argument("--json", action="store_true", help="Write JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the list."""
        try:
            scripts = list_scripts()
        except MissingFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(as_json(scripts) if options["json"] else _describe_all(scripts))


def _describe_all(scripts: tuple[Script, ...]) -> str:
    paying = [script for script in scripts if script.on_payment_pages]
    carried = ", ".join(script.path for script in paying if script.kind != "script")
    verdict = _("On payment pages (%(views)s) there is no script of ours, only: %(files)s.") % {
        "views": ", ".join(get_settings().payment_views),
        "files": carried,
    }
    return "\n".join([*(_describe(script) for script in scripts), verdict])


def _describe(script: Script) -> str:
    return as_text(
        f"{script.path} ({script.kind})",
        [(_("pages"), script.pages), (_("bytes"), script.size), (_("integrity"), script.integrity)],
    )
