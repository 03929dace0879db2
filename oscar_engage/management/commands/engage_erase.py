"""Erases all that is kept about one person."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from oscar_engage.management.whom import add_whom, get_whom
from oscar_engage.personal.registry import PERSONAL, Ending
from oscar_engage.privacy.erase import begin_erasure, run_parts
from oscar_engage.privacy.holdings import read_holdings


class Command(BaseCommand):
    """``manage.py engage_erase --customer ada@example.com --dry-run``."""

    help = "Erase what we keep about a visitor or a customer (Art. 17 GDPR). Repeating it does no harm; killed, it goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--visitor``, ``--customer`` and ``--dry-run``."""
        add_whom(parser)
        parser.add_argument("--dry-run", action="store_true", help="Only say how many rows of each model there are.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, or erase part by part and say what is gone."""
        person = get_whom(options)
        if options["dry_run"]:
            held = [(holding.data.model.__name__, holding.rows, holding.data.ending) for holding in read_holdings(person)]
            self._say("Nothing is kept about this person.", held)
            return
        erasure = run_parts(begin_erasure(person, actor=None, now=timezone.now()), now=timezone.now())
        kinds = {data.name: data for data in PERSONAL}
        gone = [(kinds[name].model.__name__, rows, kinds[name].ending) for name, rows in erasure.erased.items()]
        self._say("There was nothing to erase.", gone)
        if erasure.finished_at is None:
            self.stdout.write(f"Not finished: {erasure} goes on in the background, by a worker or engage_tick.")

    def _say(self, nothing: str, rows: Iterable[tuple[str, int, Ending]]) -> None:
        lines = [f"{model:<16}{count:>9}  {ending.value}" for model, count, ending in rows]
        self.stdout.write("\n".join(lines) or nothing)
