"""Which product does the agent mean? The catalogue's visible ones by title or UPC, and Oscar's own form for the one chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.datastructures import MultiValueDict
from oscar.core.loading import get_class, get_model

MOST_FOUND = 10
LONGEST_SEARCH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A product that can be proposed. ``child_id``: the variant whose UPC was searched for, else ``None``."""

    product_id: int
    title: str
    upc: str
    child_id: int | None


def search_products(text: str) -> tuple[Found, ...]:
    """Return up to :data:`MOST_FOUND` visible products with ``text`` in their title, or with that UPC; two queries."""
    text = text.strip()[:LONGEST_SEARCH]
    if not text:
        return ()
    model = get_model("catalogue", "Product")
    child = model.objects.filter(structure=model.CHILD, upc__iexact=text, is_public=True).values_list("pk", "parent_id").first()
    child_id, parent_id = child or (None, None)
    asked = Q(title__icontains=text) | Q(upc__iexact=text) | Q(pk=parent_id)
    rows = _visible(model).filter(asked).order_by("title", "pk").values_list("pk", "title", "upc")[:MOST_FOUND]
    return tuple(
        Found(product_id=pk, title=title, upc=upc or "", child_id=child_id if pk == parent_id else None)
        for pk, title, upc in rows
    )


def get_visible(product_id: object) -> Any | None:
    """Return the product if shoppers see it in the catalogue; a variant is reached through its parent."""
    number = str(product_id)
    if not (number.isascii() and number.isdecimal() and len(number) < 10):  # noqa: PLR2004 - what fits an id
        return None
    return _visible(get_model("catalogue", "Product")).filter(pk=number).first()


def _visible(model: Any) -> Any:
    return model.objects.filter(is_public=True).exclude(structure=model.CHILD)


def form_for(
    product: Any, typed: Mapping[str, Sequence[str]] | None = None, *, customer: Any = None, child_id: str = ""
) -> Any:
    """Return Oscar's form that adds ``product`` to an empty basket: quantity, variant and options.

    The shop's strategy is asked for this ``customer``; the shopper's own form, with their basket, judges again at the yes.
    """
    basket = get_model("basket", "Basket")()
    basket.strategy = get_class("partner.strategy", "Selector")().strategy(user=customer)
    data = None if typed is None else MultiValueDict({name: list(values) for name, values in typed.items()})
    form = get_class("basket.forms", "AddToBasketForm")(basket=basket, product=product, data=data, auto_id="engage-add-%s")
    if child_id and "child_id" in form.fields:
        form.initial["child_id"] = child_id
    return form
