"""Simulated shoppers in the product: as beats would have it, the same for the same seed, and with its truth."""

import uuid
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import msgspec
import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from oscar_engage.analytics.models import Conversion
from oscar_engage.decisions.models import Assignment, Decision
from oscar_engage.learning.features.schema import NAMES, PLACES
from oscar_engage.learning.leads import live as bars
from oscar_engage.learning.nightly.models import TrainingRun
from oscar_engage.learning.registry import live as models
from oscar_engage.learning.registry.store import keep, promote
from oscar_engage.learning.registry.why import Why
from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.parts import Linear
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import drop_live_rules, forget_live_rules, skipped_rules
from oscar_engage.rules.models import Rule
from oscar_engage.signals.models import SignalRecord
from oscar_engage.signals.signal import Signal, Source
from oscar_engage.signals.sources.browser import Beat
from oscar_engage.simulation.drive.day import People, pass_day
from oscar_engage.simulation.drive.judge import path_of
from oscar_engage.simulation.drive.person import new_id
from oscar_engage.simulation.drive.shop import read_day
from oscar_engage.simulation.models import SimulationRun
from oscar_engage.simulation.parameters import SHOP
from oscar_engage.simulation.run import simulate
from oscar_engage.simulation.world.agents import AgentPool
from oscar_engage.simulation.world.arrivals import Arrival
from oscar_engage.simulation.world.shopper import draw_shopper
from oscar_engage.simulation.world.visit import plan_visit
from oscar_engage.storefront.beat import serve_beat
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.page import sign_page
from oscar_engage.widgets.live import forget_engagements
from oscar_engage.widgets.models import Engagement
from tests.learning.registry.fitted import make_fitted
from tests.rules.moments import ENGAGEMENTS, condition, rule_json

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
NOON = MONDAY.replace(hour=12)


@pytest.fixture(autouse=True)
def _rules() -> Any:
    for slug, widget in ENGAGEMENTS.items():
        Engagement.objects.get_or_create(slug=slug, defaults={"widget": widget, "title": slug, "body": slug})
    looking = (condition("page.kind", "=", "product"), condition("visit.product_views", ">=", 2))
    for place, (engagement, *when) in enumerate(
        (
            ("checkout-help", condition("page.kind", "=", "basket")),
            ("delivery-times", *looking),
            ("ask-us", condition("page.idle_seconds", ">=", 10)),
        )
    ):
        # Arms are hashed with the rule's number: with numbers of their own, the same shoppers are held out on each database.
        rule = Rule.objects.create(pk=place + 1, name=engagement, holdout_share=0.4, priority=place)
        save_draft(rule, rule_json(*when, engagement=engagement), user=None, now=MONDAY, engagements=ENGAGEMENTS)
        publish(rule, user=None, now=MONDAY, engagements=ENGAGEMENTS)
    forget_engagements()
    drop_live_rules()
    yield
    forget_engagements()
    forget_live_rules()


def small(seed: int = 4, **more: Any) -> SimulationRun:
    """Simulate two weeks in which nobody learns: each night that learns is a process of its own."""
    given = {"midnight": MONDAY + timedelta(days=14), "days": 14, "visits_per_day": 25, "seed": seed, **more}
    given.setdefault("is_learning", False)
    given.setdefault("clock", lambda: MONDAY + timedelta(days=15))
    return simulate(**given)


def found(visitor_id: uuid.UUID) -> list[tuple[Any, ...]]:
    rows = Decision.objects.filter(visitor_id=visitor_id).order_by("eligible_at", "version_id")
    return list(rows.values_list("version__rule__name", "branch", "action", "reason", "arm", "probability", "eligible_at"))


def beat_through(arrival: Arrival, *, key: str) -> None:
    """Send the visit of ``arrival`` beat by beat to the product itself."""
    plan = plan_visit(arrival.shopper, arrival.number, seed=4, parameters=SHOP)
    for look in plan.body:
        now = arrival.at + timedelta(seconds=look.after)
        skipped_rules(now)
        forget_engagements()
        signals = tuple(
            Signal(
                kind=kind,
                payload=payload,
                at=now,
                event_id=uuid.uuid4(),
                source=Source.BROWSER if kind.startswith("page.") else Source.SERVER,
            )
            for kind, payload in look.told
        )
        beat = Beat(
            page=sign_page(look.page),
            path=path_of(look),
            idle_seconds=look.idle,
            visible_seconds=look.visible,
            showing=(),
            came_from="",
            fetch=True,
            signals=signals,
            rejected=(),
        )
        serve_beat(beat, key=key, consent=ConsentLevel(arrival.shopper.consent), now=now)


