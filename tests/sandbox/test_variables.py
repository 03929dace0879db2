"""Each shipped variable is read, and worth something, in a journey through the sandbox; a new one fails until it is shown."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_engage.analytics.exits.curve import Count
from oscar_engage.analytics.exits.kept import FILL_STATE, add_counts
from oscar_engage.analytics.exits.risk import forget_risks
from oscar_engage.dashboard.rules.reading import engagement_kinds
from oscar_engage.desk.models import Agent, Presence
from oscar_engage.desk.presence import heartbeat, set_presence
from oscar_engage.models import FillState, Rule
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.variables import VARIABLES
from tests.learning.registry.speaking import models_that_speak
from tests.rules.moments import condition, group
from tests.sandbox.shopping import PARAMETERS, Browser
from tests.sandbox.variable_journeys import JOURNEYS

ROWS = list(csv.DictReader(Path(__file__).with_name("expected_variables.csv").read_text(encoding="utf-8").splitlines()))
"""The checked-in table: for each shipped variable the journey that shows it, for a planned one what it waits for."""


@pytest.fixture
def _shop(transactional_db: None, shop_files: Path) -> Iterator[None]:
    """A full shop (another test may have emptied it), with an agent present, enough visits counted, and models that speak."""
    if not get_model("catalogue", "Product").objects.exists():
        call_command("load_sandbox", "--skip-index", verbosity=0)
    user = get_user_model().objects.get(email="agent-one@example.com")
    agent, _created = Agent.objects.get_or_create(user=user, defaults={"display_name": "Olle"})
    set_presence(agent, Presence.ONLINE, now=timezone.now())
    stages = ("browsing", "product", "basket", "checkout", "payment", "ordered")
    add_counts({timezone.now().date(): {(stage, page, 0): Count(50, 50) for stage in stages for page in (1, 2, 3)}})
    FillState.objects.update_or_create(name=FILL_STATE, defaults={"position": 1, "filled_at": timezone.now()})
    forget_risks()
    _ask_about_the_past()
    is_on = override_settings(OSCAR_ENGAGE={**settings.OSCAR_ENGAGE, "MODULES_OFF": ()})  # no shop under test learns
    with is_on, models_that_speak():
        yield
    forget_risks()


def _ask_about_the_past() -> None:
    """Publish a rule that asks about the log: what no live rule asks about is not read."""
    asked = [condition(name, "notNull", **given) for name, given in PARAMETERS.items()]
    rule, known = Rule.objects.create(name="Past", holdout_share=0), engagement_kinds()
    slug = next(slug for slug, widget in known.items() if widget == "balloon")
    shows = [{"do": "show.balloon", "with": {"engagement": slug}}]
    document = {"schema": 1, "branches": [{"when": group(*asked), "then": shows}]}
    save_draft(rule, document, user=None, now=timezone.now(), engagements=known)
    publish(rule, user=None, now=timezone.now(), engagements=known)


@pytest.mark.usefixtures("_shop")
def test_journeys__through_the_sandbox__show_each_variable_as_the_table_says() -> None:
    expected = defaultdict(set)
    for row in ROWS:
        expected[row["shown_by"]].add(row["name"])
    shown = {name: walk(journey) for name, journey in JOURNEYS.items()}

    assert {name: expected[name] - shown[name] for name in JOURNEYS if expected[name] - shown[name]} == {}


def walk(journey: Callable[[Browser], None]) -> set[str]:
    """Return the names of the variables that were worth something on the way."""
    for agent in Agent.objects.filter(presence=Presence.ONLINE):
        heartbeat(agent, now=timezone.now())  # its lease is shorter than all journeys together
    browser = Browser()
    journey(browser)
    return set(browser.read)


def test_table__every_shipped_variable__is_shown_or_waits() -> None:
    ours = {variable.name for variable in VARIABLES if variable.reading.__module__.startswith("oscar_engage.")}
    shown = {row["name"] for row in ROWS if row["shown_by"]}
    waiting = {row["name"]: row["waits_for"] for row in ROWS if not row["shown_by"]}

    assert ours - shown == set(), "add a journey to variable_journeys.py that shows it, and a row to expected_variables.csv"
    assert shown - ours == set(), "a row for nothing"
    assert set(waiting) & ours == set(), "it is here: say which journey shows it"
    assert all(waiting.values()), "say what it waits for"
    assert {row["shown_by"] for row in ROWS} - {""} <= set(JOURNEYS)
