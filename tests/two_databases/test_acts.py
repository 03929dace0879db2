"""Baskets in the shop's database, what was agreed about them in ours: a fault in one undoes nothing that holds in the other."""

from typing import Any

import pytest
from oscar.core.loading import get_class, get_model

from tests.storefront.acting import begin_chat, held, make_agent, offer, say, state_of
from tests.storefront.beats import known_shopper
from tests.storefront.journeys import stock_shop

pytestmark = pytest.mark.django_db(databases=["default", "engage"], transaction=True)


def test_yes__two_databases__is_done_once() -> None:
    product, shopper, agent = stock_shop(), known_shopper(), make_agent()
    proposal = offer(begin_chat(shopper, agent), agent, "basket.add", product=product.pk, quantity=2)
    for _time in range(2):
        say(shopper, proposal)

    assert (held(), state_of(proposal)[0]) == ({"Rain boots": 2}, "done")


def test_yes__shop_fails_halfway__is_undone_there_and_told_here(monkeypatch: pytest.MonkeyPatch) -> None:
    product, shopper, agent = stock_shop(), known_shopper(), make_agent()
    proposal = offer(begin_chat(shopper, agent), agent, "basket.add", product=product.pk, quantity=2)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(get_class("basket.utils", "BasketMessageGenerator"), "apply_messages", fail)
    say(shopper, proposal)

    assert (held(), get_model("basket", "Basket").objects.count()) == ({}, 0)
    assert state_of(proposal) == ("failed", "Something went wrong in the shop.")
