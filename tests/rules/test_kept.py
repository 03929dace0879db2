"""What a slow system of the shop said: kept in a table, asked by a worker, and never waited for in a beat."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from oscar_engage.jobs.models import Job
from oscar_engage.jobs.run import run_due
from oscar_engage.models import KeptValue, Visitor
from oscar_engage.personal.person import make_person
from oscar_engage.privacy.erase import begin_erasure, run_parts
from oscar_engage.privacy.withdraw import forget_visitor
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.errors import WrongValueError
from oscar_engage.rules.kept import patience
from oscar_engage.rules.kept import store as kept_rows
from oscar_engage.rules.kept.patience import ask_patiently, forget_breakers
from oscar_engage.rules.kept.store import KIND, ask_variable, look_at_kept, purge_values, read_kept
from oscar_engage.rules.kept.values import ASK_AGAIN, KeptRow, Whom, decode, encode
from oscar_engage.rules.parameters import Parameter
from oscar_engage.rules.types import Boolean, DateTime, Duration, Integer, MoneyType, Percent, SetOfTexts, Text, TimeOfDay
from oscar_engage.rules.variables import COSTLY, VARIABLES, Variable, reading, variable
from oscar_engage.signals.counters import snapshot
from oscar_engage.visitors.consent import ConsentLevel
from tests.rules.moments import condition, make_moment
from tests.rules.test_history import balloons, make_live, wake_in
from tests.storefront.beats import body, known_shopper, send, shopper, signal

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TTL = 300


class Crm:
    """A system that we do not run: slow, broken or right, as it likes."""

    def __init__(self) -> None:
        self.asked: list[Whom] = []
        self.answer: Callable[[], Value] = lambda: 7

    def __call__(self, whom: Whom, *, year: int = 0) -> Value:
        self.asked.append(whom)
        answer = self.answer()
        return answer + year if isinstance(answer, int) else answer


@pytest.fixture(autouse=True)
def _settings(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.consent.consent_from_cookie", "SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0}


@pytest.fixture(autouse=True)
def crm() -> Iterator[Crm]:
    before, source = dict(VARIABLES._entries), Crm()
    forget_breakers()
    options: dict[str, Any] = {"label": "orders in the CRM", "group": "CRM", "cost": COSTLY, "ttl": TTL, "personal": True}
    year = Parameter("year", Integer(), label="Year")
    variable("crm.orders", type=Integer(), parameters=[year], **options)(source)
    yield source
    VARIABLES._entries = before
    forget_breakers()


@pytest.fixture
def visitor(db: None) -> Visitor:
    return Visitor.objects.create(created_at=NOW, last_seen_at=NOW, consent=ConsentLevel.PERSONALISATION)


def ask(visitor: Visitor, key: str = "crm.orders", *, now: Any = NOW, **fields: Any) -> Value:
    """Return what a beat of this visitor reads."""
    is_customer = visitor.customer_id is not None
    kept = read_kept(visitor.pk, is_customer=is_customer, now=now)
    return reading(make_moment(now=now, kept=lambda: kept, **fields))(key)


def work(now: Any = NOW) -> None:
    run_due(now=now)


def counted(name: str) -> int:
    return snapshot().get(name, 0)


def test_kept__first_asked__is_unknown_until_the_worker_has_been_there(visitor: Visitor, crm: Crm) -> None:
    awaited: set[str] = set()
    assert ask(visitor, awaited=awaited) is UNKNOWN
    assert awaited == {"crm.orders"}
    assert crm.asked == []

    work()

    assert ask(visitor) == 7
    assert crm.asked == [Whom(visitor.pk, None)]


def test_kept__younger_than_its_ttl__is_not_asked_again(visitor: Visitor, crm: Crm) -> None:
    ask(visitor)
    work()
    assert ask(visitor, now=NOW + timedelta(seconds=TTL - 1)) == 7
    work(NOW + timedelta(seconds=TTL - 1))
    assert len(crm.asked) == 1


def test_kept__older_than_its_ttl__is_used_while_a_newer_one_is_fetched(visitor: Visitor, crm: Crm) -> None:
    ask(visitor)
    work()
    crm.answer = lambda: 8
    later, awaited = NOW + timedelta(seconds=TTL + 1), set[str]()
    assert ask(visitor, now=later, awaited=awaited) == 7
    assert awaited == set()
    work(later)
    assert ask(visitor, now=later) == 8


def test_kept__much_older__is_unknown(visitor: Visitor) -> None:
    ask(visitor)
    work()
    assert ask(visitor, now=NOW + timedelta(seconds=2 * TTL)) is UNKNOWN


def test_kept__worker_is_late__asks_once_a_minute(visitor: Visitor) -> None:
    for seconds in (0, 10, 59):
        ask(visitor, now=NOW + timedelta(seconds=seconds))
    assert Job.objects.filter(kind=KIND).count() == 1
    ask(visitor, now=NOW + ASK_AGAIN)
    assert Job.objects.filter(kind=KIND).count() == 2


def test_kept__with_parameters__is_another_value(visitor: Visitor) -> None:
    assert [ask(visitor, key) for key in ("crm.orders?year=1", "crm.orders?year=2")] == [UNKNOWN] * 2
    work()
    assert [ask(visitor, key) for key in ("crm.orders?year=1", "crm.orders?year=2")] == [8, 9]


def test_kept__visitor_became_a_customer__is_asked_anew(visitor: Visitor, crm: Crm) -> None:
    crm.answer = lambda: UNKNOWN
    ask(visitor)
    work()
    visitor.customer = get_user_model().objects.create_user("ada", "ada@example.com")
    visitor.save()
    crm.answer = lambda: 3
    assert ask(visitor) is UNKNOWN
    work()
    assert ask(visitor) == 3
    assert crm.asked[-1] == Whom(visitor.pk, visitor.customer_id)


@pytest.mark.parametrize("consent", [ConsentLevel.FUNCTIONAL, ConsentLevel.STATISTICS])
def test_kept__without_the_consent__is_neither_read_nor_asked(visitor: Visitor, crm: Crm, consent: ConsentLevel) -> None:
    assert ask(visitor, consent=consent) is UNKNOWN
    assert not Job.objects.exists()
    ask(visitor)
    Visitor.objects.update(consent=consent)
    work()
    assert crm.asked == []


def test_kept__of_somebody_looked_at_by_staff__is_not_asked_anew(visitor: Visitor) -> None:
    kept = look_at_kept(visitor.pk, is_customer=False)
    assert reading(make_moment(kept=lambda: kept))("crm.orders") is UNKNOWN
    assert not KeptValue.objects.exists()
    assert reading(make_moment())("crm.orders") is UNKNOWN  # and a moment of nobody knows nothing


def test_kept__all_variables_of_a_visitor__are_one_query(
    visitor: Visitor, django_assert_num_queries: Callable[[int], Any]
) -> None:
    keys = [f"crm.orders?year={year}" for year in range(5)]
    for key in keys:
        ask(visitor, key)
    work()
    with django_assert_num_queries(1):
        kept = read_kept(visitor.pk, is_customer=False, now=NOW)
        read = reading(make_moment(now=NOW, kept=lambda: kept))
        assert [read(key) for key in keys] == [7, 8, 9, 10, 11]


def test_worker__source_raises__is_counted_and_keeps_what_was_known(visitor: Visitor, crm: Crm) -> None:
    ask(visitor)
    work()
    before = counted("fault:source")
    crm.answer = lambda: 1 // 0
    later = NOW + timedelta(seconds=TTL + 1)
    ask(visitor, now=later)
    work(later)
    assert counted("fault:source") == before + 1
    assert ask(visitor, now=later) == 7
    assert not Job.objects.filter(kind=KIND, state="dead").exists()


def test_worker__source_says_something_else_than_its_type__is_a_fault(visitor: Visitor, crm: Crm) -> None:
    before = counted("fault:source")
    crm.answer = lambda: "many"
    ask(visitor)
    work()
    assert counted("fault:source") == before + 1
    assert ask(visitor) is UNKNOWN


def test_worker__source_hangs__goes_on_after_its_patience(visitor: Visitor, crm: Crm, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "COSTLY_PATIENCE_MS": 100}
    before, release = counted("slow:source"), threading.Event()

    def hang() -> Value:
        release.wait(20)
        return 7

    crm.answer = hang
    ask(visitor)
    began = time.monotonic()
    work()
    took = time.monotonic() - began
    release.set()
    assert 0.1 <= took < 2
    assert counted("slow:source") == before + 1
    assert ask(visitor) is UNKNOWN


def test_beat__source_hangs__is_not_waited_for(crm: Crm) -> None:
    crm.answer = lambda: time.sleep(20) or 7
    make_live(condition("crm.orders", ">", 3))
    began = time.monotonic()
    response = send(shopper(), body(signal()))
    assert time.monotonic() - began < 2
    assert wake_in(response) == 3.0
    assert crm.asked == []


def test_beat__after_the_worker_has_asked__the_rule_holds(crm: Crm) -> None:
    make_live(condition("crm.orders", ">", 3))
    client = known_shopper()
    assert balloons(client, signal()) == 0
    work(timezone.now())
    assert balloons(client, signal()) == 1


def test_ask_patiently__system_that_is_down__is_left_alone_for_a_while() -> None:
    tried: list[int] = []

    def fail() -> int:
        tried.append(1)
        raise OSError

    before = counted("dropped:source")
    for _time in range(6):
        assert ask_patiently("crm.down", fail, clock=lambda: 0.0) is None
    assert (len(tried), counted("dropped:source") - before) == (3, 3)
    assert ask_patiently("crm.other", lambda: 5) == 5
    assert ask_patiently("crm.down", lambda: 6, clock=lambda: 60.0) == 6


def test_ask_patiently__as_many_hang_as_may__asks_nobody_else(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"COSTLY_PATIENCE_MS": 10}
    release = threading.Event()
    for number in range(patience.MOST_HANGING):
        assert ask_patiently(f"crm.{number}", lambda: release.wait(20)) is None
    before = counted("dropped:source")
    assert ask_patiently("crm.more", lambda: 5) is None
    assert counted("dropped:source") == before + 1
    release.set()
    deadline = time.monotonic() + 5
    settings.OSCAR_ENGAGE = {}
    while ask_patiently("crm.more", lambda: 5) is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert ask_patiently("crm.more", lambda: 5) == 5


def test_worker__job_about_nobody_or_nothing__does_nothing(visitor: Visitor, crm: Crm) -> None:
    whom = {"visitor": visitor.pk.hex}
    for payload in ({}, {"key": "crm.orders"}, {**whom, "key": "no.such"}, {**whom, "key": "visit.pages"}, whom):
        ask_variable(payload, now=NOW)
    assert crm.asked == []
    assert not KeptValue.objects.exists()


def test_worker__person_erased_while_the_source_was_asked__writes_nothing(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(visitor)

    def ask_and_erase(name: str, call: Callable[[], Any], **options: Any) -> Any:
        found = ask_patiently(name, call, **options)
        run_parts(begin_erasure(make_person([visitor.pk]), actor=None, now=NOW), now=NOW)
        return found

    monkeypatch.setattr(kept_rows, "ask_patiently", ask_and_erase)
    ask_variable({"visitor": visitor.pk.hex, "key": "crm.orders"}, now=NOW)
    assert not KeptValue.objects.exists()


def test_erasure_and_withdrawal__kept_values__go(visitor: Visitor) -> None:
    ask(visitor)
    work()
    forget_visitor({"visitor": visitor.pk.hex}, now=NOW)
    assert not KeptValue.objects.exists()


def test_purge__value_that_nobody_asks_for__goes_after_a_week(visitor: Visitor) -> None:
    ask(visitor)
    purge_values({}, now=NOW + timedelta(days=6))
    assert KeptValue.objects.count() == 1
    purge_values({}, now=NOW + timedelta(days=8))
    assert not KeptValue.objects.exists()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Integer(), 7),
        (MoneyType(), Money(Decimal("12.50"), "GBP")),
        (Boolean(), False),
        (Text(), "gold"),
        (Duration(), 90.0),
        (Percent(), 12.5),
        (DateTime(), 1_750_000_000.0),
        (TimeOfDay(), 1110),
        (SetOfTexts(), frozenset({"b", "a"})),
        (Integer(), UNKNOWN),
    ],
)
def test_encode__value_of_a_type__is_read_back_the_same(kind: Any, value: Value) -> None:
    entry = Variable(name="x", type=kind, label="", group="", reading=lambda: 0)
    assert decode(entry, encode(entry, value)) == value


@pytest.mark.parametrize(("kind", "value"), [(Integer(), 1.5), (Text(), ""), (Boolean(), 2), (SetOfTexts(), frozenset({""}))])
def test_encode__value_of_another_type__is_refused(kind: Any, value: Any) -> None:
    with pytest.raises(WrongValueError):
        encode(Variable(name="x", type=kind, label="", group="", reading=lambda: 0), value)


@pytest.mark.parametrize("wrong", [{"personal": False}, {"cost": 0}, {"clock": True}, {"ttl": -1}])
def test_variable__ttl_of_what_cannot_have_one__is_refused(wrong: dict[str, Any]) -> None:
    options: dict[str, Any] = {"cost": COSTLY, "ttl": 60, "personal": True, **wrong}
    with pytest.raises(ValueError, match="ttl"):
        variable("x.y", type=Integer(), label="", group="", **options)


def test_kept_value__shown_in_the_admin_or_a_log__names_no_value(visitor: Visitor) -> None:
    row = KeptValue(visitor_id=visitor.pk, variable="crm.orders", is_customer=False, asked_at=NOW)
    assert str(row) == f"crm.orders of visitor {visitor.pk.hex[:8]}"
    assert KeptRow(asked_at=NOW).told_at is None
