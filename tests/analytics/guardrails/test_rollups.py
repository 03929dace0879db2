"""Do the sums of both arms equal what plain loops over all raw rows say, for any history?"""

import uuid
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from oscar_engage.analytics.guardrails.count import COMPLAINTS, ORDERS, SPEED
from oscar_engage.analytics.guardrails.report import Standing, guardrail_alarms, report_guardrails
from oscar_engage.analytics.models import Conversion, RollupDay
from oscar_engage.analytics.rollups.document import write_cells
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.analytics.rollups.read import read_counts
from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.decisions.models import Assignment, Decision
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.ratings.models import Rating
from oscar_engage.desk.topics.models import Topic
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visitor
from tests.examples import examples

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SINCE, UNTIL = date(2026, 5, 1), date(2026, 7, 1)
PEOPLE = 4


@pytest.fixture(autouse=True)
def utc(settings: Any) -> None:
    settings.TIME_ZONE = "UTC"


def make_visitor(kind: str, first: Visitor | None) -> Visitor:
    is_second = first is not None and kind == "second device"
    return Visitor.objects.create(
        consent=3,
        created_at=NOW,
        last_seen_at=NOW,
        is_staff=kind == "staff",
        is_automaton=kind == "automaton",
        unit_of=first.pk if first and is_second else None,
    )


def make_rules() -> list[RuleVersion]:
    rules = [Rule.objects.create(name=name) for name in ("one", "two")]
    return [RuleVersion.objects.create(rule=rule, number=1, document={}) for rule in rules]


def hear(visitor: Visitor, at: datetime, load: int) -> None:
    SignalRecord.objects.create(
        event_id=uuid.uuid4(),
        visitor_id=visitor.pk,
        kind="page.timed",
        source="browser",
        payload={"load": load, "answer": 5},
        at=at,
        received_at=at,
    )


def talk(visitor: Visitor, at: datetime, *, topic: Topic | None, score: int | None) -> None:
    chat = Conversation.objects.create(kind="chat", visitor_id=visitor.pk, created_at=at, due_at=at, topic=topic)
    if score:
        Rating.objects.create(conversation=chat, score=score, at=at)


WHO = st.integers(0, PEOPLE - 1)
WHEN = st.integers(0, 10).map(lambda days: days * 24)  # a coarse grid: windows end exactly where something happens
KINDS = st.lists(
    st.sampled_from(["shopper", "shopper", "staff", "automaton", "second device"]), min_size=PEOPLE, max_size=PEOPLE
)
DRAWS = st.lists(
    st.tuples(WHO, st.integers(0, 1), st.sampled_from([("treated", 0.8), ("control", 0.2), ("treated", 1)]), WHEN), min_size=2
)
HELD = st.lists(st.tuples(WHO, st.integers(0, 1), WHEN), max_size=4)
ORDER = st.tuples(WHO, WHEN, st.booleans(), st.booleans(), st.booleans())
LOADS = st.lists(st.tuples(WHO, WHEN, st.integers(0, 60_000)), max_size=8)
TALKS = st.lists(st.tuples(WHO, WHEN, st.sampled_from(["complaint", "product", None]), st.sampled_from([None, 1, 2, 3])))