@pytest.fixture(autouse=True)
def _models_at_once() -> Any:
    threads = (models.BACKGROUND, bars.BACKGROUND)
    before = [one.is_inline for one in threads]
    for one in threads:
        one.is_inline = True
    _forget()
    yield
    for one, was in zip(threads, before, strict=True):
        one.is_inline = was
    _forget()


def _forget() -> None:
    models.drop_live_models()
    bars.drop_live_bars()


def by_products(spread: float) -> Document:
    """Return a model of uplift that finds help harmful at the first products and good at later ones."""
    place, size = PLACES["product_views"], len(NAMES)

    def line(shift: float) -> Linear:
        return Linear(
            intercept=-0.25 + shift,
            coefficients=tuple(0.1 * (one == place) for one in range(size)),
            fills=(0.0,) * size,
            logs=(False,) * size,
            means=(0.0,) * size,
            scales=(1.0,) * size,
            missing=(0.0,) * size,
        )

    replicas = (line(-spread), line(spread))
    return msgspec.structs.replace(make_fitted("uplift"), model=line(0.0), replicas=replicas)


@pytest.mark.usefixtures("_rules")
@pytest.mark.parametrize(
    ("documents", "reasons"),
    [
        ((), {"offered", "rule_holdout"}),
        ((by_products(0.01), make_fitted("exit")), {"rule_holdout", "advised_against"}),
        ((by_products(9.0), make_fitted("propensity")), {"offered", "rule_holdout"}),
    ],
    ids=["rules alone", "sure", "unsure"],
)
def test_fast_path__small_world__decides_as_beats_do(documents: tuple[Document, ...], reasons: set[str]) -> None:
    for document in documents:
        promote(keep(document, samples=1, events=1, now=MONDAY), now=MONDAY, why=Why.BETTER)
    world = SHOP.scaled(0)
    came = [draw_shopper(number, seed=4, parameters=world) for number in range(60)]
    came = [one for one in came if one.consent and not one.is_bot and not one.is_untracked][:25]
    people, nobody = People(seed=4), AgentPool(world)
    nobody.free = lambda now: 0  # type: ignore[method-assign]  # the desk of this test has no agents either
    arrivals = [Arrival(NOON + timedelta(hours=number), one, 1) for number, one in enumerate(came) if number < 11]
    rows = pass_day(arrivals, people, pool=nobody, day=read_day(MONDAY), seed=4, week=0, parameters=world)
    fast: dict[uuid.UUID, list[tuple[Any, ...]]] = {}
    names = dict(Rule.objects.values_list("published_id", "name"))
    last_looks = {}
    for arrival in arrivals:
        plan = plan_visit(arrival.shopper, 1, seed=4, parameters=world)
        last_looks[new_id(4, arrival.shopper.number)] = arrival.at + timedelta(seconds=plan.body[-1].after)
    for row in rows.decisions:
        if row.eligible_at <= last_looks[row.visitor_id]:
            told = (names[row.version_id], row.branch, row.action, row.reason, row.arm, row.probability, row.eligible_at)
            fast.setdefault(row.visitor_id, []).append(told)

    for arrival in arrivals:
        pk = new_id(4, arrival.shopper.number)
        Visitor.objects.create(id=pk, key=pk.hex, consent=arrival.shopper.consent, created_at=NOON, last_seen_at=NOON)
        beat_through(arrival, key=pk.hex)

    assert reasons <= {row[3] for each in fast.values() for row in each}
    assert ({"advised_against"} <= reasons) == any(row.reason == "advised_against" for row in rows.decisions)
    for arrival in arrivals:
        pk = new_id(4, arrival.shopper.number)
        assert sorted(found(pk), key=str) == sorted(fast.get(pk, []), key=str)
    slow_vectors = ScoredVector.objects.filter(visitor_id__in=last_looks)
    counted = sum(vector.at <= last_looks[vector.visitor_id] for vector in rows.vectors)
    assert abs(slow_vectors.count() - counted) <= len(arrivals)
    columns = ("visitor_id", "rule_id", "arm", "is_explored", "uplift", "way", "chance")
    slow = slow_vectors.filter(occasion="moment").values_list(*columns)
    known = [one for one in rows.vectors if one.at <= last_looks[one.visitor_id] and one.occasion == "moment"]
    assert sorted(slow, key=str) == sorted((tuple(getattr(one, name) for name in columns) for one in known), key=str)


