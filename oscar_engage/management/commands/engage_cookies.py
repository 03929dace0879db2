"""Lists what we keep in a shopper's browser, for the shop's cookie policy."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.management.inventory import as_json, as_text
from oscar_engage.storefront.inventory import Stored, list_stored

DAY = 24 * 60 * 60


class Command(BaseCommand):
    """``manage.py engage_cookies --json``."""

    help = "List each cookie and storage entry of ours: purpose, lifetime, flags, and when it is set."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--json``."""
        parser.add_argument("--json", action="store_true", help="Write JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the list."""
        stored = list_stored()
        self.stdout.write(as_json(stored) if options["json"] else "\n".join(_describe(one) for one in stored))


def _describe(one: Stored) -> str:
    return as_text(
        f"{one.name} ({one.kind})",
        [
            (_("purpose"), one.purpose),
            (_("lifetime"), _lifetime(one.seconds)),
            (_("flags"), ", ".join(one.flags) or "-"),
            (_("set"), one.set_when),
        ],
    )


def _lifetime(seconds: int | None) -> str:
    if seconds is None:
        return _("until the tab is closed")
    return ngettext("%(days)s day", "%(days)s days", seconds // DAY) % {"days": seconds // DAY}
