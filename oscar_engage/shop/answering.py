"""What can the shop itself say to a question? Stock of the page's product, the asker's own orders, its word on returns."""

from collections.abc import Iterator
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from oscar.core.loading import get_class, get_model

from oscar_engage.answers.facts import FACTS, About, Fact
from oscar_engage.answers.intent import Asked, Intent
from oscar_engage.answers.words import fold, words_of
from oscar_engage.conf import get_settings


class ShopFacts:
    """The port ``answers.facts.Facts`` on Oscar's own tables; what is not known for sure is not told."""

    def tell(self, asked: Asked, about: About) -> Fact | None:
        """Return the fact in the language that is active, or ``None``."""
        if asked.intent is Intent.STOCK:
            return _tell_stock(asked.option, about.product_id)
        if asked.intent is Intent.ORDER:
            return _tell_order(asked.number, about.customer_id)
        return _tell_returns(about.language)


def _tell_stock(option: str, product_id: int | None) -> Fact | None:
    product = _find_product(product_id)
    if product is None:
        return None
    found = _with_option(product, option) if option else product
    if found is None:
        return None
    strategy = get_class("partner.strategy", "Selector")().strategy()
    info = strategy.fetch_for_parent(found) if found.is_parent else strategy.fetch_for_product(found)
    said = {"product": product.get_title(), "option": option.upper() if len(option) < 4 else option}  # noqa: PLR2004 - XL, 42
    if info.availability.is_available_to_buy:
        if option:
            return Fact(text=_("Yes: “%(product)s” in %(option)s can be ordered now.") % said)
        return Fact(text=_("Yes: “%(product)s” can be ordered now.") % said)
    if option:
        return Fact(text=_("No: “%(product)s” in %(option)s cannot be ordered just now.") % said)
    return Fact(text=_("No: “%(product)s” cannot be ordered just now.") % said)


def _find_product(product_id: int | None) -> Any | None:
    if product_id is None:
        return None
    rows = get_model("catalogue", "Product").objects.filter(pk=product_id, is_public=True)
    return rows.select_related("parent", "product_class").first()


def _with_option(product: Any, option: str) -> Any | None:
    """Return what is sold in ``option``: the one variant that says so, or the product itself; ``None``: none, or several."""
    sold = list(product.children.filter(is_public=True).select_related("parent")) if product.is_parent else [product]
    fitting = [one for one in sold if option in set(_options(one))]
    return fitting[0] if len(fitting) == 1 else None


def _options(product: Any) -> Iterator[str]:
    """Yield what tells a variant from others, folded: the words of its title and its attributes."""
    yield from words_of(product.title or "")
    for value in product.get_attribute_values().select_related("attribute"):
        yield fold(value.value_as_text).strip()


def _tell_order(number: str, customer_id: int | None) -> Fact | None:
    """Only who is logged in hears of an order, and only of their own."""
    if customer_id is None:
        return None
    orders = get_model("order", "Order").objects.filter(user_id=customer_id)
    if number:
        orders = orders.filter(number=number)
    order = orders.order_by("-date_placed", "-pk").first()
    if order is None:
        return None
    said = {
        "number": order.number,
        "day": date_format(localtime(order.date_placed), "DATE_FORMAT"),
        "status": order.status,
    }
    if not order.status:
        return None
    return Fact(text=_("Your order %(number)s of %(day)s: %(status)s.") % said, url=_order_page(order.number))


def _order_page(number: str) -> str:
    try:
        return reverse("customer:order", kwargs={"order_number": number})
    except NoReverseMatch:  # the shop's account pages have addresses of their own
        return ""


def _tell_returns(language: str) -> Fact | None:
    texts = dict(get_settings().returns_text)
    text = texts.get(language) or texts.get(language.partition("-")[0])
    return Fact(text=text) if text else None


FACTS.register("shop", ShopFacts())
