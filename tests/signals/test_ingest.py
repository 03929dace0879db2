"""The check at the edge, and the log."""

import json
import math
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from oscar_engage.signals import shipped
from oscar_engage.signals.ingest import RejectedSignalError, Rejection, check_signal, drop_repeats, is_storable_text, store
from oscar_engage.signals.kinds import KINDS
from oscar_engage.signals.models import SignalRecord
from oscar_engage.signals.signal import Signal, Source

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
FIELDS = sorted({name for kind in KINDS for name in kind.payload.__struct_fields__})


def idle(**changes: Any) -> Signal:
    now = timezone.now()
    defaults = {"kind": "page.idle", "payload": shipped.PageIdle(seconds=30), "at": now, "event_id": uuid.uuid4()}
    return Signal(**{**defaults, "source": Source.BROWSER, **changes})


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        ("no.such", {}, Rejection.UNKNOWN_KIND),
        (["page.viewed"], {}, Rejection.UNKNOWN_KIND),
        ("order.placed", {"order_id": 1}, Rejection.SERVER_ONLY),
        ("page.idle", {}, Rejection.INVALID),
        ("page.idle", {"seconds": -1}, Rejection.INVALID),
        ("page.idle", {"seconds": True}, Rejection.INVALID),
        ("page.idle", "text", Rejection.INVALID),
        ("page.idle", {"seconds": math.inf}, Rejection.INVALID),
        ("widget.seen", {"decision": "a\x00"}, Rejection.POISON),
        ("widget.seen", {"decision": "\udfff"}, Rejection.POISON),
        ("widget.seen", {"decision": "x", "\ud800": 1}, Rejection.POISON),
    ],
)
def test_check_signal__bad__is_rejected_for_one_reason(kind: Any, data: Any, reason: Rejection) -> None:
    with pytest.raises(RejectedSignalError) as caught:
        check_signal(kind, data, from_browser=True)

    assert caught.value.reason == reason


@pytest.mark.parametrize("text", ["a\x00", "\ud800b"])
def test_check_signal__poison_in_a_list_of_the_payload__is_rejected(text: str) -> None:
    with pytest.raises(RejectedSignalError) as caught:
        check_signal("form.invalid", {"form": "address", "fields": ["postcode", text]}, from_browser=False)

    assert caught.value.reason == Rejection.POISON


def test_check_signal__nan__is_rejected() -> None:
    with pytest.raises(RejectedSignalError):
        check_signal("page.idle", {"seconds": math.nan}, from_browser=True)


def test_check_signal__from_the_server__takes_all_kinds() -> None:
    payload = check_signal("order.placed", {"order_id": 5, "unknown": 1}, from_browser=False)

    assert payload == shipped.OrderPlaced(order_id=5)


@settings(deadline=None)
@given(kind=st.sampled_from(KINDS.names()), data=st.dictionaries(st.sampled_from(FIELDS), VALUES) | VALUES)
def test_check_signal__any_data__is_rejected_or_storable(kind: str, data: Any) -> None:
    import msgspec  # noqa: PLC0415 - only here

    try:
        payload = check_signal(kind, data, from_browser=False)
    except RejectedSignalError:
        return
    text = json.dumps(msgspec.to_builtins(payload), allow_nan=False)
    assert "\\u0000" not in text


@settings(deadline=None)
@given(text=st.text(st.characters(), max_size=50))
def test_is_storable_text__says_what_utf8_and_postgres_say(text: str) -> None:
    try:
        text.encode()
        is_clean = "\x00" not in text
    except UnicodeEncodeError:
        is_clean = False

    assert is_storable_text(text) is is_clean


@pytest.mark.django_db
def test_store__same_signal_twice__is_kept_once_and_new_once(django_assert_num_queries: Any) -> None:
    signal, visitor, now = idle(), uuid.uuid4(), timezone.now()

    with django_assert_num_queries(2):
        answers = [store([signal], visitor_id=visitor, visit_id=visitor, received_at=now) for _ in range(2)]

    assert answers == [[signal], []]
    record = SignalRecord.objects.get()
    assert (record.event_id, record.source, record.payload) == (signal.event_id, "browser", {"seconds": 30.0})
    assert (record.visitor_id, record.kind, record.at, record.received_at) == (visitor, "page.idle", signal.at, now)


@pytest.mark.django_db
def test_store__some_known__returns_the_new_in_their_order() -> None:
    signals, visitor = [idle(at=timezone.now() - timedelta(seconds=number)) for number in range(5)], uuid.uuid4()
    store(signals[1:3], visitor_id=visitor, visit_id=visitor, received_at=timezone.now())

    assert store(signals, visitor_id=visitor, visit_id=visitor, received_at=timezone.now()) == [signals[0], *signals[3:]]


@pytest.mark.django_db
def test_store__nothing__asks_no_database(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert store([], visitor_id=uuid.uuid4(), visit_id=uuid.uuid4(), received_at=timezone.now()) == []


def test_drop_repeats__of_one_signal__leaves_one() -> None:
    one, other = idle(), idle()

    assert drop_repeats([one, other, one]) == [one, other]
