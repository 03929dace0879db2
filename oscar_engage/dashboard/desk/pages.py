"""Which page was it? In the words of people, with its address if an agent may as well look at it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from oscar_engage.shop.facts import Thing, category_things, product_things
from oscar_engage.storefront.pages import get_page_facts
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.page_names import name_kind, name_step

_SAFE_TO_OPEN = frozenset({"home", "category", "product"})
"""Kinds of page that show everybody the same and change nothing by being opened; an agent's own basket says nothing."""


@dataclass(frozen=True, slots=True)
class Things:
    """The products and categories that a journey speaks of, by id."""

    products: Mapping[int, Thing]
    categories: Mapping[int, Thing]

    def product(self, pk: object) -> Thing:
        """Return what is known of the product; one that is gone is called that."""
        known = self.products.get(pk) if isinstance(pk, int) else None
        return known or Thing(_("a product"), "")

    def category(self, pk: int | None) -> Thing | None:
        """Return what is known of the category, if it is there."""
        return None if pk is None else self.categories.get(pk)


def read_things(payloads: Iterable[Mapping[str, Any]]) -> Things:
    """Return what ``payloads`` name, with a query for each kind of thing that there is."""
    told = list(payloads)
    return Things(product_things(_ids(told, "product_id")), category_things(_ids(told, "category_id")))


def _ids(payloads: Iterable[Mapping[str, Any]], key: str) -> set[int]:
    return {pk for payload in payloads if isinstance(pk := payload.get(key), int)}


def get_page_opened(kind: str, payload: Mapping[str, Any]) -> PageFacts | None:
    """Return the page that a signal of the log says was opened or left; ``None`` for signals of another kind.

    The server says so of products and checkout steps, the browser of every page: two signals for one opening.
    """
    if kind == "product.viewed":
        return PageFacts(kind="product", product_id=payload.get("product_id"))
    if kind == "checkout.step":
        return PageFacts(kind="checkout", step=str(payload.get("step", "")))
    if kind not in {"page.viewed", "page.left"}:
        return None
    return PageFacts(
        kind=payload.get("page", ""),
        product_id=payload.get("product_id"),
        category_id=payload.get("category_id"),
        step=payload.get("step", ""),
    )


def name_page(page: PageFacts, things: Things) -> str:
    """Return what to call ``page`` in a sentence."""
    if page.kind == "product":
        return things.product(page.product_id).title
    if category := things.category(page.category_id):
        return _("the category “%(name)s”") % {"name": category.title}
    if page.kind == "checkout":
        return _("the checkout's page “%(step)s”") % {"step": name_step(page.step)}
    return name_kind(page.kind)


def path_of_page(page: PageFacts, things: Things) -> str:
    """Return the path of a product's or category's page; empty for others, which would show the agent's own."""
    if page.kind == "product":
        return things.product(page.product_id).path
    category = things.category(page.category_id)
    return category.path if category else ""


def is_safe_to_open(path: str) -> bool:
    """Whether a path that a shopper sent leads to a page of the catalogue: any other might do something when opened."""
    try:
        return get_page_facts(resolve(path)).kind in _SAFE_TO_OPEN
    except Resolver404:
        return False
