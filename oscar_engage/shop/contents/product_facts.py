"""What does a shopper in doubt want to know of the product in view? In stock, how many are left, when it comes, returns."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.core.loading import get_class, get_model

from oscar_engage.shop.contents.placeholders import stock_words
from oscar_engage.shop.delivery import delivery_words
from oscar_engage.widgets.contents.base import Content, Settings
from oscar_engage.widgets.contents.registry import CONTENTS
from oscar_engage.widgets.scene import Scene

MOST_VARIANTS = 8
"""Variants that are told of one by one; of more it says how many can be had."""

_LONGEST = 160
_TEXT = {"class": "form-control"}


class ProductFactsForm(forms.Form):
    """What stock records do not tell, in the shop's own words."""

    delivery = forms.CharField(
        label=gettext_lazy("When it arrives"),
        max_length=_LONGEST,
        required=False,
        widget=forms.TextInput(attrs=_TEXT),
        help_text=gettext_lazy(
            "Such as “in two to four working days”. Empty: what your shop tells of the product, if it does."
        ),
    )
    returns = forms.CharField(
        label=gettext_lazy("About returns"),
        max_length=_LONGEST,
        required=False,
        widget=forms.TextInput(attrs=_TEXT),
        help_text=gettext_lazy("Such as “free within 60 days”. Empty: nothing is said about them."),
    )


class ProductFacts(Content):
    """Facts of the product in view, of each variant where it has some; on other pages there is nothing to say."""

    name = "product_facts"
    label = gettext_lazy("Facts about the product in view")
    template = "oscar_engage/widgets/contents/product_facts.html"
    form_class = ProductFactsForm
    asks = True

    def read(self, settings: Settings, scene: Scene) -> Mapping[str, Any] | None:
        """Return the facts as they are now, with a fixed number of queries."""
        product = _find(scene.page.product_id)
        if product is None:
            return None
        variants = _variants(product)
        facts = {
            "variants": variants if len(variants) <= MOST_VARIANTS else [],
            "stock": _stock(product) if not variants else _count(variants) if len(variants) > MOST_VARIANTS else "",
            "delivery": settings.get("delivery") or delivery_words(product.pk),
            "returns": settings.get("returns", ""),
        }
        return facts if any(facts.values()) else None

    def example(self, settings: Settings) -> Mapping[str, Any]:
        """Return what it says of a product that nobody sells."""
        told = settings.get("delivery") or _("in two to four working days")
        return {"stock": stock_words(3, is_available=True), "delivery": told, "returns": settings.get("returns", "")}


def _find(product_id: int | None) -> Any:
    """Return the product that shoppers see, with all that is read of it."""
    if product_id is None:
        return None
    rows = get_model("catalogue", "Product").objects.filter(pk=product_id, is_public=True)
    return rows.select_related("product_class", "parent__product_class").prefetch_related("stockrecords").first()


def _variants(product: Any) -> list[tuple[str, str]]:
    """Return each variant by what tells it from the others, with its stock in words; none for a product without any."""
    if not product.is_parent:
        return []
    related = ("stockrecords", "attribute_values__attribute", "attribute_values__value_option")
    children = list(product.children.filter(is_public=True).order_by("pk").prefetch_related(*related))
    for child in children:
        child.parent = product  # as it was read: its class says whether stock is kept
    return [(_name(child), _stock(child)) for child in children]


def _count(variants: Collection[tuple[str, str]]) -> str:
    """Return in words how many of them can be had."""
    there = sum(stock != stock_words(None, is_available=False) for _name, stock in variants)
    return _("%(there)d of %(all)d variants in stock") % {"there": there, "all": len(variants)}


def _name(child: Any) -> str:
    values = ", ".join(_texts(child.attribute_values.all()))
    return child.title or values or child.upc or str(child.pk)


def _texts(values: Iterable[Any]) -> list[str]:
    return [text for value in values if (text := str(value.value_as_text))]


def _stock(product: Any) -> str:
    """Return the stock in words; nothing of a product with variants, of which each has its own."""
    if product.is_parent:
        return ""
    info = get_class("partner.strategy", "Selector")().strategy().fetch_for_product(product)
    return stock_words(_pieces(product), is_available=bool(info.availability.is_available_to_buy))


def _pieces(product: Any) -> int | None:
    """Return the pieces left; ``None`` where no stock is kept."""
    if not product.get_product_class().track_stock:
        return None
    levels = [record.net_stock_level for record in product.stockrecords.all()]
    return max(0, sum(levels)) if levels else None


CONTENTS.register(ProductFacts.name, ProductFacts())
