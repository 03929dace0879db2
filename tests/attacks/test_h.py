"""Nobody can make us work, remember or wait without end."""

import ast
import gzip
import io
import json
import re
import time
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from oscar_engage.models import Engagement, Rule, SignalRecord, Visitor
from oscar_engage.rules.engine.compare import OPERATORS, holds
from oscar_engage.rules.engine.ruleset import build_rule_set
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.limits import within_limits
from oscar_engage.rules.live import forget_live_rules, live_rules
from oscar_engage.rules.types import ValueType
from oscar_engage.rules.variables import clock_names, reading, reading_later
from oscar_engage.signals.counters import snapshot
from oscar_engage.storefront.beat_view import LARGEST_BODY, beat
from oscar_engage.visitors.page import UNKNOWN_PAGE, read_page
from tests.architecture.source import calls, modules, relative, tree
from tests.attacks.addresses import all_addresses
from tests.attacks.conftest import Scene
from tests.rules.moments import make_moment
from tests.storefront.beats import body, known_shopper, send, shopper, signal
from tests.storefront.shopping import text_of

EVIL = (
    "(a+)+$",
    "(a|aa)+$",
    "(a|a?)+$",
    "(.*a){20}",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "([a-zA-Z]+)*$",
    "(x+x+)+y",
    "(\\d+)*[^\\d]",
    ".*.*.*.*.*=.*",
    "(?=(a+))a*b",
    "((a{1,50}){1,50}){1,50}",
    "\\s+$",
    "%" * 50,
    "*" * 50,
)


@pytest.mark.attack("H01")
def test_h01__operators__know_no_patterns() -> None:
    for kind in subclasses(ValueType):
        assert set(getattr(kind, "operators", ())) <= set(OPERATORS), kind
    assert not [name for name in OPERATORS if re.search("regex|match|like|glob|pattern", name, re.IGNORECASE)]


def subclasses(kind: type) -> list[type]:
    return [inner for one in kind.__subclasses__() for inner in (one, *subclasses(one))]


@pytest.mark.attack("H01")
def test_h01__rules__compile_no_pattern_of_anybodys() -> None:
    found = [
        f"{relative(path)}:{call.lineno}"
        for path in modules()
        for name, call in calls(path)
        if re.match(r"(re|regex)\.\w+$", name) and not isinstance(call.args[0], ast.Constant | ast.JoinedStr)
        if name != "re.escape" and relative(path) != "desk/export.py"  # agents' names, escaped
    ]
    assert found == []


@pytest.mark.attack("H01")
@pytest.mark.parametrize("pattern", EVIL)
@pytest.mark.parametrize("operator", ["contains", "beginsWith", "="])
def test_h01__evil_pattern_on_a_long_text__is_judged_at_once(pattern: str, operator: str) -> None:
    subject = "a" * 50_000 + "!"
    started = time.process_time()
    for _time in range(20):
        assert holds(operator, subject, pattern) is False
    assert time.process_time() - started < 0.1  # 5 ms each, of which a backtracking engine makes hours


