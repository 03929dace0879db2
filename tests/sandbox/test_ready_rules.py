"""Each ready rule, started from as a merchandiser does, fires in a journey through the sandbox and stays quiet in another."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_engage.dashboard.rules.reading import engagement_kinds
from oscar_engage.dashboard.rules.start import start_from
from oscar_engage.desk.models import Agent, Presence
from oscar_engage.desk.presence import set_presence
from oscar_engage.models import Decision, Engagement, Rule, Visit, Visitor
from oscar_engage.rules.library.shipped import READY
from oscar_engage.rules.life.publish import publish
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import RuleStatus
from oscar_engage.widgets.live import forget_engagements
from tests.sandbox.ready_journeys import JOURNEYS, Walk
from tests.sandbox.shopping import Browser

HELP = frozenset({"help-without-click"})
"""The rules about the search of a help centre, for which the shop's own search stands here."""


@pytest.fixture
def _shop(transactional_db: None, shop_files: Path) -> Iterator[None]:
    """A full shop (another test may have emptied it) with an agent present, in which every shopper is treated at once."""
    if not get_model("catalogue", "Product").objects.exists():
        call_command("load_sandbox", "--skip-index", verbosity=0)
    agent, _created = Agent.objects.get_or_create(
        user=get_user_model().objects.get(email="agent-one@example.com"), defaults={"display_name": "Olle"}
    )
    set_presence(agent, Presence.ONLINE, now=timezone.now())
    Rule.objects.update(status=RuleStatus.PAUSED)
    yield
    forget_live_rules()
    forget_engagements()


def settings_for(slug: str) -> dict[str, Any]:
    ours = {**django_settings.OSCAR_ENGAGE, "SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0}
    return {**ours, "HELP_VIEWS": ["search:search"]} if slug in HELP else ours


def go_live(slug: str) -> Rule:
    rule = start_from(READY.get(slug), currency="GBP", user=None, now=timezone.now())
    Rule.objects.filter(pk=rule.pk).update(holdout_share=0)
    Engagement.objects.update(is_active=True)
    publish(rule, user=None, now=timezone.now(), engagements=engagement_kinds())
    forget_engagements()
    return rule


def reasons_of(rule: Rule, walk: Walk) -> set[str]:
    """Return what was decided of ``rule`` for a new shopper who walks so."""
    Visitor.objects.all().delete()
    Visit.objects.all().delete()
    Decision.objects.all().delete()
    walk(Browser())
    return set(Decision.objects.filter(version__rule=rule).values_list("reason", flat=True))


@pytest.mark.usefixtures("_shop")
def test_ready_rules__through_the_sandbox__fire_and_stay_quiet() -> None:
    found = {}
    for slug, journey in JOURNEYS.items():
        with override_settings(OSCAR_ENGAGE=settings_for(slug)):
            rule = go_live(slug)
            found[slug] = (reasons_of(rule, journey.fires), reasons_of(rule, journey.quiet))
            Rule.objects.filter(pk=rule.pk).update(status=RuleStatus.PAUSED)
            forget_live_rules()

    assert {slug: reasons for slug, reasons in found.items() if reasons != ({"offered"}, set())} == {}


def test_table__every_ready_rule__has_a_journey() -> None:
    assert set(JOURNEYS) == set(READY.names())
