"""Is a product sold out? The page is believed when it sells; else the shop's strategy is asked."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from oscar.core.loading import get_class
from oscar.test.factories import create_product
from pytest_django import DjangoAssertNumQueries

from oscar_engage.shop.stock import find_unavailable

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(rf: RequestFactory) -> Any:
    request = rf.get("/")
    request.user = AnonymousUser()
    request.strategy = get_class("partner.strategy", "Selector")().strategy(request=request)
    return request


@pytest.fixture
def sold_out() -> Any:
    return create_product(price=Decimal("10.00"), num_in_stock=0)


def page_selling(pk: int) -> HttpResponse:
    return HttpResponse(f'<form id="add_to_basket_form" action="/basket/add/{pk}/" method="post"></form>')


def test_find__page_with_its_form__is_believed_without_a_query(
    asking: Any, sold_out: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert find_unavailable(asking, {"product": sold_out}, page_selling(sold_out.pk)) is None


@pytest.mark.parametrize("response", [HttpResponse("<p>Sold out</p>"), StreamingHttpResponse([b"x"])], ids=["plain", "stream"])
def test_find__page_without_a_form__asks_the_strategy(asking: Any, sold_out: Any, response: Any) -> None:
    assert find_unavailable(asking, {"product": sold_out}, response) == {"product_id": sold_out.pk}


def test_find__page_that_sells_another__asks_the_strategy(asking: Any, sold_out: Any) -> None:
    page = page_selling(sold_out.pk * 10)

    assert find_unavailable(asking, {"product": sold_out}, page) == {"product_id": sold_out.pk}


def test_find__basket_at_addresses_of_its_own__asks_the_strategy(asking: Any, sold_out: Any, settings: Any) -> None:
    settings.ROOT_URLCONF = "oscar_engage.storefront.urls"

    assert find_unavailable(asking, {"product": sold_out}, page_selling(sold_out.pk)) == {"product_id": sold_out.pk}


def test_find__no_product_or_no_strategy__says_nothing(asking: Any, sold_out: Any, rf: RequestFactory) -> None:
    assert find_unavailable(asking, {}, HttpResponse()) is None
    assert find_unavailable(rf.get("/"), {"product": sold_out}, HttpResponse()) is None
