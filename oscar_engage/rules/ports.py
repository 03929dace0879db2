"""What do rules ask of the shop? The Protocol behind the setting ``SHOP``."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Protocol

from django.utils.module_loading import import_string

from oscar_engage.conf import get_settings
from oscar_engage.rules.answers import CategoryFacts, CustomerFacts, ProductFacts


class Shop(Protocol):
    """The shop's own facts, asked inside a beat and only when a rule reads them.

    What raises counts as not known. Each may cost a query or two, and not wait for another system.
    """

    def product(self, product_id: int) -> ProductFacts | None:
        """Return what is known of a product; ``None`` when there is none."""
        ...

    def categories(self, *, category_ids: Collection[int] = (), product_ids: Collection[int] = ()) -> tuple[CategoryFacts, ...]:
        """Return these categories, those of these products, and all above them, from the root down."""
        ...

    def categories_of(self, product_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
        """Return for each product that is known all its categories, with those above them; from memory where it can."""
        ...

    def customer(self, customer_id: int) -> CustomerFacts:
        """Return what the customer ordered."""
        ...

    def country(self, customer_id: int) -> str:
        """Return the two letters of the country of the customer's own address; empty without one."""
        ...


@lru_cache(maxsize=4)
def _build(path: str) -> Shop:
    built: Shop = import_string(path)()
    return built


def get_shop() -> Shop:
    """Return the implementation that ``SHOP`` names."""
    return _build(get_settings().shop)
