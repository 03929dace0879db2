"""``manage.py engage_scripts``: the inventory of scripts that PCI DSS 6.4.3 and 11.6.1 ask a shop for."""

import base64
import hashlib
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.templatetags.static import static

from oscar_engage.conf import get_settings
from oscar_engage.storefront.snippet import SCRIPTS


class Command(BaseCommand):
    """Lists our scripts with their hashes, and the pages that have none."""

    help = "List every script of ours that runs in shoppers' browsers with its hash, and the pages that carry none."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write a line for each script: its address, and the hash as an ``integrity`` attribute has it."""
        for path in SCRIPTS.values():
            self.stdout.write(f"{static(path)} {_integrity_of(_read(path))}")
        self.stdout.write(f"No script of ours on: {', '.join(get_settings().payment_views)}")


def _read(path: str) -> bytes:
    """Return the file as it is served; before ``collectstatic``, as it is shipped."""
    try:
        with staticfiles_storage.open(getattr(staticfiles_storage, "stored_name", str)(path)) as file:
            return bytes(file.read())
    except (OSError, ValueError, ImproperlyConfigured):  # not collected (yet)
        found = finders.find(path)
    if not isinstance(found, str):
        raise CommandError(f"{path} is not among the static files: is its app in INSTALLED_APPS?")
    return Path(found).read_bytes()


def _integrity_of(content: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()
