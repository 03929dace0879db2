"""Which blocks does the overview show, and where does each lead? The words of ``analytics.worth``, with links."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from oscar_engage.analytics.worth.figures import list_figures
from oscar_engage.analytics.worth.read import Worth
from oscar_engage.analytics.worth.said import tell_all
from oscar_engage.analytics.worth.said_money import Told
from oscar_engage.dashboard.navigation import may_open
from oscar_engage.dashboard.reports.span import Span

_PAGES = {
    "cost": ("engage-report-costs", _("All costs")),
    "return": ("engage-report-costs", _("All costs")),
    "order": ("engage-report-costs", _("All costs")),
    "saved": ("engage-report-service", _("All about service")),
    "struggles": ("engage-struggles", _("All places where the site hurts")),
    "promises": ("engage-service-times", _("All service times")),
}
"""The page behind each block, and what its link says."""

_MONEY = ("cost", "return", "order", "saved")
_SHOPPERS = ("struggles", "promises")

FIGURE_HEAD = ("figure", "about", "currency", "value", "low", "high", "since", "until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block, the page behind it (``address`` is empty for who may not open it), and what it said of the days beside."""

    told: Told
    address: str
    link: Any
    before: str


def blocks_context(worth: Worth, before: Worth | None, user: Any, span: Span) -> dict[str, Any]:
    """Return the blocks for the template: ``money``, and ``shoppers`` with what is not of money."""
    earlier = {told.key: told.figure for told in _tell(before)} if before else {}
    blocks = {told.key: _block(told, worth, user, span, earlier.get(told.key, "")) for told in _tell(worth)}
    return {
        "money": [blocks[key] for key in _MONEY if key in blocks],
        "shoppers": [blocks[key] for key in _SHOPPERS if key in blocks],
        "money_last": _last(worth),
    }


def _tell(worth: Worth) -> tuple[Told, ...]:
    return tell_all(worth)


def _last(worth: Worth) -> Any:
    return Span(since=worth.since, until=worth.money_until, days=None).last


def _block(told: Told, worth: Worth, user: Any, span: Span, before: str) -> Block:
    name, link = _PAGES[told.key]
    full = f"engage_dashboard:{name}"
    query = Span(since=worth.since, until=worth.money_until, days=None).query if told.key in _MONEY else span.query
    return Block(told=told, address=f"{reverse(full)}?{query}" if may_open(user, full) else "", link=link, before=before)


def figure_rows(worth: Worth) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the file; ``until`` is the last day that belongs to it."""
    for one in list_figures(worth):
        numbers = ("" if number is None else round(number, 4) for number in (one.value, one.low, one.high))
        last = Span(since=one.since, until=one.until, days=None).last
        yield (one.name, one.about, one.currency, *numbers, one.since, last)
