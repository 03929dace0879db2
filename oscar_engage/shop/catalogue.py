"""Which categories is a product in? Asked of Oscar's tables, kept in the process for five minutes."""

import time
from collections.abc import Callable, Collection, Mapping
from itertools import accumulate
from typing import Any

from django.db import DatabaseError, router, transaction
from oscar.core.loading import get_model

from oscar_engage.signals.faults import note_fault

FRESH_FOR = 300.0
"""Seconds for which a process goes on with what it has read."""

MOST_PRODUCTS = 10_000
"""Products whose categories are kept; beyond that, all are forgotten at once and read anew as they are asked for."""


class ShopCatalogue:
    """Oscar's catalogue, as far as products and categories go. ``clock`` gives seconds that only grow."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.forget()

    def forget(self) -> None:
        """Read anew at the next question."""
        self._until = 0.0
        self._lineages: Mapping[int, frozenset[int]] = {}
        self._products: dict[int, frozenset[int]] = {}

    def categories_of(self, product_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
        """Return the categories of each product, with those above them; a child's are its parent's.

        Two queries for products that were not asked for lately, and one for the tree every :data:`FRESH_FOR` seconds. What
        cannot be read is left out.
        """
        self._refresh()
        unread = set(product_ids) - self._products.keys()
        if unread:
            self._keep(unread)
        return {product: self._products[product] for product in product_ids if product in self._products}

    def _refresh(self) -> None:
        if self._clock() < self._until:
            return
        self._until, self._products = self._clock() + FRESH_FOR, {}
        try:
            with _savepoint("Category"):
                self._lineages = _read_lineages()
        except DatabaseError:
            note_fault("look")

    def _keep(self, product_ids: Collection[int]) -> None:
        if len(self._products) + len(product_ids) > MOST_PRODUCTS:
            self._products = {}
        try:
            with _savepoint("Product"):
                self._products.update(_read_products(product_ids, self._lineages))
        except DatabaseError:
            note_fault("look")


def _savepoint(model: str) -> Any:
    """The shop's tables may be in the beat's own transaction, which a failed query would cost."""
    return transaction.atomic(using=router.db_for_read(get_model("catalogue", model)))


def _read_lineages() -> Mapping[int, frozenset[int]]:
    """Return every category with itself and those above it."""
    model = get_model("catalogue", "Category")
    rows = list(model._default_manager.values_list("pk", "path"))
    by_path, step = {path: pk for pk, path in rows}, model.steplen
    lineages = {}
    for pk, path in rows:
        above = accumulate(path[start : start + step] for start in range(0, len(path), step))
        lineages[pk] = frozenset(by_path[one] for one in above if one in by_path)
    return lineages


def _read_products(product_ids: Collection[int], lineages: Mapping[int, frozenset[int]]) -> dict[int, frozenset[int]]:
    """Return the categories of these products, with two queries; one without any has none: it is not asked for again."""
    product, joined = get_model("catalogue", "Product"), get_model("catalogue", "ProductCategory")
    found: dict[int, frozenset[int]] = dict.fromkeys(product_ids, frozenset())
    rows = product._default_manager.filter(pk__in=product_ids).values_list("pk", "parent_id")
    shown = {pk: parent or pk for pk, parent in rows}
    pairs = joined._default_manager.filter(product_id__in=set(shown.values())).values_list("product_id", "category_id")
    categories: dict[int, set[int]] = {}
    for product_id, category_id in pairs:
        categories.setdefault(product_id, set()).update(lineages.get(category_id, ()))
    found.update({pk: frozenset(categories.get(parent, ())) for pk, parent in shown.items()})
    return found
