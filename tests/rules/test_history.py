"""The log of a visitor as rules read it: one query, every device, this beat included, and nothing without consent."""

import json
import os
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oscar_engage.models import Decision, Engagement, Rule, SignalRecord, Visitor
from oscar_engage.rules.engine.values import UNKNOWN
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.past import read as past_rows
from oscar_engage.rules.past.log import Past
from oscar_engage.rules.past.read import past_of_live_rules, read_past
from oscar_engage.rules.past.wanted import LONGEST, Wanted, find_wanted
from oscar_engage.rules.variables import reading
from oscar_engage.signals.counters import snapshot
from oscar_engage.visitors.page import PageFacts
from tests.rules.moments import condition, make_moment, rule_json
from tests.storefront.beats import body, known_shopper, send, shopper, signal

pytestmark = pytest.mark.django_db
NOW = timezone.now()
WEEK = Wanted(frozenset({"search.made", "page.viewed"}), timedelta(days=7))


@pytest.fixture(autouse=True)
def _everybody_is_treated(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.consent.consent_from_cookie", "SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0}


def make_visitor(**fields: Any) -> Visitor:
    return Visitor.objects.create(created_at=NOW, last_seen_at=NOW, consent=3, **fields)


def log(visitor_id: uuid.UUID, *facts: tuple[str, float], **fields: Any) -> None:
    """Write facts, (kind, seconds ago) each, into the log."""
    SignalRecord.objects.bulk_create(
        SignalRecord(
            **{
                "event_id": uuid.uuid4(),
                "visitor_id": visitor_id,
                "visit_id": uuid.uuid4(),
                "kind": kind,
                "source": "server",
                "payload": {},
                "at": timezone.now() - timedelta(seconds=ago),
                "received_at": NOW,
                **fields,
            }
        )
        for kind, ago in facts
    )


def make_live(*when: Any) -> Rule:
    Engagement.objects.get_or_create(slug="delivery-times", defaults={"widget": "balloon", "title": "Delivery"})
    rule, known = Rule.objects.create(name="Rule", holdout_share=0), {"delivery-times": "balloon"}
    save_draft(rule, rule_json(*when), user=None, now=NOW, engagements=known)
    publish(rule, user=None, now=NOW, engagements=known)
    return rule


def facts_of(past: Past | None) -> list[str]:
    assert past is not None
    return [fact.kind for facts in past.facts.values() for fact in facts]


def read(past: Past | None, key: str) -> Any:
    return reading(make_moment(past=lambda: past, now=timezone.now()))(key)


def test_find_wanted__keys_of_rules__are_the_kinds_and_the_longest_look_back() -> None:
    keys = [
        "visit.pages",
        "no.such?kind=search.made",
        "basket.fell?of=total&minutes=30",
        "history.count?kind=search.made&days=3",
        "history.visits?kind=page.viewed&minutes=30",
        "history.sequence?first=login.failed&then=login.succeeded&minutes=30&days=5",
    ]
    assert find_wanted(keys) == Wanted(
        frozenset({"search.made", "page.viewed", "login.failed", "login.succeeded"}), timedelta(days=5)
    )
    assert find_wanted([*keys, "history.seconds_since?kind=search.made"]).window == LONGEST
    assert find_wanted(["visit.pages"]) == Wanted()


def test_read_past__several_devices__are_one_person_and_nobody_else(django_assert_num_queries: Callable[..., Any]) -> None:
    laptop = make_visitor()
    phone, stranger = make_visitor(unit_of=laptop.pk), make_visitor()
    log(laptop.pk, ("search.made", 10), ("page.viewed", 8 * 86_400), ("login.failed", 5))
    log(phone.pk, ("page.viewed", 20), ("search.made", 30))
    log(stranger.pk, ("search.made", 1))

    with django_assert_num_queries(3):  # a savepoint, the query, and its release
        past = read_past(phone.unit_id, WEEK, now=timezone.now())

    assert sorted(facts_of(past)) == ["page.viewed", "search.made", "search.made"]
    assert read(past, "history.count?kind=search.made&days=7") == 2
    assert read(past, "history.count?kind=search.made&days=8") is UNKNOWN
    assert read(past, "history.count?kind=login.failed&days=7") is UNKNOWN


def test_read_past__more_than_are_read__is_known_as_far_as_it_reaches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past_rows, "MOST_FACTS", 3)
    visitor = make_visitor()
    log(visitor.pk, *(("search.made", ago) for ago in (10, 100, 1000, 10_000, 100_000)))

    past = read_past(visitor.pk, WEEK, now=timezone.now())

    assert read(past, "history.count?kind=search.made&minutes=20") == 3
    assert read(past, "history.count?kind=search.made&days=7") is UNKNOWN
    assert read(past, "history.seconds_since?kind=page.viewed") is UNKNOWN


def test_read_past__window_beyond_the_retention__is_unknown(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "RETENTION_DAYS": 30}
    visitor, wanted = make_visitor(), find_wanted(["history.seconds_since?kind=search.made"])
    log(visitor.pk, ("search.made", 40 * 86_400))  # the nightly job has not been there yet

    past = read_past(visitor.pk, wanted, now=timezone.now())

    assert read(past, "history.count?kind=search.made&days=29") == 0
    assert read(past, "history.count?kind=search.made&days=60") is UNKNOWN
    assert read(past, "history.seconds_since?kind=search.made") == float("inf")


