"""Whatever fails in us, the shop goes on selling: the same journey, with and without the fault."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import override_settings

from oscar_engage.models import SignalRecord, Visit
from oscar_engage.signals import record
from oscar_engage.signals.buffer import Buffer, get_buffer
from oscar_engage.signals.counters import snapshot
from oscar_engage.storefront import capture, flush, snippet
from oscar_engage.storefront.middleware import EngageMiddleware
from oscar_engage.visitors.token import COOKIE_NAME
from tests.storefront.beats import known_shopper
from tests.storefront.faults import OFF, tables_missing
from tests.storefront.journeys import Journey, walk_to_order

pytestmark = pytest.mark.django_db(transaction=True)

Fail = Callable[[pytest.MonkeyPatch, Exception], None]


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    return fail


def in_receivers(patch: pytest.MonkeyPatch, error: Exception) -> None:
    patch.setattr(Buffer, "add", raising(error))


def in_the_address_check(patch: pytest.MonkeyPatch, error: Exception) -> None:
    patch.setattr(capture, "is_excluded", raising(error))


def in_the_snippet(patch: pytest.MonkeyPatch, error: Exception) -> None:
    patch.setattr(snippet, "build_snippet", raising(error))


def in_the_page_check(patch: pytest.MonkeyPatch, error: Exception) -> None:
    patch.setattr(capture, "can_carry_snippet", raising(error))


def in_reading_the_response(patch: pytest.MonkeyPatch, error: Exception) -> None:
    patch.setattr(flush, "read_response", raising(error))


def in_measuring_the_basket(patch: pytest.MonkeyPatch, error: Exception) -> None:
    patch.setattr(flush, "measure_basket", raising(error))


def in_the_write(patch: pytest.MonkeyPatch, error: Exception) -> None:
    patch.setattr(flush, "observe", raising(error))


def in_the_consent(patch: pytest.MonkeyPatch, error: Exception) -> None:
    patch.setattr(flush, "get_consent", raising(error))


def bare_journey(product: Any) -> Journey:
    with override_settings(OSCAR_ENGAGE=OFF):
        return walk_to_order(Client(), product)


def test_bare_journey__ends_in_one_order(product: Any) -> None:
    journey = bare_journey(product)

    assert (journey.orders, journey.lines, journey.allocated) == (1, 1, 2)
    assert journey.steps[-1][1] == 200


def test_journey__nothing_fails__is_the_same_with_us(product: Any) -> None:
    assert walk_to_order(known_shopper(), product) == bare_journey(product)
    assert Visit.objects.get().stage == "ordered"


@pytest.mark.attack("L01")
@pytest.mark.parametrize(
    "fail",
    [
        in_receivers,
        in_the_address_check,
        in_the_snippet,
        in_the_page_check,
        in_reading_the_response,
        in_measuring_the_basket,
        in_the_write,
        in_the_consent,
    ],
)
def test_journey__our_code_raises__is_the_same(product: Any, monkeypatch: pytest.MonkeyPatch, fail: Fail) -> None:
    expected, client = bare_journey(product), known_shopper()
    before = sum(snapshot().values())

    fail(monkeypatch, LookupError("ours"))

    assert walk_to_order(client, product) == expected
    assert sum(snapshot().values()) > before


@pytest.mark.attack("L01")
@pytest.mark.parametrize("error", [DatabaseError("ours"), RecursionError("ours"), MemoryError("ours")])
def test_journey__receivers_raise_anything__is_the_same(
    product: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    expected, client = bare_journey(product), known_shopper()

    in_receivers(monkeypatch, error)

    assert walk_to_order(client, product) == expected


@pytest.mark.attack("L03")
def test_journey__our_tables_are_missing__opens_the_breaker(product: Any) -> None:
    client = known_shopper()
    before = snapshot().get("dropped:breaker", 0)

    with tables_missing():
        walk_to_order(client, product)

    assert snapshot()["dropped:breaker"] > before


@pytest.mark.attack("L02")
def test_journey__no_query_of_ours__while_the_shop_answers(product: Any) -> None:
    """Nothing of ours touches a database before the response is handed over, on any page or post."""
    client, early = known_shopper(), []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if get_buffer() is not None and "oscar_engage_" in sql:
            early.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        walk_to_order(client, product)

    assert early == []
    assert SignalRecord.objects.filter(kind="order.placed").exists()


def served(rf: RequestFactory, client: Client, view: Callable[[Any], HttpResponse]) -> None:
    """Serve one request of this shopper by ``view`` through the middleware, to the closed connection."""
    request = rf.get("/catalogue/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    EngageMiddleware(view)(request).close()


def kinds_kept() -> list[str]:
    return sorted(SignalRecord.objects.exclude(kind__in=["page.viewed", "visit.began"]).values_list("kind", flat=True))


@pytest.mark.attack("L06")
def test_rollback__facts_of_the_shop_are_dropped__a_refused_payment_is_kept(rf: RequestFactory) -> None:
    client = known_shopper()

    def view(request: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                record(request, "basket.line_added", product_id=1)
                record(request, "order.placed", order_id=1)
                record(request, "payment.failed", reason="declined")
                raise LookupError  # noqa: TRY301 - the shop's own failure
        except LookupError:
            return HttpResponse(status=500)

    served(rf, client, view)

    assert kinds_kept() == ["payment.failed"]


def test_rollback__of_a_savepoint__drops_what_was_in_it_alone(rf: RequestFactory) -> None:
    client = known_shopper()

    def view(request: Any) -> HttpResponse:
        with transaction.atomic():
            record(request, "basket.line_added", product_id=1)
            try:
                with transaction.atomic():
                    record(request, "order.placed", order_id=1)
                    raise LookupError  # noqa: TRY301 - the shop's own failure
            except LookupError:
                return HttpResponse()

    served(rf, client, view)

    assert kinds_kept() == ["basket.line_added"]


def test_receivers__more_signals_than_a_shopper_makes__are_bounded(rf: RequestFactory) -> None:
    client = known_shopper()

    def view(request: Any) -> HttpResponse:
        for _ in range(1000):
            record(request, "checkout.started")
        return HttpResponse()

    served(rf, client, view)

    assert SignalRecord.objects.filter(kind="checkout.started").count() == 50


def test_record__unknown_kind_or_nonsense__never_raises(rf: RequestFactory) -> None:
    client = known_shopper()

    def view(request: Any) -> HttpResponse:
        record(request, "no.such.kind", at=1)
        record(request, "payment.failed", reason="\x00")
        record(request, "payment.failed", reason=object())
        record(None, "checkout.started")
        return HttpResponse()

    served(rf, client, view)

    assert kinds_kept() == ["checkout.started"]


def test_flush__cookie_but_no_consent__stores_nothing(product: Any) -> None:
    client = known_shopper()
    client.cookies["consent"] = "none"
    before = SignalRecord.objects.count()

    client.get(product.get_absolute_url())

    assert SignalRecord.objects.count() == before


def test_flush__consent_but_no_cookie__stores_nothing_and_sets_none(product: Any) -> None:
    client = Client()
    client.cookies["consent"] = "personalisation"

    response = client.get(product.get_absolute_url())

    assert COOKIE_NAME not in response.cookies
    assert not SignalRecord.objects.exists()
    assert not Visit.objects.exists()
