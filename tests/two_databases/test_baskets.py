"""Baskets in the shop's database, what is told of them in ours."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_engage.jobs.run import run_due
from oscar_engage.models import SignalRecord
from tests.storefront.beats import known_shopper
from tests.storefront.journeys import add_to_basket, stock_shop

pytestmark = pytest.mark.django_db(databases=["default", "engage"], transaction=True)


@pytest.mark.parametrize("is_there", [True, False], ids=["on a page", "away"])
def test_price_that_rose__is_told(is_there: bool) -> None:
    client = known_shopper()
    add_to_basket(client, stock_shop())
    get_model("partner", "StockRecord").objects.update(price=99)

    if is_there:
        client.get(reverse("basket:summary"))
    run_due(now=timezone.now() + timedelta(hours=1))
    run_due(now=timezone.now() + timedelta(hours=2))

    told: list[dict[str, Any]] = list(
        SignalRecord.objects.filter(kind="basket.price_changed").values_list("payload", flat=True)
    )
    assert [(payload["now"], payload["direction"]) for payload in told] == [(99.0, "up")]
