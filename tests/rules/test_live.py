"""Which set of rules a process has: built off the request, compared with the database, swapped as a whole."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Any

import pytest
from django.db import DatabaseError, connection
from pytest_django import DjangoAssertNumQueries

from oscar_engage.decisions.decide import NOT_READY_RETRY, Decided, decide
from oscar_engage.rules import live as live_module
from oscar_engage.rules.background import Background
from oscar_engage.rules.life.publish import pause
from oscar_engage.rules.live import (
    BACKGROUND,
    FRESH_FOR,
    STALE_AFTER,
    drop_live_rules,
    forget_live_rules,
    live_rules,
    live_set,
    published_documents,
    skipped_rules,
)
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.rules.types import Number
from oscar_engage.signals.counters import snapshot
from oscar_engage.visitors.models import Visit, Visitor
from tests.rules.moments import NOW, condition, make_moment, make_state, rule_json
from tests.rules.test_publish import make_live


class Late(Background):
    """A background that does its work when the test says so."""

    def __init__(self) -> None:
        super().__init__(BACKGROUND._work, place="rules")
        self.asked: list[datetime] = []

    def ask(self, now: datetime) -> None:
        self.asked.append(now)

    def do(self) -> None:
        self._work(self.asked[-1])


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> Late:
    background = Late()
    monkeypatch.setattr(live_module, "BACKGROUND", background)
    return background


def seconds(number: float) -> datetime:
    return NOW + timedelta(seconds=number)


def ids(now: datetime) -> list[int]:
    return [rule.rule_id for rule in live_rules(now)]


def matching(now: datetime) -> list[int]:
    found = live_set(now)
    assert found is not None
    return [rule.rule_id for rule, _branch in found.every.matches(lambda name: 9, now=now)]


@pytest.mark.django_db
def test_live_set__nothing_built_yet__is_none_without_a_query(
    late: Late, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rule = make_live()
    with django_assert_num_queries(0):
        assert live_set(NOW) is None
        assert live_rules(NOW) == ()
    late.do()
    assert ids(NOW) == [rule.pk]


@pytest.mark.django_db
def test_decide__nothing_built_yet__forgets_nothing_and_comes_back_soon(late: Late) -> None:
    visitor = Visitor.objects.create(created_at=NOW, last_seen_at=NOW)
    visit = Visit.objects.create(visitor=visitor, started_at=NOW, last_at=NOW)
    state = make_state(holding=(33, -65))
    shown: dict[str, Any] = {"path": "/", "showing": (), "now": NOW, "engagements": {}}
    decided = decide(visitor=visitor, visit=visit, state=state, moment=make_moment(state), **shown)
    assert decided == Decided((), NOT_READY_RETRY, (33, -65))


@pytest.mark.django_db
def test_live_set__a_rule_changed__is_the_old_one_until_the_new_one_is_built(
    late: Late, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second = make_live(priority=1), make_live(priority=2)
    live_set(NOW)
    late.do()
    Rule.objects.filter(pk=second.pk).update(priority=0)
    with django_assert_num_queries(0):
        assert ids(seconds(2)) == [first.pk, second.pk]
    late.do()
    assert ids(seconds(2)) == [second.pk, first.pk]


@pytest.mark.django_db
def test_live_set__not_compared_for_long__asks_itself_and_silences_what_changed(
    late: Late, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second, third = make_live(priority=1), make_live(priority=2), make_live(priority=3)
    live_set(NOW)
    late.do()
    with django_assert_num_queries(1):
        assert ids(NOW + STALE_AFTER) == [first.pk, second.pk, third.pk]
    with django_assert_num_queries(0):
        live_set(NOW + STALE_AFTER + FRESH_FOR / 2)
    Rule.objects.filter(pk=first.pk).update(status="paused")
    Rule.objects.filter(pk=second.pk).update(priority=9)
    assert ids(seconds(60)) == [third.pk]
    assert matching(seconds(60)) == [third.pk]
    late.do()
    assert ids(seconds(60)) == [third.pk, second.pk]


@pytest.mark.django_db
def test_live_set__paused_in_this_process__is_silent_with_the_next_beat(late: Late) -> None:
    rule = make_live()
    live_set(NOW)
    late.do()
    pause(rule, user=None, now=NOW)
    forget_live_rules()  # as after the commit, which a test does not have
    assert ids(NOW) == []
    assert len(late.asked) == 2


@pytest.mark.django_db
def test_live_set__built_anew__reads_only_what_it_did_not_have(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first, second = make_live(priority=1), make_live(priority=2)
    before = live_rules(NOW)
    Rule.objects.filter(pk=second.pk).update(priority=0)
    with django_assert_num_queries(1):
        after = live_rules(seconds(2))
    assert [rule.rule_id for rule in after] == [second.pk, first.pk]
    assert after[1].document is before[0].document


@pytest.mark.django_db
def test_live_rules__malformed_in_any_way__are_skipped_and_counted_and_the_others_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = make_live()
    bad = [make_live(rule_json(condition("visit.pages", ">", 3), condition("visit.searches", ">", 1))) for _each in range(3)]
    for rule, document in zip(bad, ([], {"schema": 1, "branches": [{"when": {"rules": [[]]}}]}, None), strict=True):
        RuleVersion.objects.filter(rule=rule).update(document=document or "x")
    broken = make_live(rule_json(condition("visit.product_views", ">", 77)))

    def explode(self: Number, operator: str, raw: object) -> Any:
        if raw == 77:
            raise ZeroDivisionError
        return real(self, operator, raw)

    real = Number.clean
    monkeypatch.setattr(Number, "clean", explode)
    before = snapshot().get("skipped:rules", 0)
    assert ids(NOW) == [good.pk]
    skipped = skipped_rules(NOW)
    assert [one.rule_id for one in skipped] == [*(rule.pk for rule in bad), broken.pk]
    assert skipped[-1].reason == "ZeroDivisionError"
    assert all(one.reason for one in skipped)
    assert snapshot()["skipped:rules"] == before + 4
    assert [document.branches for document in published_documents(but=bad[0])] == [live_rules(NOW)[0].document.branches]


@pytest.mark.django_db
def test_skipped_rules__too_many_are_live__have_no_other_reason(settings: Any, late: Late) -> None:
    make_live(priority=1)
    low = make_live(priority=2)
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "LIVE_RULES": 1}
    for _time in range(2):
        assert [(one.rule_id, one.reason) for one in skipped_rules(NOW)] == [(low.pk, "")]


def wait_for(is_done: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not is_done():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_background__asked__works_in_one_thread_and_lives_through_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[datetime, str]] = []

    def work(now: datetime) -> None:
        done.append((now, threading.current_thread().name))
        if now == NOW:
            raise DatabaseError

    background = Background(work, place="testing")
    before = snapshot().get("fault:testing", 0)
    background.ask(NOW)
    wait_for(lambda: snapshot().get("fault:testing", 0) > before)
    background.ask(seconds(1))
    wait_for(lambda: len(done) == 2)
    assert done == [(NOW, "engage-testing"), (seconds(1), "engage-testing")]
    background.is_inline = True
    background.ask(seconds(2))
    assert done[-1] == (seconds(2), threading.current_thread().name)


def test_background__asked_while_at_work__does_the_last_only() -> None:
    done: list[datetime] = []
    may_go_on = threading.Event()

    def work(now: datetime) -> None:
        done.append(now)
        may_go_on.wait(10)

    background = Background(work, place="busy")
    background.ask(seconds(0))
    wait_for(lambda: done)
    for number in (1, 2, 3):
        background.ask(seconds(number))
    may_go_on.set()
    wait_for(lambda: len(done) == 2)
    assert done == [seconds(0), seconds(3)]
    for _time in range(2):
        background.end()
    assert not any(thread.name == "engage-busy" for thread in threading.enumerate())


def test_background__long_idle__ends_its_thread_and_begins_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oscar_engage.rules.background.IDLE_SECONDS", 0.01)
    done: list[datetime] = []
    background = Background(done.append, place="idle")
    for number in range(2):
        background.ask(seconds(number))
        wait_for(lambda number=number: len(done) > number)
        wait_for(lambda: not any(thread.name == "engage-idle" for thread in threading.enumerate()))
    assert done == [seconds(0), seconds(1)]


class LastMoment(SimpleQueue[datetime | None]):
    """A queue whose second wait ends in vain, and before anybody has noticed somebody asks after all."""

    def __init__(self, late: datetime) -> None:
        self.late = late
        self.waits = 0

    def get(self, block: bool = True, timeout: float | None = None) -> datetime | None:
        if timeout is None:
            return super().get()
        self.waits += 1
        if self.waits == 2:
            self.put(self.late)
            raise Empty
        return super().get(timeout=5)


def test_background__asked_in_the_moment_in_which_its_thread_leaves__is_done_all_the_same() -> None:
    done: list[datetime] = []
    background = Background(done.append, place="leaving")
    background._asked = LastMoment(seconds(1))
    background.ask(NOW)
    wait_for(lambda: len(done) == 2)
    background.end()
    assert done == [NOW, seconds(1)]


@pytest.fixture
def in_a_thread() -> Iterator[None]:
    if connection.vendor != "postgresql":
        pytest.skip("threads cannot share SQLite's memory database")
    drop_live_rules()
    BACKGROUND.is_inline = False
    yield
    BACKGROUND.end()
    drop_live_rules()


@pytest.mark.django_db(transaction=True)
def test_live_set__changed_by_another_process__is_heeded_within_five_seconds(in_a_thread: None) -> None:
    make_live()
    assert live_set(NOW) is None
    wait_for(lambda: live_set(NOW) is not None)
    rule = Rule.objects.get()
    Rule.objects.filter(pk=rule.pk).update(priority=7)
    started = time.monotonic()
    wait_for(lambda: [one.priority for one in live_rules(seconds(time.monotonic() - started))] == [7])
    assert time.monotonic() - started < 5
