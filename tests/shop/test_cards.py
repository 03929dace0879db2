"""Do cards say what the shop says, to this shopper, at this moment?"""

import os
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from oscar.apps.partner.prices import FixedPrice
from oscar.core.loading import get_class
from oscar.test.factories import OrderFactory, VoucherFactory, create_product

from oscar_engage.desk.carry.cards import CARDS, CardRefusedError, Choice, Sight
from oscar_engage.desk.carry.load import Card, Load, Shown
from oscar_engage.desk.models import Agent, Conversation, Message, Role
from oscar_engage.desk.post import post_message
from oscar_engage.desk.take import take
from tests.desk.conftest import agent, chat, make_agent, make_chat, make_visitor, now  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
NOBODY = Sight()


def product_card() -> Any:
    return CARDS.get("product")


def voucher_card() -> Any:
    return CARDS.get("voucher")


def voucher(name: str, usage: str = "Single use", **fields: Any) -> Any:
    return VoucherFactory(name=name, code=name.upper(), usage=usage, **fields)


def send(conversation: Conversation, by: Agent, card: Card) -> None:
    said = {"role": Role.AGENT, "agent": by, "body": "", "client_id": uuid.uuid4()}
    post_message(conversation, now=timezone.now(), load=Load(card), **said)  # type: ignore[arg-type]  # keywords of several types


def test_product__shown__has_price_stock_and_page_of_the_moment() -> None:
    boots = create_product(title="Boots", price=Decimal("20.00"), num_in_stock=3)
    key = str(boots.pk)

    assert product_card().show([key], NOBODY) == {
        key: Shown(title="Boots", price="£20.00", lines=("In stock (3 available)",), path=f"/catalogue/boots_{key}/")
    }
    boots.stockrecords.update(price=Decimal("25.00"), num_in_stock=0)
    assert product_card().show([key], NOBODY)[key].price == "£25.00"
    assert product_card().show([key], NOBODY)[key].lines == ("Unavailable",)


def test_product__hidden_or_deleted__is_left_out() -> None:
    hidden = create_product(title="Boots", is_public=False)

    assert product_card().show([str(hidden.pk), "999999", "x", "-1", "9" * 40], NOBODY) == {}


def test_product__variants__have_the_parents_price_and_page() -> None:
    parent = create_product(structure="parent", title="Coat")
    child = create_product(structure="child", parent=parent, title="", upc="COAT-S", price=Decimal("80.00"), num_in_stock=1)

    shown = product_card().show([str(parent.pk), str(child.pk)], NOBODY)

    assert {card.title for card in shown.values()} == {"Coat"}
    assert shown[str(child.pk)].price == "£80.00"
    type(parent).objects.filter(pk=parent.pk).update(is_public=False)
    assert product_card().show([str(child.pk)], NOBODY) == {}


def test_product__request_of_the_shopper__decides_the_price() -> None:
    class Dear(get_class("partner.strategy", "Default")):  # type: ignore[misc]  # the shop's own
        def fetch_for_product(self, product: Any, stockrecord: Any = None) -> Any:
            info = super().fetch_for_product(product, stockrecord)
            return info._replace(price=FixedPrice("GBP", Decimal("99.00"), tax=Decimal(0)))

    request = HttpRequest()
    request.strategy = Dear()  # type: ignore[attr-defined]  # as Oscar's middleware does
    key = str(create_product(title="Boots", price=Decimal("20.00"), num_in_stock=3).pk)

    assert product_card().show([key], Sight(request=request))[key].price == "£99.00"


def test_product__strategy_that_fails__costs_the_price_alone() -> None:
    request = HttpRequest()
    request.strategy = object()  # type: ignore[attr-defined]  # one that cannot do anything
    key = str(create_product(title="Boots", price=Decimal("20.00"), num_in_stock=3).pk)

    shown = product_card().show([key], Sight(request=request))[key]

    assert (shown.title, shown.price, shown.lines) == ("Boots", "", ())


@pytest.mark.parametrize(
    ("text", "found"), [("boot", ["Red boots · R1"]), ("r1", ["Red boots · R1"]), ("coat-s", ["Coat · COAT-S"])]
)
def test_product__searched__by_title_or_upc(text: str, found: list[str]) -> None:
    create_product(title="Red boots", upc="R1")
    create_product(title="Hidden boots", upc="R2", is_public=False)
    create_product(structure="child", parent=create_product(structure="parent", title="Coat"), title="", upc="COAT-S")

    assert [choice.words for choice in product_card().find(text, NOBODY)] == found
    assert product_card().find("  ", NOBODY) == ()


def test_product__not_visible__may_not_be_sent(chat: Conversation) -> None:  # noqa: F811 - the fixture
    seen, hidden = create_product(title="Boots"), create_product(title="Coat", is_public=False)
    product_card().check(str(seen.pk), chat, NOBODY)
    for key in (str(hidden.pk), "999999", "' OR 1=1"):
        with pytest.raises(CardRefusedError):
            product_card().check(key, chat, NOBODY)


