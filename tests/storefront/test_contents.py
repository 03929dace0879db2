"""Does an offer come with its values and content, at no cost to offers without any, and a voucher to one shopper once?"""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_engage.answers.passage import Passage
from oscar_engage.answers.sources import SOURCES
from oscar_engage.models import Decision, Engagement, GivenVoucher, Rule, Visitor
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.visitors.page import PageFacts
from oscar_engage.widgets.live import forget_engagements
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.journeys import VOUCHER, add_to_basket, give_voucher

pytestmark = pytest.mark.django_db
CountQueries = Callable[[int], Any]


@pytest.fixture(autouse=True)
def _everybody_is_treated(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {
        "CONSENT": "tests.consent.consent_from_cookie",
        "SHOP_HOLDOUT": 0,
        "QUIET_SECONDS": 0,
        "ACT_VOUCHER_TEMPLATES": [VOUCHER],
        "OFFERS_PER_VISIT": 9,
        "OFFERS_PER_WEEK": 9,
    }


def go_live(slug: str = "help", **fields: Any) -> Engagement:
    """Have a rule offer such a balloon to whoever was idle for 45 seconds."""
    made = Engagement.objects.create(**{"slug": slug, "widget": "balloon", "title": "Help", **fields})
    idle = {"field": "page.idle_seconds", "operator": ">", "value": 45}
    then = [{"do": "show.balloon", "with": {"engagement": slug}}]
    document = {"schema": 1, "branches": [{"when": {"combinator": "and", "rules": [idle]}, "then": then}], "unknown": "skip"}
    user, now, known = get_user_model().objects.create_user(slug, f"{slug}@x.example"), timezone.now(), {slug: "balloon"}
    rule = Rule.objects.create(name=slug, holdout_share=0)
    save_draft(rule, document, user=user, now=now, engagements=known)
    publish(rule, user=user, now=now, engagements=known)
    forget_engagements()
    return made


def idle(client: Client, page: PageFacts | None = None) -> str:
    """Open the page, be idle there, and return what comes."""
    send(client, body(signal(), page=page))
    return str(send(client, body(page=page, idle=46_000)).content.decode())


def decision_in(html: str) -> str:
    found = re.search(r'data-engage-decision="([^"]+)"', html)
    assert found is not None
    return found[1]


def view(product: Any) -> PageFacts:
    return PageFacts(kind="product", product_id=product.pk, language="en")


# Words


def test_beat__values_known__stand_in_the_offer(product: Any) -> None:
    go_live(title="{{ product.title }}: {{ product.stock }}")

    assert "Rain boots: in stock" in idle(known_shopper(), view(product))


def test_beat__value_missing__is_not_offered_and_waits(product: Any) -> None:
    go_live(title="{{ product.title }}")
    client = known_shopper()

    assert "data-engage-decision" not in idle(client)
    assert Decision.objects.get().reason == "no_engagement"
    assert "Rain boots" in idle(client, view(product))


@pytest.mark.parametrize(
    ("fields", "more"), [({}, 0), ({"body": "Just words {here}."}, 0), ({"title": "{{ product.stock }}"}, 2)]
)
def test_beat__only_words_with_values__cost_more_queries(product: Any, fields: Any, more: int) -> None:
    """The reference is an offer of plain words; what has a value of the shop's costs what the shop's answer costs."""
    assert queries_of(product, **fields) - queries_of(product) == more


def queries_of(product: Any, **fields: Any) -> int:
    """Return how many statements the beat takes that makes such an offer, the only one there is; it is undone."""
    forget_live_rules()
    with transaction.atomic():
        go_live(f"e{uuid.uuid4().hex[:8]}", **fields)
        number = count_beat(product)
        transaction.set_rollback(True)
    return number


def count_beat(product: Any) -> int:
    client = known_shopper()
    send(client, body(signal(), page=view(product)))
    with CaptureQueriesContext(connection) as counted:
        html = send(client, body(page=view(product), idle=46_000)).content.decode()
    assert "data-engage-decision" in html
    return len([one for one in counted.captured_queries if "SAVEPOINT" not in one["sql"]])


# Contents


def test_beat__facts__come_with_the_offer(product: Any) -> None:
    go_live(content="product_facts", settings={"delivery": "<b>tomorrow</b>", "returns": "free"})

    html = idle(known_shopper(), view(product))

    assert "<dt>Stock</dt><dd>in stock</dd>" in html
    assert "&lt;b&gt;tomorrow&lt;/b&gt;" in html


class Shelf:
    """A source with one article in English."""

    name = "shelf"

    def version(self) -> str:
        return "1"

    def read(self, language: str) -> list[Passage]:
        if language != "en":
            return []
        told = {"article": "sizes", "language": "en", "title": "Which size?", "url": "/help/sizes/"}
        return [
            Passage(**told, heading="", text="Boots come in whole sizes. " * 20),
            Passage(**told, heading="Jackets", text="Others."),
        ]


@pytest.fixture
def shelf() -> Any:
    SOURCES.register("shelf", Shelf())
    yield
    del SOURCES._entries["shelf"]


def test_beat__article__its_beginning_and_the_way_to_it(shelf: None, product: Any) -> None:
    go_live(content="article", settings={"article": "sizes"})

    html = idle(known_shopper(), view(product))

    assert 'href="/help/sizes/"' in html
    assert "Boots come in whole sizes." in html
    assert "Others" not in html


def test_beat__article_not_there_in_the_language__no_offer(shelf: None, product: Any) -> None:
    go_live(content="article", settings={"article": "sizes"})

    assert "engage-more" not in idle(known_shopper(), PageFacts(language="de"))


# A voucher of one's own


@pytest.fixture
def voucher(transactional_db: None, product: Any) -> Engagement:
    give_voucher()
    return go_live(content="voucher", settings={"template": VOUCHER, "hours": 48, "days": 90})


def offered(client: Client, product: Any) -> str:
    """Put the product into the basket and be offered the voucher; return the decision's id."""
    add_to_basket(client, product)
    return decision_in(idle(client, view(product)))


def take(client: Client, decision: str) -> Any:
    return client.post("/engage/voucher/", {"decision": decision})


def vouchers_in_baskets() -> list[str]:
    return [one.usage for basket in get_model("basket", "Basket").objects.all() for one in basket.vouchers.all()]


def test_voucher__basket_is_empty__is_not_offered(voucher: Engagement, product: Any) -> None:
    assert "data-engage-decision" not in idle(known_shopper(), view(product))


def test_voucher__only_shown__is_not_made(voucher: Engagement, product: Any) -> None:
    client = known_shopper()
    decision = offered(client, product)

    page = client.get(f"/engage/voucher/?decision={decision}").content.decode()

    assert "For this basket, once, within 48 hours." in page
    assert "csrfmiddlewaretoken" in page
    assert (GivenVoucher.objects.count(), vouchers_in_baskets()) == (0, [])


def test_voucher__taken_twice__lies_in_the_basket_once(voucher: Engagement, product: Any) -> None:
    client = known_shopper()
    decision = offered(client, product)

    for _time in range(2):
        assert "The voucher is in your basket" in take(client, decision).content.decode()

    assert vouchers_in_baskets() == ["Single use"]
    assert str(GivenVoucher.objects.get().decision_id) == decision
    made = get_model("voucher", "Voucher").objects.get(pk=GivenVoucher.objects.get().voucher_id)
    assert list(made.offers.all()) == list(get_model("voucher", "Voucher").objects.get(code=VOUCHER).offers.all())


def test_voucher__tried_by_another_visitor__says_nothing_and_gives_nothing(voucher: Engagement, product: Any) -> None:
    decision, other = offered(known_shopper(), product), known_shopper()
    add_to_basket(other, product)

    for client in (other, Client()):
        assert take(client, decision).status_code == 404
        assert client.get(f"/engage/voucher/?decision={decision}").status_code == 404
    assert vouchers_in_baskets() == []


def test_voucher__its_code_typed_by_another__is_refused_by_the_shop(voucher: Engagement, product: Any) -> None:
    client, other = known_shopper(), known_shopper()
    take(client, offered(client, product))
    code = get_model("voucher", "Voucher").objects.get(pk=GivenVoucher.objects.get().voucher_id).code
    add_to_basket(other, product)

    other.post("/basket/vouchers/add/", {"code": code})

    assert vouchers_in_baskets() == ["Single use"]


def test_voucher__had_one_lately__is_neither_offered_nor_given_again(voucher: Engagement, product: Any) -> None:
    client = known_shopper()
    first = offered(client, product)
    take(client, first)
    get_model("basket", "Basket").objects.get().vouchers.clear()
    second = Decision.objects.get(pk=first)
    second.pk = uuid.uuid4()
    second.save(force_insert=True)

    refused = take(client, str(second.pk))

    assert refused.status_code == 409
    assert "You had a voucher from us lately." in refused.content.decode()
    assert GivenVoucher.objects.count() == 1


def test_voucher__customers_other_browser__had_one_as_well(voucher: Engagement, product: Any) -> None:
    customer = get_user_model().objects.create_user("ada", "ada@example.com")
    client, other = known_shopper(), known_shopper()
    decisions = [offered(one, product) for one in (client, other)]
    Visitor.objects.all().update(customer=customer)

    assert [take(one, decision).status_code for one, decision in zip((client, other), decisions, strict=True)] == [200, 409]


@pytest.mark.parametrize("decision", ["", "x", "7d2c4a52-0f1e-4a63-9a3c-5a1f3f0b7a11", "\x00"])
def test_voucher__no_offer_of_ones_own__is_gone(voucher: Engagement, decision: str) -> None:
    assert take(known_shopper(), decision).status_code == 404


def test_voucher__basket_emptied_meanwhile__nothing_is_given(voucher: Engagement, product: Any) -> None:
    client = known_shopper()
    decision = offered(client, product)
    get_model("basket", "Line").objects.all().delete()

    assert "The basket is empty." in take(client, decision).content.decode()
    assert (GivenVoucher.objects.count(), get_model("voucher", "Voucher").objects.count()) == (0, 1)


def test_voucher__shop_gives_it_no_more__nothing_is_given(voucher: Engagement, product: Any, settings: Any) -> None:
    client = known_shopper()
    decision = offered(client, product)
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ACT_VOUCHER_TEMPLATES": []}

    assert "does not give this voucher any more" in take(client, decision).content.decode()
    assert vouchers_in_baskets() == []