def test_read_past__database_fails__is_unknown_counted_and_costs_the_beat_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor, before = make_visitor(), snapshot().get("fault:past", 0)
    monkeypatch.setattr(SignalRecord._meta, "db_table", "no_such_table")
    assert read_past(visitor.pk, WEEK, now=timezone.now()) is None
    monkeypatch.undo()
    assert snapshot()["fault:past"] == before + 1
    assert Visitor.objects.filter(pk=visitor.pk).exists()  # the transaction goes on


def test_past_of_live_rules__no_rule_asks__is_no_query(django_assert_num_queries: Callable[..., Any]) -> None:
    make_live(condition("visit.pages", ">", 0))
    past_of_live_rules(uuid.uuid4(), now=timezone.now())
    with django_assert_num_queries(0):
        assert past_of_live_rules(uuid.uuid4(), now=timezone.now()) is None


SEARCHED = condition("history.count", ">=", 2, kind="page.exit_intent", days=7)


def balloons(client: Client, *signals: Any) -> int:
    return send(client, body(*signals)).content.count(b"engage-balloon")


def test_beat__signals_of_the_beat_itself__count_once_each() -> None:
    make_live(SEARCHED)
    client = known_shopper()
    repeated = signal("page.exit_intent")
    assert balloons(client, repeated) == 0
    assert balloons(client, repeated) == 0  # the same again is still one
    assert balloons(client, signal("page.exit_intent")) == 1


def test_beat__two_of_them_in_one_beat__are_two() -> None:
    make_live(SEARCHED)
    assert balloons(known_shopper(), signal("page.exit_intent"), signal("page.exit_intent")) == 1


def test_beat__another_device_of_the_customer__counts() -> None:
    make_live(SEARCHED)
    client = known_shopper()
    here = Visitor.objects.get()
    there = make_visitor()
    log(there.pk, ("page.exit_intent", 100_000))
    Visitor.objects.filter(pk=here.pk).update(unit_of=there.pk)
    assert balloons(client, signal("page.exit_intent")) == 1


@pytest.mark.parametrize("consent", ["functional", "statistics"])
def test_beat__below_the_consent__reads_no_log(consent: str) -> None:
    make_live(SEARCHED)
    client = shopper(consent)
    send(client, body(signal()))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert balloons(client, signal("page.exit_intent"), signal("page.exit_intent")) == 0
    assert not [query for query in queries if f'FROM "{SignalRecord._meta.db_table}"' in query["sql"]]


def test_beat__eight_questions_about_the_past__read_the_log_once() -> None:
    for days in range(1, 9):
        make_live(condition("history.count", ">=", 99, kind="page.exit_intent", days=days))
    client = known_shopper()
    with CaptureQueriesContext(connection) as queries:
        send(client, body(signal()))
    assert len([query for query in queries if f'FROM "{SignalRecord._meta.db_table}"' in query["sql"]]) == 1


def test_beat__has_not_happened_for_a_while__says_exactly_when_to_come_back() -> None:
    make_live(condition("history.seconds_since", ">", 60, kind="page.exit_intent"))
    response = send(known_shopper(), body(signal("page.exit_intent")))
    assert wake_in(response) == pytest.approx(60, abs=0.5)


def wake_in(response: Any) -> float:
    """Return the seconds after which the browser is to come back."""
    (found,) = [value for name, value in response.items() if "wake" in name.lower()]
    return float(found)


def test_beat__never_happened__holds_at_once() -> None:
    make_live(condition("history.seconds_since", ">", 600, kind="search.made"), condition("page.kind", "=", "home"))
    client = known_shopper()
    assert b"engage-balloon" in send(client, body(signal(), page=PageFacts(kind="home"))).content
    assert Decision.objects.get().reason == "offered"


@pytest.mark.skipif(os.environ.get("ENGAGE_TEST_DB") != "postgres", reason="the plan of PostgreSQL")
def test_read_past__large_log__is_read_by_its_index() -> None:
    visitors = [make_visitor() for _number in range(200)]
    SignalRecord.objects.bulk_create(
        SignalRecord(
            event_id=uuid.uuid4(),
            visitor_id=visitors[number % 200].pk,
            visit_id=None,
            kind="page.viewed",
            source="browser",
            payload={},
            at=NOW - timedelta(minutes=number),
            received_at=NOW,
        )
        for number in range(20_000)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {SignalRecord._meta.db_table}")
        cursor.execute(f"ANALYZE {Visitor._meta.db_table}")
    with CaptureQueriesContext(connection) as queries:
        read_past(visitors[0].pk, WEEK, now=timezone.now())
    (sql,) = [query["sql"] for query in queries if f'FROM "{SignalRecord._meta.db_table}"' in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        (plan,) = cursor.fetchone()
    nodes = list(walk(json.loads(plan)[0]["Plan"] if isinstance(plan, str) else plan[0]["Plan"]))
    on_log = [node for node in nodes if SignalRecord._meta.db_table in (node.get("Relation Name"),)]
    assert {node.get("Index Name") for node in nodes} >= {"engage_signal_visitor"}
    assert "Seq Scan" not in {node["Node Type"] for node in on_log}


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the steps of a plan."""
    yield node
    for below in node.get("Plans", ()):
        yield from walk(below)
