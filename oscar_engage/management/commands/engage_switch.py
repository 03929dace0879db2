"""Switch everything of ours off, or on again, in all processes of the shop."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from oscar_engage.audit.trail import record_action
from oscar_engage.switch.state import turn


class Command(BaseCommand):
    """``manage.py engage_switch off`` and ``… on``."""

    help = "Switch the extension off (no tags, no queries, nothing sensed) or on again, within seconds and without a restart."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``on`` or ``off``."""
        parser.add_argument("position", choices=["on", "off"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Turn it and say what follows."""
        position, now = options["position"], timezone.now()
        if not turn(is_on=position == "on", now=now):
            self.stdout.write(f"It was {position} already.")
            return
        record_action(actor=None, action=f"switch.{position}", object_kind="switch", object_id=1, now=now)
        self.stdout.write(f"Switched {position}; every process of the shop follows within 5 seconds.")
