"""The beat: what it stores, what it answers, and every way of abusing it."""

import json
import math
import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oscar_engage.models import SignalRecord, Visit, Visitor
from oscar_engage.signals.counters import snapshot
from oscar_engage.signals.sources.browser import MalformedBeatError, parse_beat
from oscar_engage.storefront.turn import BREAKER
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.stored import read_state
from oscar_engage.visitors.token import COOKIE_NAME
from tests.storefront.beats import TEXT, URL, body, known_shopper, send, shopper, signal

pytestmark = pytest.mark.django_db


def counted(name: str) -> int:
    return snapshot().get(name, 0)


def is_nothing_stored() -> bool:
    return not (Visitor.objects.exists() or Visit.objects.exists() or SignalRecord.objects.exists())


@pytest.mark.attack("C08")
def test_beat__first_of_a_visitor__opens_a_visit_and_sets_one_cookie() -> None:
    client = shopper()

    response = send(client, body(signal(), page=PageFacts(kind="home")))

    assert response.status_code == 204
    assert response["Cache-Control"] == "private, no-store"
    assert response["Engage-Next"] == "5"
    cookie = response.cookies[COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")
    assert cookie["max-age"] <= 396 * 24 * 3600
    assert len(cookie.OutputString()) <= 200
    assert list(response.cookies) == [COOKIE_NAME]
    visit = Visit.objects.get()
    assert (visit.state["pages"], [kind for _at, kind, _thing in visit.state["pages_seen"]]) == (1, ["home"])


@pytest.mark.attack("C08")
def test_beat__over_https__marks_the_cookie_secure() -> None:
    response = shopper().post(URL, body(signal()), content_type=TEXT, secure=True)

    assert response.cookies[COOKIE_NAME]["secure"] is True


def test_beat__second_of_a_visitor__continues_the_visit_without_a_cookie() -> None:
    client = known_shopper()

    response = send(client, body(signal("page.exit_intent")))

    assert not response.cookies
    assert Visitor.objects.count() == 1
    assert Visit.objects.get().state["exit_intents"] == 1


def test_beat__after_half_an_hour__opens_another_visit_of_the_same_visitor() -> None:
    client = known_shopper()
    Visit.objects.update(last_at=timezone.now() - timedelta(minutes=31))

    send(client, body(signal()))

    assert (Visitor.objects.count(), Visit.objects.count()) == (1, 2)


def test_beat__wake_without_signals_and_without_visit__opens_none() -> None:
    send(shopper(), body())

    assert is_nothing_stored()


def test_beat__first_page_is_a_product__counts_the_view_the_server_could_not_keep() -> None:
    send(shopper(), body(signal(), page=PageFacts(kind="product", product_id=7)))

    assert [pk for _at, pk in Visit.objects.get().state["products_seen"]] == [7]


def test_beat__first_page_told_late__was_the_products_from_its_opening_on() -> None:
    earlier = time.time() * 1000 - 2000
    send(shopper(), body(signal(at=earlier), page=PageFacts(kind="product", product_id=7)))

    at = {record.kind: record.at for record in SignalRecord.objects.all()}
    assert at["product.viewed"] == at["page.viewed"]
    assert read_state(Visit.objects.get()).stage_pages == 1


def test_beat__farewell_of_a_browser_without_a_key__makes_no_visitor() -> None:
    """The page on which somebody agreed says goodbye while the next one says hello: two visitors would be one too many."""
    client = shopper()

    response = send(client, body(signal("page.left"), fetch=False))

    assert response.status_code == 204
    assert not response.cookies
    assert is_nothing_stored()


def test_beat__sent_twice__counts_once() -> None:
    client = known_shopper()
    raw = body(signal("page.exit_intent"))

    send(client, raw)
    send(client, raw)

    assert SignalRecord.objects.filter(kind="page.exit_intent").count() == 1
    assert Visit.objects.get().state["exit_intents"] == 1


@pytest.mark.attack("J01")
@pytest.mark.parametrize("level", ["none", "functional", "statistics", "personalisation"])
def test_beat__each_consent_level__stores_what_it_allows(level: str) -> None:
    client = shopper(level)

    response = send(client, body(signal()))

    stored = (Visit.objects.count(), SignalRecord.objects.count(), COOKIE_NAME in response.cookies)
    assert (
        stored
        == {
            "none": (0, 0, False),
            "functional": (1, 0, True),
            "statistics": (1, 2, True),  # the page, and how the visit began
            "personalisation": (1, 2, True),
        }[level]
    )


def test_beat__no_consent__asks_the_browser_for_silence_in_no_query() -> None:
    client = shopper("none")

    with CaptureQueriesContext(connection) as queries:
        response = send(client, body(signal()))

    assert (response.status_code, response["Engage-Next"], len(queries)) == (204, "30", 0)
    assert response["Engage-Quiet"] == "1"


@pytest.mark.parametrize("header", ["Sec-GPC", "DNT"])
def test_beat__browser_refuses_personalisation__is_kept_at_statistics(header: str) -> None:
    send(shopper(), body(signal()), **{header: "1"})

    assert Visitor.objects.get().consent == 2


def test_beat__consent_withdrawn__stores_nothing_more() -> None:
    client = known_shopper()
    client.cookies["consent"] = "none"

    send(client, body(signal("page.exit_intent")))

    assert not SignalRecord.objects.filter(kind="page.exit_intent").exists()


@pytest.mark.attack("C03")
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://[broken"},
        {"Referer": "https://evil.example/catalogue/"},
        {"Origin": "https://evil.example", "Referer": "http://testserver/"},
    ],
)
def test_beat__from_a_foreign_page__is_not_stored_and_counted(headers: dict[str, str]) -> None:
    before = counted("refused:foreign_origin")

    response = send(shopper(), body(signal()), **headers)

    assert response.status_code == 204
    assert is_nothing_stored()
    assert counted("refused:foreign_origin") == before + 1
    assert not [name for name in response.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Referer": "http://testserver/catalogue/"}])
def test_beat__from_our_own_page_in_an_old_browser__is_stored(headers: dict[str, str]) -> None:
    send(shopper(), body(signal()), **headers)

    assert Visit.objects.exists()


@pytest.mark.attack("H02")
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"\xff\xfe",
        b'{"v": 2, "signals": []}',
        b'{"v": 1, "signals": {}}',
        b'{"v": 1, "signals": 5}',
        b'{"v": 1, "idle": "long"}',
        b'{"v": 1, "page": ["x"]}',
        b'{"v": 1, "path": 7}',
        b'{"v": 1, "fetch": "yes"}',
        b'{"v": 1, "idle": ' + b"9" * 5000 + b"}",
        b"[" * 60_000,
        b'{"v": 1, "signals": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"v": 1, "page": "' + b"x" * 2000 + b'"}',
        b'{"v": 1, "signals": [' + b",".join([b"1"] * 101) + b"]}",
    ],
)
def test_beat__malformed__is_a_bare_400_and_stores_nothing(raw: bytes) -> None:
    response = send(shopper(), raw)

    assert (response.status_code, response.content) == (400, b"")
    assert response["Cache-Control"] == "private, no-store"
    assert is_nothing_stored()


