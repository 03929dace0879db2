"""``load_sandbox``: fill the shop, or only what is missing in it."""

import shutil
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import oscar
from django.conf import settings
from django.contrib.sites.models import Site
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db.models import Q
from django.utils import timezone
from oscar.core.loading import get_model
from oscar.defaults import OSCAR_MISSING_IMAGE_URL

from oscar_engage.conf import get_settings
from oscar_engage.desk.promises.shipped import create_ready_policies
from oscar_engage.desk.topics.store import create_usual_topics
from sandbox.demo.accounts import load_mail_permissions, load_people
from sandbox.demo.catalogue import load_catalogue
from sandbox.demo.desk import load_desk
from sandbox.demo.engagements import load_engagements, load_segments
from sandbox.demo.pages import load_pages
from sandbox.demo.past.load import load_past
from sandbox.demo.practice import load_practice
from sandbox.demo.replies import load_replies
from sandbox.demo.sales import load_countries, load_orders, load_reviews, load_vouchers

ARTICLES = Path(settings.BASE_DIR) / "help"


class Command(BaseCommand):
    """Catalogue, people, vouchers, orders, reviews, rules, engagements, the desk, topics and promises, as often as you like."""

    help = "Fill the sandbox shop; what is there already stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--skip-index`` leaves the search index alone."""
        parser.add_argument("--skip-index", action="store_true", help="do not touch the search index")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load everything in the order in which it depends on each other."""
        started = time.monotonic()
        products = get_model("catalogue", "Product").objects
        before = products.count()
        now = timezone.now()
        _place_missing_picture()
        _name_the_site()
        load_countries()
        load_catalogue(self._say)
        load_people()
        load_mail_permissions(now)
        load_vouchers(now)
        load_orders(now)
        load_reviews()
        load_engagements(now)
        load_segments()
        load_pages()
        create_usual_topics()
        load_replies()
        load_desk()
        load_practice(now)
        call_command("engage_load_articles", str(ARTICLES), stdout=self.stdout)
        create_ready_policies(currency=settings.OSCAR_DEFAULT_CURRENCY, user=None, now=now)
        if settings.SANDBOX_PAST:
            load_past(now, self._say)
        if not options["skip_index"] and (products.count() != before or not _has_index()):
            self._say("search index")
            call_command("rebuild_index", interactive=False, verbosity=0)
        self._say(f"sandbox is filled ({time.monotonic() - started:.1f} s)")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _has_index() -> bool:
    path = Path(settings.HAYSTACK_CONNECTIONS["default"]["PATH"])
    return path.exists() and any(path.iterdir())


def _name_the_site() -> None:
    """Oscar's mails link to the site's domain: Django's example, or the port of the start before, becomes today's address."""
    ours = Q(domain="example.com") | Q(domain__startswith="localhost:")
    Site.objects.filter(ours).update(domain=urlsplit(get_settings().site_url).netloc, name="Fjord & Fell")


def _place_missing_picture() -> None:
    """Oscar's thumbnailer wants its "no picture" file below MEDIA_ROOT."""
    target = Path(settings.MEDIA_ROOT) / OSCAR_MISSING_IMAGE_URL
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(oscar.__file__).parent / "static/oscar/img/image_not_found.jpg", target)
