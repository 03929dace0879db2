"""What did the shopper try before asking, and what became of their basket? Signals of the log in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.dashboard.desk.pages import Things

Payload = Mapping[str, Any]


def _searched(payload: Payload, things: Things) -> str:
    results = payload.get("results", 0)
    return ngettext(
        "Searched the help for “%(query)s”: %(results)s article",
        "Searched the help for “%(query)s”: %(results)s articles",
        results,
    ) % {"query": payload.get("query", ""), "results": results}


def _opened(payload: Payload, things: Things) -> str:
    article = payload.get("article", "")
    return _("Read the help article “%(article)s”") % {"article": article} if article else _("Opened the help page")


def _rated(payload: Payload, things: Things) -> str:
    words = {"article": payload.get("article", "")}
    if payload.get("helpful"):
        return _("Found the article “%(article)s” helpful") % words
    return _("Found the article “%(article)s” not helpful") % words


def _contact(payload: Payload, things: Things) -> str:
    return _("Opened the form for a question")


def _no_click(payload: Payload, things: Things) -> str:
    return _("Found no answer to “%(query)s” in the help") % {"query": payload.get("query", "")}


def _bypassed(payload: Payload, things: Things) -> str:
    return _("Asks without having looked at the help")


def _answered(payload: Payload, things: Things) -> str:
    article = payload.get("article", "")
    if not article:
        return _("Was told what the shop knows")
    return _("Was shown the article “%(article)s” as an answer") % {"article": article}


def _self_resolved(payload: Payload, things: Things) -> str:
    article = payload.get("article", "")
    return _("Took the article “%(article)s” as the answer") % {"article": article} if article else _("Took that as the answer")


def _tool(sentence: Callable[[], str]) -> Callable[[Payload, Things], str]:
    return lambda payload, _things: sentence() % {"tool": payload.get("tool", "")}


def _price(payload: Payload, things: Things) -> str:
    return _("The price of %(product)s in the basket went from %(before)s to %(now)s %(currency)s") % {
        "product": things.product(payload.get("product_id")).title,
        "before": f"{payload.get('before', 0):.2f}",
        "now": f"{payload.get('now', 0):.2f}",
        "currency": payload.get("currency", ""),
    }


def _unavailable(payload: Payload, things: Things) -> str:
    words = {"product": things.product(payload.get("product_id")).title}
    if payload.get("reason") == "too_few":
        return _("Too few of %(product)s in the basket are left") % words
    return _("%(product)s in the basket is sold out") % words


WRITERS: dict[str, Callable[[Payload, Things], str]] = {
    "help.searched": _searched,
    "help.opened": _opened,
    "help.rated": _rated,
    "help.contact_opened": _contact,
    "help.no_click": _no_click,
    "help.bypassed": _bypassed,
    "answers.found": _answered,
    "answers.self_resolved": _self_resolved,
    "survey.answered": lambda _payload, _things: _("Answered a survey"),
    "visit.began": lambda _payload, _things: _("Came to the shop"),
    "visit.abandoning": lambda _payload, _things: _("Was about to abandon the basket"),
    "selfhelp.started": _tool(lambda: _("Started “%(tool)s”")),
    "selfhelp.finished": _tool(lambda: _("Finished “%(tool)s”")),
    "selfhelp.abandoned": _tool(lambda: _("Gave up “%(tool)s”")),
    "basket.price_changed": _price,
    "basket.line_unavailable": _unavailable,
}
"""For each kind, what writes its payload."""

UNTOLD = ("basket.checked", "help.not_helpful", "page.picked")
"""Kinds that say nothing to people which another signal beside them does not."""