@pytest.mark.attack("H02")
def test_beat__larger_than_a_beacon__is_refused_unread() -> None:
    response = send(shopper(), b" " * (64 * 1024 + 1))

    assert response.status_code == 413
    assert is_nothing_stored()


@pytest.mark.attack("H02")
@pytest.mark.parametrize("length", ["-1", "many", "1e3", "9" * 400])
def test_beat__wrong_content_length__is_refused(length: str) -> None:
    response = shopper().post(URL, body(signal()), content_type=TEXT, CONTENT_LENGTH=length)

    assert response.status_code in {400, 413}
    assert is_nothing_stored()


@pytest.mark.attack("H02")
def test_beat__compressed__is_refused() -> None:
    assert send(shopper(), body(signal()), **{"Content-Encoding": "gzip"}).status_code == 400


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch", "options"])
def test_beat__other_methods__are_not_allowed(method: str) -> None:
    response = getattr(shopper(), method)(URL)

    assert (response.status_code, response["Allow"]) == (405, "POST")


POISON: list[Any] = [
    signal("page.idle", data={"seconds": math.nan}),
    signal("page.idle", data={"seconds": math.inf}),
    signal("page.idle", data={"seconds": -1}),
    signal("page.idle", data={"seconds": "5"}),
    signal("page.idle", data={}),
    signal("page.idle", data=[1]),
    signal("page.idle", data={"seconds": 10**300}),
    signal("widget.seen", data={"decision": "a\x00b"}),
    signal("widget.seen", data={"decision": "\ud800"}),
    signal("widget.seen", data={"decision": "x", "\ud800": 1}),
    signal("widget.seen", data={"decision": "x" * 65}),
    signal("widget.seen", data={"decision": {"deep": [[[]]]}}),
    signal("order.placed", data={"order_id": 1}),
    signal("basket.measured", data={"basket_id": 1, "total": 1e6}),
    signal("no.such.kind"),
    signal("page.viewed", kind=["page.viewed"]),
    signal("page.viewed", kind=None),
    signal("page.viewed", id="not-a-uuid"),
    signal("page.viewed", id=5),
    "text",
    None,
    [],
    17,
]