def brute_force() -> dict[tuple[date, tuple[str, ...]], list[tuple[int, int]]]:
    """Return the ``(y, x)`` of each unit, by day and key, from plain loops over all rows."""
    visitors = list(Visitor.objects.all())
    unit_of = {one.pk: one.unit_of or one.pk for one in visitors}
    bad = {unit_of[one.pk] for one in visitors if one.is_staff or one.is_automaton}
    entered: list[tuple[uuid.UUID, str, bool, float, datetime]] = []
    moments: dict[uuid.UUID, list[tuple[datetime, bool]]] = defaultdict(list)  # at one time a draw comes first
    for draw in Assignment.objects.all():
        treated = draw.arm == "treated"
        if draw.probability < 1:
            share = round(draw.probability if treated else 1 - draw.probability, 6)
            entered.append((draw.visitor_id, str(draw.rule_id), treated, share, draw.drawn_at))
        moments[draw.visitor_id].append((draw.drawn_at, True))
    for held in Decision.objects.all():
        moments[unit_of[held.visitor_id]].append((held.eligible_at, False))
    for unit, own in moments.items():
        at = min(at for at, _treated in own)
        treated = (at, True) in own
        entered.append((unit, "shop", treated, 0.9, at))
    found: dict[tuple[date, tuple[str, ...]], list[tuple[int, int]]] = defaultdict(list)
    week, day = timedelta(days=7), timedelta(days=1)
    for unit, rule, treated, share, at in entered:
        if unit in bad:
            continue
        orders = [
            one
            for one in Conversion.objects.all()
            if unit_of[one.visitor_id] == unit and at <= one.placed_at < at + week and not one.is_test
        ]
        loads = [
            one.payload["load"]
            for one in SignalRecord.objects.all()
            if unit_of[one.visitor_id] == unit and at <= one.at < at + day
        ]
        complained = any(
            unit_of[one.visitor_id] == unit
            and at <= one.created_at < at + week
            and ((one.topic and one.topic.slug == "complaint") or (hasattr(one, "rating") and one.rating.score <= 2))
            for one in Conversation.objects.all()
        )
        for measure, pair in (
            ("returns", (sum(one.has_return for one in orders), len(orders))),
            ("cancellations", (sum(one.has_cancellation for one in orders), len(orders))),
            ("complaints", (int(complained), 0)),
            ("speed", (sum(loads), len(loads))),
        ):
            arm = "treated" if treated else "control"
            found[at.date(), (measure, rule, arm, f"{share:.6f}")].append(pair)
    return found


class TestOracle(TestCase):  # type: ignore[misc]  # hypothesis has no type for it
    @pytest.mark.attack("O06")
    @settings(max_examples=examples(60), deadline=None)
    @given(KINDS, DRAWS, HELD, st.lists(ORDER, max_size=8), LOADS, TALKS)
    def test_count__any_history__is_what_plain_loops_say(
        self, kinds: list[str], draws: Any, held: Any, orders: Any, loads: Any, talks: Any
    ) -> None:
        versions = make_rules()
        people: list[Visitor] = []
        for kind in kinds:
            people.append(make_visitor(kind, people[0] if people else None))
        for who, rule, (arm, probability), when in draws:
            unit, at = people[who].unit_id, NOW - when * HOUR
            Assignment.objects.get_or_create(
                visitor_id=unit,
                rule=versions[rule].rule,
                defaults={"arm": arm, "probability": probability, "shop_share": 0.1, "drawn_at": at},
            )
        for who, rule, when in held:
            Decision.objects.create(
                visitor_id=people[who].pk,
                version=versions[rule],
                branch=0,
                action="show.balloon",
                arm="control",
                probability=0.1,
                reason="shop_holdout",
                eligible_at=NOW - when * HOUR,
            )
        for number, (who, when, has_return, has_cancellation, is_test) in enumerate(orders, 1):
            Conversion.objects.create(
                visitor_id=people[who].pk,
                order_id=number,
                total=Decimal(10),
                currency="GBP",
                placed_at=NOW - when * HOUR,
                has_return=has_return,
                has_cancellation=has_cancellation,
                is_test=is_test,
            )
        for who, when, load in loads:
            hear(people[who], NOW - when * HOUR, load)
        topics = {slug: Topic.objects.create(slug=slug, name=slug) for slug in ("complaint", "product")}
        for who, when, slug, score in talks:
            talk(people[who], NOW - when * HOUR, topic=topics.get(slug), score=score)
        found: dict[Any, Any] = {}
        for rollup in (ORDERS, COMPLAINTS, SPEED):
            fill(rollup, now=NOW)
            for day, cells in read_counts(rollup.name, since=SINCE, until=UNTIL).days.items():
                found |= {(day, key): values for key, values in cells.items() if key[0] != "left out"}
        assert found == {key: Moments.of(pairs).as_numbers() for key, pairs in brute_force().items()}


