"""What comes back with a beat? Offers, and placeholders for what waits for the shopper, as HTML for the script."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from oscar_engage.decisions.models import Decision
from oscar_engage.desk.waiting import Waiting
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.render import render_offer

_WAITING = '<div data-engage-widget="{kind}" data-engage-open="{url}?fragment=1">{words}</div>'
_WORDS = {"chat": "", "answer": gettext_lazy("Your answer is here"), "basket": gettext_lazy("We have kept your basket")}
"""What a browser says instead, where opening it unasked would cover the page; a chat makes itself small."""


def render_offers(offers: Iterable[Decision], engagements: Mapping[str, Engagement]) -> Iterable[str]:
    """Give the widget of each decision whose engagement is still there."""
    for decision in offers:
        engagement = engagements.get(decision.engagement)
        if engagement is not None:
            yield render_offer(decision, engagement)


def render_withdrawn(decisions: Iterable[UUID]) -> Iterable[str]:
    """Give what takes the invitation of each decision away: its name, and nothing in it."""
    for decision in decisions:
        yield format_html('<div data-engage-widget="withdrawn" data-engage-decision="{}"></div>', decision)


def render_waiting(things: Iterable[Waiting]) -> Iterable[str]:
    """Give a placeholder for each chat and answer."""
    for thing in things:
        name = "engage:chat-detail" if thing.kind == "chat" else "engage:note-detail"
        yield format_html(_WAITING, kind=thing.kind, url=reverse(name, args=[thing.public_id]), words=_WORDS[thing.kind])


def render_kept_basket() -> str:
    """Return the placeholder of the basket that stayed at the bank."""
    return format_html(_WAITING, kind="basket", url=reverse("engage:basket"), words=_WORDS["basket"])