@pytest.mark.attack("H03")
@pytest.mark.parametrize("poison", POISON)
@pytest.mark.parametrize("position", [0, 2, 4])
def test_beat__one_poisoned_signal__is_left_out_alone(poison: Any, position: int) -> None:
    client = known_shopper()
    signals: list[Any] = [signal("page.exit_intent") for _ in range(4)]
    signals.insert(position, poison)

    response = send(client, body(*signals))

    assert response.status_code == 204
    assert SignalRecord.objects.filter(kind="page.exit_intent").count() == 4
    assert SignalRecord.objects.exclude(kind="visit.began").count() == 5


@pytest.mark.attack("L15")
@pytest.mark.parametrize("at", [0, 4_070_908_800_000, -1, math.nan, math.inf, "yesterday", None, [], 10**200])
def test_beat__impossible_client_time__is_bounded_by_the_server_clock(at: Any) -> None:
    client = known_shopper()

    send(client, body(signal("page.exit_intent", at=at)))

    now = timezone.now()
    record = SignalRecord.objects.get(kind="page.exit_intent")
    assert now - timedelta(minutes=5, seconds=5) <= record.at <= now


@pytest.mark.attack("H04")
def test_beat__unknown_keys__are_dropped() -> None:
    send(shopper(), body(signal("page.idle", data={"seconds": 30, "value": "4111111111111111", "x" * 500: 1})))

    assert SignalRecord.objects.get(kind="page.idle").payload == {"seconds": 30.0}


@pytest.mark.attack("C06")
@pytest.mark.parametrize(
    "token",
    [
        "x",
        "0" * 32,
        "0" * 32 + ":forged",
        "x" * 10_000,
        signing.Signer(salt="oscar_engage.page").sign("0" * 32),
        signing.Signer(salt="oscar_engage.visitor").sign("not a uuid"),
        signing.Signer(key="other", salt="oscar_engage.visitor").sign("0" * 32),
        "\xff\x01:\xfe",
    ],
)
def test_beat__forged_cookie__is_treated_as_none(token: str) -> None:
    client = shopper()
    client.cookies[COOKIE_NAME] = token

    response = send(client, body(signal()))

    assert response.status_code == 204
    assert response.cookies[COOKIE_NAME].value != token
    assert Visitor.objects.count() == 1


def test_beat__cookie_of_an_erased_visitor__begins_another_one() -> None:
    client = known_shopper()
    erased = Visitor.objects.get().pk
    Visitor.objects.all().delete()

    response = send(client, body(signal()))

    assert Visitor.objects.get().pk != erased
    assert COOKIE_NAME in response.cookies


def test_beat__forged_page_facts__are_an_unknown_page() -> None:
    beat = json.loads(body(signal()))

    send(shopper(), json.dumps({**beat, "page": json.dumps({"kind": "checkout"})}))

    assert Visit.objects.get().state["pages_seen"][-1][1] == "other"


def test_beat__damaged_visit_state__goes_on_from_scratch() -> None:
    client = known_shopper()
    Visit.objects.update(state={"pages": "many"})

    send(client, body(signal()))

    assert Visit.objects.get().state["pages"] == 1


def test_beat__breaker_open__answers_without_the_database() -> None:
    client = known_shopper()
    for _ in range(3):
        BREAKER.record_failure(now=1e12)

    with CaptureQueriesContext(connection) as queries:
        response = send(client, body(signal()))

    assert (response.status_code, response["Engage-Next"], len(queries)) == (204, "30", 0)
    assert "Engage-Quiet" not in response  # a fault passes; a refusal lasts