DEEP = [
    b"[" * 65_000,
    b'{"v":1,"signals":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    b'{"v":1,"signals":[' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"]}",
    b'{"v":1,"idle":' + b"9" * 5_000 + b"}",
    b'{"v":1,"idle":-1e' + b"9" * 5_000 + b"}",
    b'{"v":1,"signals":[' + b"{}," * 21_000 + b"{}]}",
    b'{"v":1,"path":"' + b"\\u0000" * 10_000 + b'"}',
]


@pytest.mark.attack("H02")
@pytest.mark.django_db
@pytest.mark.parametrize("raw", DEEP, ids=range(len(DEEP)))
def test_h02__deep_or_endless_report__costs_milliseconds_and_stores_nothing(raw: bytes) -> None:
    client = shopper()
    started = time.process_time()
    for _time in range(5):
        assert send(client, raw).status_code in {204, 400, 413}
    took = (time.process_time() - started) / 5

    assert took < 0.3  # about 5 ms on a machine with nothing else to do; an attack takes seconds
    assert not Visitor.objects.exists()


@pytest.mark.attack("H02")
@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity"])
def test_h02__bomb__is_not_unpacked(encoding: str) -> None:
    bomb = gzip.compress(b" " * 10_000_000)
    assert len(bomb) < LARGEST_BODY

    answer = send(shopper(), bomb, **{"Content-Encoding": encoding, "Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 400


@pytest.mark.attack("H02")
@pytest.mark.django_db
@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 10_000_000])
def test_h02__chunked_body_without_a_length__is_read_no_further_than_the_limit(size: int) -> None:
    stream = Watched(b'{"v":1,"path":"' + b"x" * size + b'"}')
    headers = [(b"sec-fetch-site", b"same-origin"), (b"transfer-encoding", b"chunked")]
    scope = {"type": "http", "method": "POST", "path": "/engage/beat/", "headers": headers, "query_string": b""}

    answer = beat(ASGIRequest(scope, stream))

    assert answer.status_code == 400
    assert stream.tell() <= LARGEST_BODY + 1


class Watched(io.BytesIO):
    """A body of which one can tell how far it was read."""


@pytest.mark.attack("H03")
@pytest.mark.django_db
@pytest.mark.parametrize("position", [0, 50, 99])
def test_h03__one_poisoned_of_a_hundred__is_counted_and_the_others_are_kept(position: int) -> None:
    client, before = known_shopper(), snapshot().get("rejected:poison", 0)
    signals = [signal("page.exit_intent") for _number in range(99)]
    signals.insert(position, signal("widget.seen", data={"decision": "a\x00b"}))

    send(client, body(*signals))

    assert SignalRecord.objects.filter(kind="page.exit_intent").count() == 99
    assert snapshot()["rejected:poison"] == before + 1


@pytest.mark.attack("H04")
@pytest.mark.django_db
def test_h04__invented_kinds_and_keys__grow_nothing() -> None:
    client = known_shopper()
    send(client, body(signal("no.such.0")))
    names, before = set(snapshot()), SignalRecord.objects.count()

    for batch in range(20):
        send(client, body(*(signal(f"kind.{batch}.{number}") for number in range(100))))
    many = {f"key{number}": number for number in range(1000)}
    send(client, body(signal("page.idle", data={"seconds": 30, **many}), **many))

    assert set(snapshot()) == names
    assert SignalRecord.objects.count() == before + 1
    assert SignalRecord.objects.latest("pk").payload == {"seconds": 30.0}


NEAR, FAR = "2a00:1450:4001:80b::", "2a00:1450:4001:80c::1"
"""The beginning of one network's addresses, and an address of another."""


@pytest.mark.attack("H05")
@pytest.mark.django_db
@pytest.mark.parametrize("hosts", [1, 8], ids=["one address", "addresses of one network"])
@pytest.mark.parametrize("is_rotating", [True, False], ids=["a cookie each", "one cookie"])
def test_h05__flood_of_reports__is_cut_off_without_a_query(
    hosts: int, is_rotating: bool, settings: Any, fresh_rates: None
) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "BEATS_PER_NETWORK": 40}
    known = [known_shopper() for _cookie in range(8 if is_rotating else 1)]

    for number in range(100):
        client = known[number % len(known)]
        client.defaults["REMOTE_ADDR"] = f"{NEAR}{number % hosts + 1}"
        with CaptureQueriesContext(connection) as queries:
            answer = send(client, body(signal("page.exit_intent")))
        assert answer.status_code == 204
        assert number < 40 or len(queries) == 0

    assert SignalRecord.objects.filter(kind="page.exit_intent").count() == 40
    known[0].defaults["REMOTE_ADDR"] = FAR
    send(known[0], body(signal("page.exit_intent")))
    assert SignalRecord.objects.filter(kind="page.exit_intent").count() == 41


@pytest.mark.attack("H06", "K06")
@pytest.mark.django_db
def test_h06__browser_that_keeps_no_cookie__is_no_more_than_so_many_visitors(settings: Any, fresh_rates: None) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "VISITORS_PER_NETWORK": 5}
    before = snapshot().get("refused:newcomers", 0)

    for number in range(20):
        client = shopper()
        client.defaults["REMOTE_ADDR"] = f"{NEAR}{number}"
        client.cookies["engage_visitor"] = f"forged-{number}"
        assert send(client, body(signal())).status_code == 204

    assert Visitor.objects.count() == 5
    assert snapshot()["refused:newcomers"] == before + 15
    send(client, body(signal(), fetch=False))
    assert Visitor.objects.count() == 5
    client.defaults["REMOTE_ADDR"] = FAR
    send(client, body(signal()))
    assert Visitor.objects.count() == 6


