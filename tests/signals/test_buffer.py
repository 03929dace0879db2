"""The list in which signals wait for the end of the request."""

from typing import Any

import pytest
from django.test import RequestFactory

from oscar_engage.core.registry import UnknownEntryError
from oscar_engage.signals import record
from oscar_engage.signals.buffer import MOST_ENTRIES, bind, get_buffer, release


def test_record__outside_a_sensed_request__does_nothing(rf: RequestFactory) -> None:
    record(None, "checkout.started")
    record(rf.get("/"), "checkout.started")

    assert get_buffer() is None


def test_record__without_a_request__finds_the_current_one(rf: RequestFactory) -> None:
    buffer = bind(rf.get("/"))
    try:
        record(None, "payment.failed", reason="declined")
    finally:
        release(buffer)

    [entry] = buffer.kept()
    assert (entry.kind, entry.data) == ("payment.failed", {"reason": "declined"})


def test_record__from_another_thread_of_the_view__finds_the_requests_own(rf: RequestFactory) -> None:
    request = rf.get("/")
    buffer = bind(request)
    release(buffer)

    record(request, "checkout.started")

    assert buffer.has("checkout.started")


def test_bind__nested__gives_back_the_outer_one(rf: RequestFactory) -> None:
    outer = bind(rf.get("/"))
    inner = bind(rf.get("/inner/"))
    release(inner)

    assert get_buffer() is outer
    release(outer)
    release(outer)  # a second time changes nothing
    assert get_buffer() is None


def test_add__past_the_limit__drops(rf: RequestFactory) -> None:
    buffer = bind(rf.get("/"))
    release(buffer)
    for _ in range(MOST_ENTRIES + 5):
        buffer.add("checkout.started", {})

    assert len(buffer.entries) == MOST_ENTRIES


def test_add__unknown_kind__raises(rf: RequestFactory) -> None:
    buffer = bind(rf.get("/"))
    release(buffer)

    with pytest.raises(UnknownEntryError):
        buffer.add("chekout.started", {})


@pytest.mark.django_db
def test_add__fact_of_the_shop_in_a_transaction__waits_for_the_commit(
    rf: RequestFactory, django_capture_on_commit_callbacks: Any
) -> None:
    buffer = bind(rf.get("/"))
    release(buffer)
    with django_capture_on_commit_callbacks(execute=True):
        buffer.add("order.placed", {"order_id": 1})
        buffer.add("payment.tried", {})
        assert [entry.kind for entry in buffer.kept()] == ["payment.tried"]

    assert [entry.kind for entry in buffer.kept()] == ["order.placed", "payment.tried"]


def test_drop__kinds__forgets_them_alone(rf: RequestFactory) -> None:
    buffer = bind(rf.get("/"))
    release(buffer)
    buffer.add("payment.tried", {})
    buffer.add("checkout.started", {})

    buffer.drop(["payment.tried"])

    assert [entry.kind for entry in buffer.entries] == ["checkout.started"]
