"""What comes back with a beat? Offers, and placeholders for what waits for the shopper, as HTML for the script."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from oscar_engage.decisions.models import Decision
from oscar_engage.desk.waiting import Waiting
from oscar_engage.modules import is_on
from oscar_engage.widgets.filling import Offerable
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.render import render_offer

_WAITING = '<div data-engage-widget="{kind}" data-engage-open="{url}?fragment=1">{words}</div>'
_WORDS = {"chat": "", "answer": gettext_lazy("Your answer is here"), "basket": gettext_lazy("We have kept your basket")}
"""What a browser says instead, where opening it unasked would cover the page; a chat makes itself small."""


def render_offers(offers: Iterable[Decision], engagements: Mapping[str, Engagement], offerable: Offerable) -> Iterable[str]:
    """Give the widget of each decision, as it was filled in to be offered, in the page's language."""
    for decision in offers:
        engagement = engagements.get(decision.engagement)
        filled = offerable.filled(decision.engagement)
        if engagement is not None and filled is not None:
            yield render_offer(decision, engagement, filled, language=offerable.language)


def render_withdrawn(decisions: Iterable[UUID]) -> Iterable[str]:
    """Give what takes the invitation of each decision away: its name, and nothing in it."""
    for decision in decisions:
        yield format_html('<div data-engage-widget="withdrawn" data-engage-decision="{}"></div>', decision)


def render_waiting(things: Iterable[Waiting]) -> Iterable[str]:
    """Give a placeholder for each chat and answer; a note for the element that was asked about, where one was."""
    for thing in things:
        if thing.is_put_away or not is_on("chat" if thing.kind == "chat" else "desk"):
            continue
        if thing.place.anchor or thing.place.anchor_path:
            yield render_answer(thing)
            continue
        name = "engage:chat-detail" if thing.kind == "chat" else "engage:note-detail"
        yield format_html(_WAITING, kind=thing.kind, url=reverse(name, args=[thing.public_id]), words=_WORDS[thing.kind])


def render_answer(thing: Waiting) -> str:
    """Return the note that says that the answer is there; the script puts it beside the element, on every page that has it."""
    return render_to_string(
        "oscar_engage/widgets/answer.html",
        {
            "place": thing.place,
            "title_id": f"engage-answer-{thing.public_id}",
            "open_url": reverse("engage:note-detail", args=[thing.public_id]) + "?fragment=1",
            "put_away_url": reverse("engage:note-put-away", args=[thing.public_id]),
        },
    )


def render_kept_basket() -> str:
    """Return the placeholder of the basket that stayed at the bank."""
    return format_html(_WAITING, kind="basket", url=reverse("engage:basket"), words=_WORDS["basket"])
