"""Which product, which category? Numbers that people choose and read by name; the names come from the shop, by a port."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Protocol

from django.utils.translation import gettext as _

from oscar_engage.core.registry import Registry
from oscar_engage.rules.types import Integer


class Names(Protocol):
    """What the things of one kind are called."""

    def named(self, ids: Collection[int]) -> Mapping[int, str]:
        """Return the names of those of ``ids`` that are there."""
        ...

    def find(self, text: str) -> Mapping[int, str]:
        """Return things whose name has ``text`` in it, the best first; an empty one may find the most important or none."""
        ...


NAMES: Registry[Names] = Registry("kind of thing")
"""Where the names of each kind come from; the shop's are registered when the app starts."""


class Named(Integer):
    """A thing of the shop by its number; ``name`` is its kind in :data:`NAMES`. Numbers have no order that means anything."""

    operators: ClassVar[tuple[str, ...]] = ("=", "!=", "in", "notIn", "null", "notNull")

    def describe(self, value: Any) -> str:
        """Return the name in quotation marks; a thing that is gone has its number left."""
        found = NAMES.get(self.name).named([value]) if self.name in NAMES else {}
        return _("“%(text)s”") % {"text": found[value]} if value in found else str(value)


class CategoryNumber(Named):
    """A category."""

    name = "category"


class ProductNumber(Named):
    """A product."""

    name = "product"


class SkillNumber(Named):
    """Something that some agents can answer."""

    name = "skill"
