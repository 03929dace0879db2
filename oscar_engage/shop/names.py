"""What are the shop's products and categories called, and which have these words in their name? Kept for five minutes."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from oscar.core.loading import get_model

from oscar_engage.rules.named import NAMES
from oscar_engage.shop.facts import category_things, product_things

FRESH_FOR = 300.0
"""Seconds for which a process goes on with the names it has read."""
MOST_KEPT = 2_000
"""Names that are kept; beyond that, all are forgotten at once."""
MOST_FOUND = 20
"""Things that a search shows."""
LONGEST_SEARCH = 80

Read = Callable[[Collection[int]], Mapping[int, str]]
Find = Callable[[str], Mapping[int, str]]


class ShopNames:
    """The port ``rules.named.Names`` for one kind of thing. ``clock`` gives seconds that only grow."""

    def __init__(self, read: Read, find: Find, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._read, self._find, self._clock = read, find, clock
        self.forget()

    def forget(self) -> None:
        """Read anew at the next question."""
        self._until = 0.0
        self._kept: dict[int, str | None] = {}
        self._first: Mapping[int, str] | None = None

    def named(self, ids: Collection[int]) -> Mapping[int, str]:
        """Return the names of ``ids``, with one query for all that were not asked for lately."""
        self._refresh()
        unread = set(ids) - self._kept.keys()
        if unread:
            self._kept.update({**dict.fromkeys(unread), **self._read(unread)})
        return {one: name for one in ids if (name := self._kept[one]) is not None}

    def find(self, text: str) -> Mapping[int, str]:
        """Return what the search finds, with one query; what an empty one finds is kept like the names."""
        text = text.strip()[:LONGEST_SEARCH]
        if text:
            return self._find(text)
        self._refresh()
        self._first = self._find("") if self._first is None else self._first
        return self._first

    def _refresh(self) -> None:
        if self._clock() >= self._until or len(self._kept) > MOST_KEPT:
            self.forget()
            self._until = self._clock() + FRESH_FOR


def find_products(text: str) -> Mapping[int, str]:
    """Return up to :data:`MOST_FOUND` products by title, number or UPC; without a text, none: there are too many."""
    if not text:
        return {}
    asked = Q(title__icontains=text) | Q(upc__iexact=text) | _numbered(text)
    rows = get_model("catalogue", "Product").objects.filter(asked).exclude(structure="child").order_by("title", "pk")
    return _first(rows, "title")


def find_categories(text: str) -> Mapping[int, str]:
    """Return up to :data:`MOST_FOUND` categories by name or number; without a text, those at the top."""
    asked = Q(name__icontains=text) | _numbered(text) if text else Q(depth=1)
    return _first(get_model("catalogue", "Category").objects.filter(asked).order_by("path"), "name")


def _first(rows: QuerySet[Any], title: str) -> Mapping[int, str]:
    return dict(rows.values_list("pk", title)[:MOST_FOUND])


def _numbered(text: str) -> Q:
    return Q(pk=int(text)) if text.isdecimal() and len(text) < 10 else Q(pk__in=())  # noqa: PLR2004 - what fits an id


def _product_names(ids: Collection[int]) -> Mapping[int, str]:
    return _titles(product_things(ids).items())


def _category_names(ids: Collection[int]) -> Mapping[int, str]:
    return _titles(category_things(ids).items())


def _titles(things: Iterable[tuple[int, Any]]) -> Mapping[int, str]:
    return {pk: thing.title for pk, thing in things}


NAMES.register("product", ShopNames(_product_names, find_products))
NAMES.register("category", ShopNames(_category_names, find_categories))