@pytest.mark.django_db
def test_count__left_out__says_how_many() -> None:
    rule = make_rules()[0].rule
    for kind in ("staff", "automaton", "shopper"):
        Assignment.objects.create(
            visitor_id=make_visitor(kind, None).pk, rule=rule, arm="treated", probability=0.8, drawn_at=NOW - HOUR
        )
    fill(ORDERS, now=NOW)
    report = report_guardrails(since=SINCE, until=UNTIL)
    assert (report.staff, report.automata) == (1, 1)


@pytest.mark.django_db
@pytest.mark.attack("O04")
def test_count__erased_meanwhile__entries_stay_and_closed_days_do_not_change() -> None:
    rule, visitor = make_rules()[0].rule, make_visitor("shopper", None)
    for days in (60, 1):
        Assignment.objects.create(
            visitor_id=visitor.pk if days == 1 else uuid.uuid4(),
            rule=rule,
            arm="treated",
            probability=0.8,
            drawn_at=NOW - timedelta(days=days),
        )
    fill(ORDERS, now=NOW)
    closed = RollupDay.objects.get(rollup="guardrails", day=(NOW - timedelta(days=60)).date()).cells
    Assignment.objects.filter(visitor_id=visitor.pk).update(visitor_id=uuid.uuid4())  # as an erasure does
    visitor.delete()
    before = read_counts("guardrails", since=SINCE, until=UNTIL).days
    fill(ORDERS, now=NOW + HOUR)
    assert RollupDay.objects.get(rollup="guardrails", day=(NOW - timedelta(days=60)).date()).cells == closed
    assert read_counts("guardrails", since=SINCE, until=UNTIL).days == before


# What may be said


def write(measure: str, *, treated: list[tuple[int, int]], control: list[tuple[int, int]], rule: str = "shop") -> None:
    rollup = {"speed": SPEED, "complaints": COMPLAINTS}.get(measure, ORDERS)
    cells = [
        ((measure, rule, arm, "0.900000"), Moments.of(pairs).as_numbers())
        for arm, pairs in (("treated", treated), ("control", control))
    ]
    RollupDay.objects.create(
        rollup=rollup.name, day=NOW.date(), version=1, cells=write_cells(rollup, cells), digest="", filled_at=NOW
    )


def orders(number: int, returned: int) -> list[tuple[int, int]]:
    return [(1, 1)] * returned + [(0, 1)] * (number - returned)


@pytest.mark.django_db
def test_report__more_returns_for_the_treated__is_an_alarm(django_assert_num_queries: Any) -> None:
    write("returns", treated=orders(2000, 400), control=orders(1000, 50))
    with django_assert_num_queries(1):
        (alarm,) = guardrail_alarms(since=SINCE, until=UNTIL)
    assert (alarm.measure, alarm.rule, alarm.standing) == ("returns", None, Standing.ALARM)
    assert alarm.difference
    assert alarm.difference.value == pytest.approx(0.15)


@pytest.mark.django_db
def test_report__as_many_returns__says_how_many_more_there_are_at_most() -> None:
    write("returns", treated=orders(2000, 100), control=orders(1000, 50))
    (guard,) = report_guardrails(since=SINCE, until=UNTIL).guards
    assert guard.standing is Standing.OPEN
    assert guard.at_most
    assert 0 < guard.at_most < 0.05


@pytest.mark.django_db
def test_report__few__says_nothing() -> None:
    write("complaints", treated=[(1, 0)] * 40, control=[(0, 0)] * 10, rule="7")
    (guard,) = report_guardrails(since=SINCE, until=UNTIL).guards
    assert (guard.rule, guard.standing, guard.at_most, guard.treated.positives) == (7, Standing.NOT_YET, None, 40)


@pytest.mark.django_db
def test_report__faster_for_the_treated__is_no_alarm() -> None:
    loads = [(900 + 10 * (number % 9), 1) for number in range(400)]
    write("speed", treated=loads, control=[(y + 200, x) for y, x in loads])
    report = report_guardrails(since=SINCE, until=UNTIL)
    assert [guard.standing for guard in report.guards] == [Standing.BETTER]
    assert report.alarms == ()
