"""Does a page of ours let go of the shop's thread in time, and is nothing lost by that?"""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path
from django.utils import timezone

from oscar_engage.models import Visitor
from oscar_engage.signals.counters import snapshot
from oscar_engage.storefront.in_time import LOCK_MS, PAGES, POST_LOCK_MS, in_time, within_limits
from tests.storefront.acting import BY_SCRIPT, begin_chat, make_agent, words
from tests.storefront.beats import known_shopper
from tests.storefront.faults import tables_locked

needs_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no lock on a table alone")
IN_TIME = POST_LOCK_MS / 1000 + 2.0
"""Seconds; the rest is for other tests on the same machine."""


def ask(view: Callable[..., HttpResponse], request: HttpRequest) -> HttpResponse:
    (pattern,) = in_time([path("page/", view, name="page")])
    answer: HttpResponse = pattern.callback(request)
    return answer


def make_visitor(**fields: Any) -> Visitor:
    now = timezone.now()
    return Visitor.objects.create(consent=1, created_at=now, last_seen_at=now, **fields)


def fail(request: HttpRequest) -> HttpResponse:
    raise OperationalError("canceling statement due to lock timeout")


def test_page__tables_do_not_answer__is_503_and_tells_when_to_come_back(rf: RequestFactory) -> None:
    response = ask(fail, rf.get("/"))
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert b"Nothing that you wrote is lost" in response.content
    assert b"errorlist" not in response.content  # by that our script would take a message back out of its outbox


def test_form_by_htmx__tables_do_not_answer__stays_with_its_text_and_says_so(rf: RequestFactory) -> None:
    response = ask(fail, rf.post("/", headers={"HX-Request": "true"}))
    assert (response.status_code, response["HX-Retarget"], response["HX-Reswap"]) == (200, "this", "afterbegin")
    assert b'role="alert"' in response.content


@pytest.mark.django_db(transaction=True)
def test_pages__three_waited_in_vain__the_next_does_not_wait_until_one_has_tried(rf: RequestFactory) -> None:
    asked: list[HttpRequest] = []

    def answer(request: HttpRequest) -> HttpResponse:
        asked.append(request)
        Visitor.objects.exists()
        return HttpResponse("here")

    before = snapshot().get("refused:breaker", 0)
    for _page in range(3):
        ask(fail, rf.get("/"))
    assert ask(answer, rf.get("/")).status_code == 503
    assert asked == []
    assert snapshot()["refused:breaker"] == before + 1
    time.sleep(1.1)
    assert [ask(answer, rf.get("/")).content for _page in range(2)] == [b"here", b"here"]


def test_page__that_asked_nothing__does_not_tell_that_our_tables_answer(rf: RequestFactory) -> None:
    for _page in range(2):
        ask(fail, rf.get("/"))
    ask(lambda request: HttpResponse(), rf.get("/"))
    ask(fail, rf.get("/"))
    assert PAGES.is_open()


def test_other_errors__of_a_view__are_the_shops_as_before(rf: RequestFactory) -> None:
    def err(request: HttpRequest) -> HttpResponse:
        raise KeyError("a fault of ours")

    with pytest.raises(KeyError):
        ask(err, rf.get("/"))


@pytest.mark.django_db
def test_requests_transaction__a_page_failed__is_undone(rf: RequestFactory) -> None:
    def write(request: HttpRequest) -> HttpResponse:
        make_visitor()
        return fail(request)

    with transaction.atomic():
        assert ask(write, rf.get("/")).status_code == 503
        assert transaction.get_rollback()
    assert not Visitor.objects.exists()


@pytest.mark.django_db
def test_savepoint__undone_within_limits__leaves_the_rest(rf: RequestFactory) -> None:
    def twice(request: HttpRequest) -> HttpResponse:
        known = make_visitor()
        with pytest.raises(IntegrityError), transaction.atomic():
            make_visitor(pk=known.pk)
        streamed = [visitor.pk for visitor in Visitor.objects.iterator(chunk_size=1)]
        return HttpResponse(str(len(streamed)))

    assert ask(twice, rf.get("/")).content == b"1"


@needs_postgres
@pytest.mark.django_db
def test_limit__of_a_lock__is_gone_with_the_answer() -> None:
    with within_limits(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        assert cursor.fetchone() == (f"{LOCK_MS}ms",)


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_chat__tables_locked__answers_in_time_and_takes_the_message_afterwards(product: Any) -> None:
    client = known_shopper()
    chat = begin_chat(client, make_agent())
    root = f"/engage/chat/{chat.public_id}"

    def post() -> Any:
        fields = {"body": "Still there?", "client_id": "a7f7ed1e-27c8-4f0e-9df7-43b1b56b8b0c", "after": "0"}
        return client.post(f"{root}/messages/", fields, headers=BY_SCRIPT)

    with tables_locked():
        began = time.monotonic()
        polled, posted = client.get(f"{root}/events/"), post()
        took = time.monotonic() - began
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            assert cursor.fetchone() == ("0",)
    assert (polled.status_code, posted.status_code) == (503, 503)
    assert took < 2 * IN_TIME
    assert post().status_code == 200
    assert words(chat).count("Still there?") == 1
