"""Which values of the shop's can stand in words for shoppers? Of the product in view, the basket, the customer."""

from decimal import Decimal

from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oscar_engage.conf import get_settings
from oscar_engage.rules.named import NAMES
from oscar_engage.shop.card_product import money
from oscar_engage.shop.delivery import delivery_words
from oscar_engage.widgets.placeholders import Placeholder, placeholder
from oscar_engage.widgets.scene import Scene

FEW = 5
"""Pieces from which down a shopper reads how many are left."""


def stock_words(stock: int | None, *, is_available: bool) -> str:
    """Return in words whether it can be bought, and how many are left when those are few."""
    if not is_available:
        return _("out of stock")
    if stock is not None and 0 < stock <= FEW:
        return ngettext("only %(number)d left", "only %(number)d left", stock) % {"number": stock}
    return _("in stock")


def missing_amount(scene: Scene) -> Decimal | None:
    """Return what is missing to free delivery, by ``FREE_SHIPPING_FROM``; ``None``: nothing is, or it is not known."""
    basket = scene.state.basket
    threshold = dict(get_settings().free_shipping_from).get(basket.currency)
    if threshold is None or not basket.lines:
        return None
    missing = threshold - Decimal(str(basket.total))
    return missing if missing > 0 else None


def _title(scene: Scene) -> str:
    number = scene.page.product_id
    return "" if number is None else NAMES.get("product").named([number]).get(number, "")


def _price(scene: Scene) -> str:
    facts = scene.answers.product()
    return "" if facts is None or facts.price is None else money(facts.price.amount, facts.price.currency)


def _stock(scene: Scene) -> str:
    facts = scene.answers.product()
    return "" if facts is None else stock_words(facts.stock, is_available=facts.is_available)


def _total(scene: Scene) -> str:
    basket = scene.state.basket
    return money(Decimal(str(basket.total)), basket.currency) if basket.lines and basket.currency else ""


def _missing(scene: Scene) -> str:
    missing = missing_amount(scene)
    return "" if missing is None else money(missing, scene.state.basket.currency)


def _first_name(scene: Scene) -> str:
    if scene.customer_id is None:
        return ""
    rows = get_user_model()._default_manager.filter(pk=scene.customer_id)
    return rows.values_list("first_name", flat=True).first() or ""


def _shop_name(scene: Scene | None = None) -> str:
    return str(getattr(django_settings, "OSCAR_SHOP_NAME", ""))


def example_money(amount: str) -> str:
    """Return an amount in the shop's own currency, for previews."""
    return money(Decimal(amount), django_settings.OSCAR_DEFAULT_CURRENCY)


for _entry in (
    Placeholder(
        name="product.title",
        label=gettext_lazy("title of the product in view"),
        read=_title,
        example=lambda: _("Sturdy boots"),
    ),
    Placeholder(
        name="product.price",
        label=gettext_lazy("its price"),
        read=_price,
        example=lambda: example_money("129.00"),
    ),
    Placeholder(
        name="product.stock",
        label=gettext_lazy("whether it is in stock, such as “only 3 left”"),
        read=_stock,
        example=lambda: stock_words(3, is_available=True),
    ),
    Placeholder(
        name="product.delivery",
        label=gettext_lazy("when it would arrive"),
        read=lambda scene: delivery_words(scene.page.product_id),
        example=lambda: _("in two to four working days"),
    ),
    Placeholder(
        name="basket.total",
        label=gettext_lazy("total of the basket"),
        read=_total,
        example=lambda: example_money("59.50"),
    ),
    Placeholder(
        name="basket.missing",
        label=gettext_lazy("amount that is missing to free delivery"),
        read=_missing,
        example=lambda: example_money("15.50"),
    ),
    Placeholder(
        name="customer.first_name",
        label=gettext_lazy("customer's first name"),
        read=_first_name,
        example=lambda: "Ada",
    ),
    Placeholder(
        name="shop.name",
        label=gettext_lazy("name of the shop"),
        read=_shop_name,
        example=_shop_name,
        is_for_all=True,
    ),
):
    placeholder(_entry)
