"""Fills a shop with simulated shoppers whose minds are known, so that reports can be laid beside the truth."""

from argparse import ArgumentTypeError
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from oscar_engage.models import Decision, Visitor
from oscar_engage.simulation.allowed import may_simulate
from oscar_engage.simulation.browsers.crowd import send_crowd
from oscar_engage.simulation.drive.person import new_id
from oscar_engage.simulation.drive.rows import KEY
from oscar_engage.simulation.parameters import SHOP
from oscar_engage.simulation.run import simulate

DAYS_A_WEEK = 7
MOST_WEEKS, MOST_VISITS, MOST_AGENTS = 52, 100_000, 500
HALF, OWN = 0.5, "own"
"""What every rule holds out unless told otherwise: with the tenth that the sandbox's rules have, weeks show nothing."""


def _number(low: float, high: float, kind: type[int] | type[float]) -> Any:
    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = high + 1
        if not low <= value <= high:
            raise ArgumentTypeError(f"between {low} and {high}")
        return value

    return read


def _holdout(text: str) -> float | None:
    return None if text == OWN else _number(0.01, 0.9, float)(text)


def _has_others(since: datetime) -> bool:
    """Whether rules held for anybody since then who is not simulated."""
    simulated = Visitor.objects.filter(key__startswith=KEY)
    return Decision.objects.filter(eligible_at__gte=since).exclude(visitor_id__in=simulated.values("pk")).exists()


class Command(BaseCommand):
    """``manage.py engage_simulate [--weeks 3] [--visits-per-day 600] [--seed 1] [--effects 1] [--agents 2]``."""

    help = (
        "Simulate weeks of traffic that end today: visits, decisions, orders, and what is learnt in the nights. It fills "
        "tables with made-up visitors, so it only runs with DEBUG on, where ENGAGE_MAY_SIMULATE is set, or with "
        "--fill-this-shop. No mail is sent. The truth is on the dashboard's page “Simulator”."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size, the seed, and what is to be written."""
        parser.add_argument("--weeks", type=_number(1, MOST_WEEKS, int), default=3)
        parser.add_argument("--visits-per-day", type=_number(1, MOST_VISITS, int), default=600)
        parser.add_argument(
            "--seed", type=_number(0, 2**31, int), default=1, help="Of all chance; another seed, other visitors."
        )
        parser.add_argument("--effects", type=_number(0, 2, float), default=1.0, help="1: as they are, 0.5: halved, 0: none.")
        parser.add_argument(
            "--agents", type=_number(1, MOST_AGENTS, int), default=SHOP.agents, help="Of the simulated desk, by day."
        )
        parser.add_argument(
            "--holdout",
            type=_holdout,
            default=HALF,
            help="Share that every rule holds out here; half, the default, learns fastest. “own”: each rule's own.",
        )
        parser.add_argument("--http", metavar="URL", help="Send shoppers to a running shop instead: nothing is written here.")
        parser.add_argument("--shoppers", type=_number(1, 500, int), default=20, help="With --http: how many.")
        parser.add_argument("--signals", action="store_true", help="Write the log of signals too: many rows.")
        parser.add_argument("--no-learning", action="store_true", help="Leave out what is learnt in the nights.")
        parser.add_argument("--fill-this-shop", action="store_true", help="Run although DEBUG is off: visitors are made up.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each day, and where the truth is."""
        if not (may_simulate() or options["fill_this_shop"]):
            raise CommandError("This fills the shop's tables with made-up visitors. Give --fill-this-shop if you mean it.")
        seed = options["seed"]
        if options["http"]:
            self._send(options["http"].rstrip("/"), options["shoppers"], seed)
            return
        if Visitor.objects.filter(pk__in=[new_id(seed, number) for number in range(200)]).exists():
            raise CommandError(f"The shoppers of seed {seed} are here already. Give another --seed.")
        now, began = timezone.now(), monotonic()
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        days = options["weeks"] * DAYS_A_WEEK
        if _has_others(midnight - timedelta(days=days)):
            self._say("Others were here in these weeks, too: reports measure all of them, the truth is of the simulated alone.")
        run = simulate(
            midnight=midnight,
            days=days,
            visits_per_day=options["visits_per_day"],
            seed=seed,
            parameters=replace(SHOP.scaled(options["effects"]), agents=options["agents"]),
            holdout=options["holdout"],
            is_logged=options["signals"],
            is_learning=not options["no_learning"],
            until=now,
            clock=timezone.now,
            say=self._say,
        )
        found = run.document
        self.stdout.write(f"{found['visits']} visits, {found['orders']} orders in {monotonic() - began:.0f} s.")
        self.stdout.write("The truth beside what was measured: dashboard, Engage, Simulator.")

    def _say(self, line: str) -> None:
        """Write a line at once, also into a pipe."""
        self.stdout.write(line)
        self.stdout.flush()

    def _send(self, address: str, shoppers: int, seed: int) -> None:
        try:
            done = send_crowd(address, shoppers=shoppers, seed=seed, say=self._say)
        except OSError as error:
            raise CommandError(f"{address} does not answer: {error}") from None
        self.stdout.write(f"{done.pages} pages, {done.beats} beats, {done.baskets} baskets, {done.offers} offers.")
