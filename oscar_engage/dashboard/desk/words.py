"""What did the shopper do? A signal of the log in words, for the agent who answers."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.dashboard.desk import words_help
from oscar_engage.dashboard.desk.pages import Things
from oscar_engage.rules.kinds import LABELS
from oscar_engage.signals.kinds import KINDS
from oscar_engage.visitors.page_names import name_step

_SECONDS_UNTIL_MINUTES = 90  # up to there, minutes would be too rough

Writer = Callable[[Mapping[str, Any], Things], str]


def describe(kind: str, payload: Mapping[str, Any], things: Things) -> str:
    """Return the signal in one short sentence; a shop's own kind is named by its meaning, an unknown one by its name.

    ``things`` are what the payload names by id. The text holds what visitors typed: print it escaped.
    """
    write = _WRITERS.get(kind) or words_help.WRITERS.get(kind)
    if write is not None:
        return write(payload, things)
    if kind in LABELS:
        return capfirst(str(LABELS[kind]))
    return KINDS.get(kind).meaning.partition("\n")[0] if kind in KINDS else kind


def say_looked(page: str, seconds: float | None) -> str:
    """Return that the page of this name was opened, and for how long it was in view if that is known."""
    if seconds is None:
        return _("Looked at %(page)s") % {"page": page}
    return _("Looked at %(page)s (%(duration)s)") % {"page": page, "duration": _duration(seconds)}


def say_left(page: str, seconds: float | None) -> str:
    """Return that the page of this name, opened earlier than the journey begins, was left."""
    return _("Left %(page)s (%(duration)s)") % {"page": page, "duration": _duration(seconds or 0)}


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < _SECONDS_UNTIL_MINUTES:
        return ngettext("%(count)s second", "%(count)s seconds", whole) % {"count": whole}
    minutes = round(seconds / 60)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def _about_product(sentence: Callable[[], str]) -> Writer:
    return lambda payload, things: sentence() % {"product": things.product(payload.get("product_id")).title}


def _plain(sentence: Callable[[], str]) -> Writer:
    return lambda _payload, _things: sentence()


def _search(payload: Mapping[str, Any], things: Things) -> str:
    results = payload.get("results", 0)
    words = {"query": payload.get("query", ""), "results": results}
    if not results:
        return _("Searched for “%(query)s” and found nothing") % words
    return (
        ngettext("Searched for “%(query)s”: %(results)s product", "Searched for “%(query)s”: %(results)s products", results)
        % words
    )


def _sent_back(payload: Mapping[str, Any], things: Things) -> str:
    return _("Was sent back from the checkout's page “%(step)s”") % {"step": name_step(str(payload.get("step", "")))}


def _form(payload: Mapping[str, Any], things: Things) -> str:
    fields = ", ".join(str(name) for name in payload.get("fields", ()))
    return _("A form was refused: %(fields)s") % {"fields": fields} if fields else _("A form was refused")


def _measured(payload: Mapping[str, Any], things: Things) -> str:
    return _("Basket came to %(total)s %(currency)s") % {
        "total": f"{payload.get('total', 0):.2f}",
        "currency": payload.get("currency", ""),
    }


def _payment_failed(payload: Mapping[str, Any], things: Things) -> str:
    if payload.get("reason") == "declined":
        return _("Payment was declined")
    return _("Payment failed")


def _status(sentence: Callable[[], str]) -> Writer:
    return lambda payload, _things: sentence() % {"status": payload.get("status", "")}


def _seconds(sentence: Callable[[], str]) -> Writer:
    return lambda payload, _things: sentence() % {"seconds": round(payload.get("seconds", 0))}


_WRITERS: dict[str, Writer] = {
    "product.unavailable": _about_product(lambda: _("Could not buy %(product)s: not available")),
    "search.made": _search,
    "basket.line_added": _about_product(lambda: _("Put %(product)s into the basket")),
    "basket.line_changed": _about_product(lambda: _("Changed the quantity of %(product)s")),
    "basket.line_removed": _about_product(lambda: _("Took %(product)s out of the basket")),
    "basket.refused": _about_product(lambda: _("Could not add %(product)s")),
    "basket.measured": _measured,
    "voucher.added": _plain(lambda: _("Added a voucher")),
    "voucher.removed": _plain(lambda: _("Took a voucher off")),
    "voucher.refused": _plain(lambda: _("A voucher was refused")),
    "checkout.started": _plain(lambda: _("Entered the checkout")),
    "checkout.refused": _sent_back,
    "form.invalid": _form,
    "payment.tried": _plain(lambda: _("Tried to pay")),
    "payment.redirected": _plain(lambda: _("Went to the bank's page")),
    "payment.failed": _payment_failed,
    "order.failed": _plain(lambda: _("Paid, but the order could not be placed")),
    "order.placed": _plain(lambda: _("Placed an order")),
    "order.changed": _status(lambda: _("An order became “%(status)s”")),
    "order.line_changed": _status(lambda: _("A line of an order became “%(status)s”")),
    "review.written": _about_product(lambda: _("Reviewed %(product)s")),
    "wishlist.added": _about_product(lambda: _("Put %(product)s on a wish list")),
    "stock_alert.requested": _about_product(lambda: _("Asked to be told when %(product)s is back")),
    "login.failed": _plain(lambda: _("A login failed")),
    "login.succeeded": _plain(lambda: _("Logged in")),
    "login.ended": _plain(lambda: _("Logged out")),
    "customer.registered": _plain(lambda: _("Opened an account")),
    "page.idle": _seconds(lambda: _("Did nothing for %(seconds)s seconds")),
    "page.exit_intent": _plain(lambda: _("Moved to leave the page")),
    "page.hidden": _seconds(lambda: _("Was in another tab for %(seconds)s seconds")),
    "widget.seen": _plain(lambda: _("Saw our offer")),
    "widget.accepted": _plain(lambda: _("Took our offer")),
    "widget.dismissed": _plain(lambda: _("Closed our offer")),
}
