"""Does the shop say where its reports have something to say, and can the rule that "make simulate" adds be published?"""

from datetime import UTC, datetime

import pytest
from django.test import override_settings

from oscar_engage.rules.models import Rule, RuleStatus
from oscar_engage.simulation.models import SimulationRun
from sandbox.demo.engagements import load_offers
from sandbox.demo.looking_round import CONTENTS, RULES
from sandbox.run import reports_hint

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, tzinfo=UTC)


def test_hint__made_up_past_simulated_weeks_or_nobody_yet__is_told_apart() -> None:
    with override_settings(SANDBOX_PAST=True):
        assert "sixty made-up days" in reports_hint()
    with override_settings(SANDBOX_PAST=False):
        assert "how to fill the shop" in reports_hint()
        SimulationRun.objects.create(started_at=NOW)
        assert "how to fill the shop" in reports_hint()
        SimulationRun.objects.create(started_at=NOW, ended_at=NOW)
        assert "what is true" in reports_hint()


def test_looking_round__loaded_twice__is_one_live_rule() -> None:
    before = Rule.objects.count()
    for _time in range(2):
        load_offers(CONTENTS, RULES, NOW)
    assert Rule.objects.count() == before + 1
    assert Rule.objects.get(name=RULES[0].name).status == RuleStatus.LIVE
