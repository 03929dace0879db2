"""What do rules ask of the shop's catalogue? A port: which categories a product is in, and what categories are called."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Protocol

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.rules.types import Integer


class Catalogue(Protocol):
    """The shop's products and categories, by their ids. Asked in a beat: it answers from memory where it can."""

    def categories_of(self, product_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
        """Return for each product that is known all its categories, with those above them."""
        ...

    def category_names(self) -> Mapping[int, str]:
        """Return what the categories are called, for people."""
        ...


@lru_cache(maxsize=4)
def _build(path: str) -> Catalogue:
    built: Catalogue = import_string(path)()
    return built


def get_catalogue() -> Catalogue:
    """Return the implementation that ``CATALOGUE`` names."""
    return _build(get_settings().catalogue)


class CategoryNumber(Integer):
    """A category of the shop, by its number; people read its name."""

    name = "category"

    def describe(self, value: Any) -> str:
        """Return the name in quotation marks, the number of a category that is gone."""
        name = get_catalogue().category_names().get(value)
        return str(value) if name is None else _("“%(text)s”") % {"text": name}
