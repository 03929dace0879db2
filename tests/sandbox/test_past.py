"""The shop's past: the reports find what is true in it, and it is there once and disturbs nobody."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_engage.analytics.costs.read import read_costs
from oscar_engage.analytics.lift.overview import Overview, Standing, sum_up
from oscar_engage.analytics.lift.read import read_lift, read_names
from oscar_engage.analytics.rollups.declare import ROLLUPS
from oscar_engage.analytics.stats.lift import Verdict
from oscar_engage.conf import get_settings
from oscar_engage.models import (
    AgentDay,
    Assignment,
    Conversation,
    Conversion,
    Decision,
    RollupDay,
    SignalRecord,
    Visit,
    Visitor,
)
from oscar_engage.signals.kinds import KINDS
from sandbox.demo.past.effects import DAYS, EFFECTS, SEED
from sandbox.demo.past.load import load_past
from sandbox.demo.past.shoppers import shoppers
from sandbox.demo.past.talks import talks

pytestmark = pytest.mark.django_db

SIZE = 10_000
"""Browsers: few enough to be quick, enough for the two effects to be seen."""

HELPS, HARMS = EFFECTS[0].rule, EFFECTS[1].rule
MODELS = (Visitor, Visit, SignalRecord, Decision, Assignment, Conversion, Conversation, RollupDay, get_model("order", "Order"))
NOW = timezone.now()
MIDNIGHT = timezone.localtime(NOW).replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.fixture(scope="module")
def past(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Load a small past once for all tests of this module, and take it back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        said: list[str] = []
        assert load_past(NOW, said.append, size=SIZE)
        yield said
        transaction.set_rollback(True)


@pytest.fixture
def overview(past: list[str]) -> Overview:
    today = timezone.localdate(NOW)
    report = read_lift(since=today - timedelta(days=89), until=today + timedelta(days=1), today=today)
    return sum_up(report.shop, report.rules, read_names())


def test_load__again__adds_nothing(past: list[str]) -> None:
    before = [model.objects.count() for model in MODELS]
    assert not load_past(NOW, past.append, size=SIZE)
    assert [model.objects.count() for model in MODELS] == before


def test_shoppers__same_seed__are_the_same() -> None:
    one, other = (list(shoppers(MIDNIGHT, size=400, seed=SEED)) for _time in range(2))
    assert one == other
    said = [[talk for shopper in one for talk in talks(shopper, midnight=MIDNIGHT, chance=random.Random(1))] for _time in "ab"]
    assert said[0] == said[1]


@pytest.mark.parametrize("ago", range(7))
def test_shoppers__on_another_weekday__buy_as_much(ago: int) -> None:
    bought = [
        sum(bool(shopper.orders) for shopper in shoppers(MIDNIGHT - timedelta(days=days), size=3000, seed=SEED))
        for days in (0, ago)
    ]
    assert bought[0] == pytest.approx(bought[1], rel=0.1)


def test_log__as_written__is_what_kinds_of_today_read() -> None:
    clicks = [click for shopper in shoppers(MIDNIGHT, size=2000, seed=SEED) for stay in shopper.stays for click in stay.clicks]
    for click in clicks:
        msgspec.convert(click.payload, KINDS.get(click.kind).payload)
    assert len({click.kind for click in clicks}) > 10


def test_effects__in_the_rows__are_those_of_the_table() -> None:
    bought: Counter[tuple[str, bool]] = Counter()
    met: Counter[tuple[str, bool]] = Counter()
    for shopper in shoppers(MIDNIGHT, size=13_000, seed=SEED):
        moment = shopper.stays[0].moment
        if moment:
            key = moment.effect.rule, moment.arm == "treated"
            met[key] += 1
            bought[key] += bool(shopper.orders)
    for effect in EFFECTS[:2]:
        for is_treated, share in ((True, effect.helped), (False, effect.alone)):
            key = effect.rule, is_treated
            assert bought[key] / met[key] == pytest.approx(share, abs=0.05)


def test_past__written__lies_before_today_and_within_retention(past: list[str]) -> None:
    ours = Visitor.objects.filter(key__startswith="past-")
    assert ours.count() == SIZE
    assert not Visit.objects.filter(visitor__in=ours, last_at__gte=MIDNIGHT).exists()
    assert not SignalRecord.objects.filter(received_at__lt=NOW - timedelta(days=get_settings().retention_days)).exists()
    assert min(ours.values_list("created_at", flat=True)) >= MIDNIGHT - timedelta(days=DAYS)


def test_past__written__leaves_nothing_that_waits(past: list[str]) -> None:
    talked = Conversation.objects.filter(created_at__lt=MIDNIGHT)
    assert talked.count() > 100
    assert not talked.exclude(status="closed").exists()
    assert not talked.filter(wrapped_at=None).exists()
    assert not talked.filter(closed_at__gte=MIDNIGHT).exists()


def test_past__written__has_staff_and_automata_that_are_left_out(past: list[str], overview: Overview) -> None:
    assert overview.shop.staff
    assert overview.shop.automata
    assert Conversion.objects.filter(is_test=True).exists()


def test_rollups__after_loading__are_filled(past: list[str]) -> None:
    filled = set(RollupDay.objects.exclude(cells=[]).values_list("rollup", flat=True))
    assert {rollup.name for rollup in ROLLUPS} - filled <= {"vouchers", "leads"}
    assert AgentDay.objects.values("day").distinct().count() > DAYS / 2


def test_overview__rule_that_helps__is_said_to_earn(overview: Overview) -> None:
    assert HELPS in {one.name for one in overview.standing(Standing.GAINS)}


def test_overview__rule_that_harms__is_to_be_stopped(overview: Overview) -> None:
    assert {one.name for one in overview.standing(Standing.STOP)} == {HARMS}


def test_overview__draws__are_as_they_were_drawn(overview: Overview) -> None:
    assert not overview.is_alarm
    assert not overview.standing(Standing.ALARM)


def test_overview__whole_shop__has_an_amount_with_its_range(overview: Overview) -> None:
    (earned,) = overview.earned
    assert earned.estimate is not None
    assert earned.estimate.value > 0
    assert earned.verdict is not Verdict.LESS


def test_costs__after_loading__are_known_in_full(past: list[str]) -> None:
    today = timezone.localdate(NOW)
    costs = read_costs(today - timedelta(days=30), today).costs
    assert list(costs) == ["GBP"]
    assert costs["GBP"].total > 0
    assert costs["GBP"].is_complete


PAGES = (
    ("engage-reports", (HARMS, HELPS)),
    ("engage-report-rules", (HARMS, HELPS)),
    ("engage-report-funnel", ("Home in two to four days",)),
    ("engage-guardrails", (HELPS,)),
    ("engage-report-costs", ("£",)),
    ("engage-report-service", ("Delivery",)),
    ("engage-service-times", ("Orders and returns",)),
    ("engage-ratings", ("Olle",)),
    ("engage-struggles", ("postcode",)),
    ("engage-report-places", ("delivery-note",)),
    ("engage-exits", ("95",)),
)


@pytest.mark.parametrize(("name", "words"), PAGES)
def test_page__after_loading__has_something_to_say(past: list[str], name: str, words: tuple[str, ...]) -> None:
    client = Client()
    client.force_login(get_user_model().objects.get(email="admin@example.com"))
    answer = client.get(reverse(f"engage_dashboard:{name}"))
    assert answer.status_code == 200
    for word in words:
        assert word in answer.content.decode()