@pytest.mark.parametrize(("signals", "most"), [((), 3), (("page.exit_intent",), 6)])
def test_beat__of_a_known_visitor__costs_few_queries(signals: tuple[str, ...], most: int) -> None:
    client = known_shopper()
    send(client, body(signal("page.idle", data={"seconds": 30})))

    with CaptureQueriesContext(connection) as queries:
        send(client, body(*map(signal, signals)))

    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= most, asked


def test_beat__through_all_middleware__is_served_just_the_same(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.storefront.test_beat.consent_from_session"}
    client = Client()

    send(client, body(signal()))

    assert Visit.objects.count() == 1


def consent_from_session(request: Any) -> int:
    """Ask the session, which the fast path does not have."""
    return 3 if request.session.get("agreed", True) else 0


def test_beat__consent_raises__stores_nothing_and_says_nothing(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.storefront.test_beat.consent_that_fails"}

    response = send(Client(), body(signal()))

    assert (response.status_code, response.content) == (204, b"")
    assert is_nothing_stored()


def consent_that_fails(request: Any) -> int:
    """Fail as a consent tool that is down would."""
    raise RuntimeError("the consent tool is down")


def test_beat__switched_off__is_silent(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.consent.consent_from_cookie", "ENABLED": False}

    response = send(shopper(), body(signal()))

    assert response.status_code == 204
    assert is_nothing_stored()


def test_parse_beat__what_shows__each_by_its_one_name_and_at_most_twenty() -> None:
    decision = uuid.uuid4()

    beat = parse_beat(body(showing=[decision.hex.upper(), "panel", "something else"]).encode(), now=timezone.now())

    assert beat.showing == (str(decision), "panel")
    with pytest.raises(MalformedBeatError):
        parse_beat(body(showing=["panel"] * 21).encode(), now=timezone.now())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(raw=st.binary(max_size=400) | JSON.map(lambda value: json.dumps(value).encode()))
@settings(max_examples=200, deadline=None)
def test_parse_beat__any_bytes__parses_or_says_malformed(raw: bytes) -> None:
    try:
        parse_beat(raw, now=timezone.now())
    except MalformedBeatError:
        return


@given(data=st.dictionaries(st.sampled_from(["id", "kind", "at", "data", "v"]), JSON), changes=st.dictionaries(st.text(), JSON))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_parse_beat__any_signal__never_raises(data: dict[str, Any], changes: dict[str, Any]) -> None:
    raw = json.dumps({**changes, "v": 1, "signals": [data]}).encode()
    try:
        beat = parse_beat(raw, now=timezone.now())
    except MalformedBeatError:
        return
    assert len(beat.signals) + len(beat.rejected) == 1


def test_beat__page_opened_and_left__logged_with_the_signed_page_and_not_with_the_browsers_word() -> None:
    client = known_shopper()
    forged = {"page": "home", "product_id": 666, "visible": 3}

    send(
        client,
        body(
            signal(data=forged),
            signal("page.left", data=forged),
            page=PageFacts(kind="checkout", step="shipping-method"),
        ),
    )

    opened, left = SignalRecord.objects.filter(kind__startswith="page.").order_by("pk")[1:]
    assert opened.payload == {"page": "checkout", "step": "shipping-method"}
    assert left.payload == {"page": "checkout", "step": "shipping-method", "visible": 3}


def test_beat__page_that_nobody_signed__logged_as_another_page() -> None:
    client = known_shopper()

    beat = json.loads(body(signal("page.left", data={"page": "home"})))

    send(client, json.dumps({**beat, "page": "unsigned"}))

    assert SignalRecord.objects.get(kind="page.left").payload == {"page": "other"}


@pytest.mark.parametrize(
    ("facts", "stored"),
    [
        (PageFacts(kind="product", product_id=7), ["price|product:7", "table|product:9"]),
        (PageFacts(kind="category", category_id=3), ["price|category:3", "table|product:9"]),
        (PageFacts(kind="home"), ["price", "table|product:9"]),
    ],
)
def test_beat__places_seen__those_without_a_thing_belong_to_the_pages(facts: PageFacts, stored: list[str]) -> None:
    data = {"seen": ["price", "table|product:9"], "clicked": ["price"]}
    send(shopper(), body(signal("page.anchors", data=data), page=facts))

    payload = SignalRecord.objects.get(kind="page.anchors").payload
    assert payload["seen"] == stored
    assert payload["clicked"] == stored[:1]