@pytest.mark.attack("H06")
@pytest.mark.django_db
def test_h06__shopper_who_is_known__is_no_newcomer(settings: Any, fresh_rates: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "VISITORS_PER_NETWORK": 1}
    client = shopper()
    client.defaults["REMOTE_ADDR"] = FAR

    for _beat in range(3):
        send(client, body(signal()))

    assert (Visitor.objects.count(), SignalRecord.objects.filter(kind="page.viewed").count()) == (1, 3)


@pytest.mark.attack("H10")
@pytest.mark.django_db
@pytest.mark.parametrize("wish", ["0", "-1", "0.001", "1e-9", "NaN"])
def test_h10__interval_that_was_asked_for__is_not_the_one_that_is_given(wish: str, scene: Scene) -> None:
    staff = scene.client_of("superuser")
    staff.post(reverse("engage_dashboard:engage-presence"), {"presence": "online", "interval": wish})
    asked = f"?interval={wish}&every={wish}&next={wish}"
    given: list[float] = []
    for address in all_addresses(scene):
        client = staff if address.is_dashboard else scene.shopper
        answer = client.get(address.url + asked, headers={"Engage-Next": wish})
        given += [float(seconds) for seconds in re.findall(r"every ([\d.e-]+)s", text_of(answer))]
        given += [float(answer[name]) for name in ("Engage-Next",) if name in answer]
    answer = send(scene.shopper, body(signal(), next=wish, interval=wish))

    assert len(given) >= 3
    assert min(given) >= 2
    assert 2 <= float(answer["Engage-Next"]) <= 60


@pytest.mark.attack("H11")
@pytest.mark.django_db
def test_h11__no_answer__is_a_stream(scene: Scene) -> None:
    streams = {"StreamingHttpResponse", "FileResponse", "EventStream", "sleep"}
    # The push server is a process of its own, and so is what waits for training to end.
    inside = [path for path in modules() if not relative(path).startswith(("push/", "learning/nightly/child.py"))]
    found = [f"{relative(path)} {name}" for path in inside for name, _ in calls(path) if name.rpartition(".")[2] in streams]
    assert found == []

    staff = scene.client_of("superuser")
    for address in all_addresses(scene):
        client = staff if address.is_dashboard else scene.shopper
        assert not client.get(address.url, headers={"Accept": "text/event-stream"}).streaming, address


@pytest.mark.attack("H12")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("limit", "fits"), [({"LIVE_RULES": 3}, 3), ({"LIVE_CONDITIONS": 150}, 3), ({"LIVE_CONDITIONS": 149}, 2)]
)
def test_h12__rules_beyond_the_limit__are_not_published_and_the_live_ones_stay(
    limit: dict[str, int], fits: int, settings: Any, client_of: Any
) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, **limit}
    rules = [drafted(priority) for priority in (40, 30, 20, 10)]
    staff = client_of("superuser")

    for rule in rules:
        staff.post(reverse("engage_dashboard:engage-rule-publish", args=[rule.pk]))
    told = text_of(staff.get(reverse("engage_dashboard:engage-rule-edit", args=[rules[-1].pk])))

    live = list(Rule.objects.filter(status="live").order_by("pk"))
    assert live == rules[:fits]
    assert "Pause one first" in told
    staff.post(reverse("engage_dashboard:engage-rule-publish", args=[rules[0].pk]))  # has its room already
    staff.post(reverse("engage_dashboard:engage-rule-pause", args=[rules[0].pk]))
    staff.post(reverse("engage_dashboard:engage-rule-publish", args=[rules[-1].pk]))
    assert Rule.objects.get(pk=rules[-1].pk).status == "live"