def test_voucher__holds__is_shown_with_its_code_and_end() -> None:
    one = voucher("Sorry", end_datetime=timezone.now() + timedelta(days=1))

    shown = voucher_card().show([str(one.pk)], NOBODY)[str(one.pk)]

    assert not shown.lines[0].endswith("..")
    assert (shown.title, shown.code, shown.path, shown.is_gone) == ("Sorry", "SORRY", "/basket/", False)
    assert shown.lines[0].startswith("Holds until ")


def test_voucher__used_or_over__is_shown_without_its_code(django_user_model: Any) -> None:
    used, over = voucher("Used"), voucher("Over", end_datetime=timezone.now() - timedelta(days=1))
    used.record_usage(OrderFactory(), django_user_model.objects.create_user(username="ada"))

    shown = voucher_card().show([str(used.pk), str(over.pk), "999999"], NOBODY)

    assert {(card.is_gone, card.code) for card in shown.values()} == {(True, "")}
    assert len(shown) == 2


@pytest.fixture
def two_chats(
    make_chat: Callable[[], Conversation],  # noqa: F811 - the fixture
    agent: Agent,  # noqa: F811 - the fixture
    now: Any,  # noqa: F811 - the fixture
) -> tuple[Conversation, Conversation]:
    chats = (make_chat(), make_chat())
    for each in chats:
        take(each, agent, now=now)
    return chats


def test_voucher__for_single_use__is_sent_in_one_conversation_only(
    two_chats: tuple[Conversation, Conversation],
    agent: Agent,  # noqa: F811 - the fixture
) -> None:
    key = str(voucher("Sorry").pk)
    first, second = two_chats
    assert [choice.key for choice in voucher_card().find("", NOBODY)] == [key]

    send(first, agent, Card("voucher", key))
    send(first, agent, Card("voucher", key))  # the same shopper may be reminded

    with pytest.raises(CardRefusedError, match="another shopper"):
        send(second, agent, Card("voucher", key))
    assert voucher_card().find("sorry", NOBODY) == []


def test_voucher__for_many__may_be_sent_again_and_is_found_after_those_for_one(
    two_chats: tuple[Conversation, Conversation],
    agent: Agent,  # noqa: F811 - the fixture
) -> None:
    many, single = voucher("Aid many", "Multi-use"), voucher("Zaid single")
    for each in two_chats:
        send(each, agent, Card("voucher", str(many.pk)))

    assert [choice.key for choice in voucher_card().find("aid", NOBODY)] == [str(single.pk), str(many.pk)]
    assert voucher_card().find("", NOBODY) == [
        Choice(str(single.pk), "Zaid single · ZAID SINGLE (Can be used once by one customer)")
    ]


def test_voucher__once_per_customer__needs_an_account(chat: Conversation, django_user_model: Any) -> None:  # noqa: F811 - the fixture
    one, ada = voucher("Loyal", "Once per customer"), django_user_model.objects.create_user(username="ada")
    known = Sight(customer_id=ada.pk)

    assert voucher_card().find("loyal", NOBODY) == []
    assert [choice.key for choice in voucher_card().find("loyal", known)] == [str(one.pk)]
    voucher_card().check(str(one.pk), chat, known)
    with pytest.raises(CardRefusedError, match="account"):
        voucher_card().check(str(one.pk), chat, NOBODY)
    one.record_usage(OrderFactory(user=ada), ada)
    with pytest.raises(CardRefusedError, match="already used"):
        voucher_card().check(str(one.pk), chat, known)


@pytest.mark.parametrize("days", [(-9, -1), (1, 9)])
def test_voucher__not_yet_or_no_more__may_not_be_sent(days: tuple[int, int], chat: Conversation) -> None:  # noqa: F811 - the fixture
    begin, end = (timezone.now() + timedelta(days=number) for number in days)
    one = voucher("Sorry", start_datetime=begin, end_datetime=end)

    with pytest.raises(CardRefusedError):
        voucher_card().check(str(one.pk), chat, NOBODY)
    assert voucher_card().find("sorry", NOBODY) == []


@pytest.mark.skipif(os.environ.get("ENGAGE_TEST_DB") != "postgres", reason="needs locks of rows")
@pytest.mark.django_db(transaction=True)
def test_voucher__given_away_by_two_agents_at_once__goes_to_one_shopper(
    make_agent: Callable[..., Agent],  # noqa: F811 - the fixture
    make_chat: Callable[[], Conversation],  # noqa: F811 - the fixture
    now: Any,  # noqa: F811 - the fixture
) -> None:
    key, pairs, barrier = str(voucher("Sorry").pk), [(make_chat(), make_agent()) for _ in range(4)], threading.Barrier(4)
    for each, by in pairs:
        take(each, by, now=now)

    def give(pair: tuple[Conversation, Agent]) -> bool:
        try:
            barrier.wait(timeout=20)
            send(*pair, Card("voucher", key))
        except CardRefusedError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(give, pairs)) == [False, False, False, True]
    assert Message.objects.filter(card__isnull=False).count() == 1
