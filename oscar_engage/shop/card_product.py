"""What does a message say of a product? Price and stock by the shopper's own strategy, at the moment of looking."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from oscar.core.loading import get_class, get_model
from oscar.templatetags.currency_filters import currency

from oscar_engage.desk.carry.cards import CARDS, MOST_FOUND, CardRefusedError, Choice, Sight
from oscar_engage.desk.carry.load import Shown
from oscar_engage.desk.models import Conversation
from oscar_engage.shop.facts import product_path
from oscar_engage.signals.faults import note_fault

KIND = "product"
_DIGITS = 18  # of the largest id


class ProductCard:
    """A product that shoppers see in the shop."""

    label = pgettext_lazy("kind of card", "Product")

    def find(self, text: str, sight: Sight) -> Sequence[Choice]:
        """Return products by words of their title, or by UPC; without a text, none."""
        text = text.strip()[:80]
        if not text:
            return ()
        asked = (Q(title__icontains=text) & ~Q(structure="child")) | Q(upc__iexact=text)
        rows = _visible().filter(asked).order_by("title", "pk")[:MOST_FOUND]
        return [Choice(str(product.pk), _words(product)) for product in rows]

    def check(self, key: str, conversation: Conversation, sight: Sight) -> None:
        """Refuse what shoppers do not see."""
        if not _visible().filter(pk__in=_ids([key])).exists():
            raise CardRefusedError(_("Shoppers do not see this product in the shop."))

    def show(self, keys: Collection[str], sight: Sight) -> Mapping[str, Shown]:
        """Return title, price, stock and page; a price that the strategy cannot tell is left out."""
        products = list(_visible().filter(pk__in=_ids(keys)).prefetch_related("stockrecords"))
        strategy = find_strategy(sight) if products else None
        return {str(product.pk): _show(product, strategy) for product in products}


def find_strategy(sight: Sight) -> Any:
    """Return the strategy of the shopper's own request, else the one the shop has for this customer."""
    strategy = getattr(sight.request, "strategy", None)
    if strategy is not None:
        return strategy
    customer = get_user_model().objects.filter(pk=sight.customer_id).first() if sight.customer_id else None
    return get_class("partner.strategy", "Selector")().strategy(request=sight.request, user=customer or AnonymousUser())


def money(amount: Decimal | None, code: str) -> str:
    """Return an amount as the shop writes it, in the language of the moment; nothing for none."""
    return "" if amount is None else str(currency(amount, code))


def _visible() -> Any:
    rows = get_model("catalogue", "Product").objects.filter(is_public=True)
    return rows.filter(Q(parent=None) | Q(parent__is_public=True)).select_related("parent", "product_class")


def _ids(keys: Collection[str]) -> list[int]:
    return [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) <= _DIGITS]


def _words(product: Any) -> str:
    return " · ".join(part for part in (product.get_title(), product.upc) if part)


def _show(product: Any, strategy: Any) -> Shown:
    price, stock = _offer(product, strategy)
    lines = tuple(line for line in (stock,) if line)
    return Shown(title=product.get_title() or "", price=price, lines=lines, path=product_path(product))


def _offer(product: Any, strategy: Any) -> tuple[str, str]:
    """Return price and stock in words; two empty texts if the shop's strategy fails, as one may without a request."""
    try:
        info = strategy.fetch_for_parent(product) if product.is_parent else strategy.fetch_for_product(product)
        price = info.price
        amount = price.incl_tax if price.exists and price.is_tax_known else price.excl_tax
        return money(amount, price.currency), str(info.availability.message)
    except Exception:  # noqa: BLE001 - the shop's own strategy
        note_fault("card")
        return "", ""


CARDS.register(KIND, ProductCard())