@pytest.mark.usefixtures("_rules")
def test_simulate__same_seed__same_rows_and_truth() -> None:
    first = small()
    rows = sorted(Decision.objects.values_list("id", "arm", "reason", "eligible_at"))
    for model in (Decision, Assignment, ScoredVector, Conversion, Visit, Visitor):
        model.objects.all().delete()
    second = small()
    assert rows
    assert rows == sorted(Decision.objects.values_list("id", "arm", "reason", "eligible_at"))
    assert first.document == second.document


@pytest.mark.usefixtures("_rules")
def test_simulate__any_run__leaves_rows_that_belong_together() -> None:
    lines: list[str] = []
    run = small(say=lines.append, is_logged=True)
    document = run.document
    assert Visit.objects.exists()
    assert Conversion.objects.count() <= document["orders"]
    assert set(Decision.objects.values_list("visitor_id", flat=True)) <= set(Visitor.objects.values_list("pk", flat=True))
    assert SignalRecord.objects.count() > Visit.objects.filter(visitor__consent__gte=2).count()
    assert not SignalRecord.objects.filter(visitor_id__in=Visitor.objects.filter(consent__lt=2).values("pk")).exists()
    assert len(lines) == 15
    assert set(document["truths"]) <= {"shop", *map(str, Rule.objects.values_list("pk", flat=True))}
    assert document["truths"]
    for truth in document["truths"].values():
        assert truth["effect"] == (truth["invited"] - truth["alone"]) / truth["units"]


@pytest.mark.usefixtures("_rules")
def test_simulate__a_night__looks_what_can_be_learnt() -> None:
    lines: list[str] = []
    small(days=1, midnight=MONDAY + timedelta(days=1), is_learning=True, say=lines.append)
    assert lines[0].startswith("day 1 of 1: ")
    assert TrainingRun.objects.filter(started_at__lt=MONDAY + timedelta(days=2)).exists()


@pytest.mark.usefixtures("_rules")
def test_simulate__effects_at_zero__every_truth_is_zero() -> None:
    run = small(parameters=SHOP.scaled(0))
    assert run.document["truths"]
    assert all(truth["effect"] == 0 for truth in run.document["truths"].values())


def test_command__shop_that_sells__refuses() -> None:
    with override_settings(DEBUG=False, ENGAGE_MAY_SIMULATE=False), pytest.raises(CommandError, match="--fill-this-shop"):
        call_command("engage_simulate", stdout=StringIO())
    assert not Visitor.objects.exists()


@pytest.mark.parametrize("given", ["--weeks=0", "--visits-per-day=x", "--effects=3", "--seed=-1", "--holdout=none"])
def test_command__numbers_out_of_bounds__are_refused(given: str) -> None:
    with pytest.raises(CommandError, match="between"):
        call_command("engage_simulate", given, "--fill-this-shop", stdout=StringIO())


def test_command__one_week__says_each_day_and_refuses_the_same_seed() -> None:
    out = StringIO()
    asked = ("--weeks=1", "--visits-per-day=20", "--seed=9", "--fill-this-shop", "--no-learning")
    call_command("engage_simulate", *asked, stdout=out)
    assert "day 7 of 7" in out.getvalue()
    run = SimulationRun.objects.get()
    assert run.document["seed"] == 9
    assert "today so far: " in out.getvalue()
    assert "Others were here" not in out.getvalue()
    with pytest.raises(CommandError, match="another --seed"):
        call_command("engage_simulate", *asked, stdout=out)