@pytest.mark.attack("H12")
@pytest.mark.django_db
def test_h12__more_are_live_than_a_beat_can_judge__the_lowest_rest(settings: Any) -> None:
    for priority in (30, 10, 20):
        publish(drafted(priority), user=None, now=timezone.now(), engagements=KNOWN)
    before = snapshot().get("dropped:rules", 0)

    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "LIVE_RULES": 2}
    forget_live_rules()

    assert [rule.priority for rule in live_rules(timezone.now())] == [10, 20]
    assert snapshot()["dropped:rules"] == before + 1


@pytest.mark.attack("H12")
def test_h12__two_thousand_rules_of_fifty_conditions__cost_a_beat_little() -> None:
    documents = [(number, parse_document(fifty(number))) for number in range(2000)]
    judged = [document for _number, document in within_limits(documents)]
    rule_set = build_rule_set(judged, clocks=clock_names())
    moment, took = make_moment(), []
    for _time in range(5):
        started = time.process_time()
        read = reading(moment)
        matches = rule_set.matches(read)
        assert rule_set.next_wake(matches, read_at=reading_later(moment, read)) is None
        took.append(time.process_time() - started)

    assert len(judged) == 500
    assert min(took) < 0.002  # some 20 µs on a machine with nothing else to do


KNOWN = {"help": "balloon"}


def drafted(priority: int) -> Rule:
    """Return a rule of fifty conditions that is not live yet."""
    Engagement.objects.get_or_create(slug="help", defaults={"widget": "balloon", "title": "Help"})
    rule = Rule.objects.create(name=f"Rule {priority}", priority=priority)
    save_draft(rule, fifty(priority), user=None, now=timezone.now(), engagements=KNOWN)
    return rule


def fifty(number: int) -> dict[str, Any]:
    asked = [{"field": "visit.pages", "operator": ">=", "value": 0}] * 49
    rules = [*asked, {"field": "visit.pages", "operator": ">", "value": 1000 + number}]
    shows = [{"do": "show.balloon", "with": {"engagement": "help"}}]
    return {"schema": 1, "branches": [{"when": {"combinator": "and", "rules": rules}, "then": shows}]}


@pytest.mark.attack("H14")
def test_h14__shops_cache__is_never_written_by_us() -> None:
    found = {
        relative(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.core.cache")
    }
    assert found == set()


@pytest.mark.attack("H14")
def test_h14__caches_in_the_process__have_a_bound() -> None:
    unbounded = [
        f"{relative(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if re.match(r"(functools\.)?(cache\b|lru_cache\(maxsize=None|lru_cache\(None)", ast.unparse(decorator))
    ]
    assert unbounded == []

    for number in range(5000):
        assert read_page(f"forged{number}") == UNKNOWN_PAGE
    assert read_page.cache_info().currsize <= 2048


@settings(max_examples=60, deadline=None)
@given(raw=st.binary(max_size=300))
@pytest.mark.attack("H02")
def test_h02__any_bytes__are_answered_with_one_of_three_words(raw: bytes) -> None:
    scope = {"type": "http", "method": "POST", "path": "/engage/beat/", "query_string": b""}
    request: Any = ASGIRequest({**scope, "headers": [(b"sec-fetch-site", b"same-origin")]}, io.BytesIO(raw))
    if is_beat(raw):
        return

    assert beat(request).status_code == 400


def is_beat(raw: bytes) -> bool:
    try:
        return isinstance(json.loads(raw), dict)
    except (ValueError, RecursionError):
        return False
