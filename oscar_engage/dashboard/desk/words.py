"""What did the shopper do? A signal of the log in words, for the agent who answers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.signals.kinds import KINDS

Titles = Mapping[int, str]
Writer = Callable[[Mapping[str, Any], Titles], str]


def describe(kind: str, payload: Mapping[str, Any], titles: Titles) -> str:
    """Return the signal in one short sentence; a shop's own kind is named by its meaning, an unknown one by its name.

    ``titles`` are product titles by id. The text holds what visitors typed: print it escaped.
    """
    write = _WRITERS.get(kind)
    if write is not None:
        return write(payload, titles)
    return KINDS.get(kind).meaning.partition("\n")[0] if kind in KINDS else kind


def product_ids(payloads: Iterable[Mapping[str, Any]]) -> set[int]:
    """Return the ids of all products that ``payloads`` name."""
    found = (payload.get("product_id") for payload in payloads)
    return {pk for pk in found if isinstance(pk, int)}


def _product(payload: Mapping[str, Any], titles: Titles) -> str:
    pk = payload.get("product_id")
    return titles.get(pk, _("a product")) if isinstance(pk, int) else _("a product")


def _about_product(sentence: Callable[[], str]) -> Writer:
    return lambda payload, titles: sentence() % {"product": _product(payload, titles)}


def _plain(sentence: Callable[[], str]) -> Writer:
    return lambda _payload, _titles: sentence()


def _search(payload: Mapping[str, Any], titles: Titles) -> str:
    results = payload.get("results", 0)
    words = {"query": payload.get("query", ""), "results": results}
    if not results:
        return _("Searched for “%(query)s” and found nothing") % words
    return (
        ngettext("Searched for “%(query)s”: %(results)s product", "Searched for “%(query)s”: %(results)s products", results)
        % words
    )


def _step(payload: Mapping[str, Any], titles: Titles) -> str:
    return _("Opened the checkout's page “%(step)s”") % {"step": payload.get("step", "")}


def _sent_back(payload: Mapping[str, Any], titles: Titles) -> str:
    return _("Was sent back from the checkout's page “%(step)s”") % {"step": payload.get("step", "")}


def _form(payload: Mapping[str, Any], titles: Titles) -> str:
    fields = ", ".join(str(name) for name in payload.get("fields", ()))
    return _("A form was refused: %(fields)s") % {"fields": fields} if fields else _("A form was refused")


def _measured(payload: Mapping[str, Any], titles: Titles) -> str:
    return _("Basket came to %(total)s %(currency)s") % {
        "total": f"{payload.get('total', 0):.2f}",
        "currency": payload.get("currency", ""),
    }


def _payment_failed(payload: Mapping[str, Any], titles: Titles) -> str:
    if payload.get("reason") == "declined":
        return _("Payment was declined")
    return _("Payment failed")


def _seconds(sentence: Callable[[], str]) -> Writer:
    return lambda payload, _titles: sentence() % {"seconds": round(payload.get("seconds", 0))}


_WRITERS: dict[str, Writer] = {
    "product.viewed": _about_product(lambda: _("Looked at %(product)s")),
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
    "checkout.step": _step,
    "checkout.refused": _sent_back,
    "form.invalid": _form,
    "payment.tried": _plain(lambda: _("Tried to pay")),
    "payment.redirected": _plain(lambda: _("Went to the bank's page")),
    "payment.failed": _payment_failed,
    "order.failed": _plain(lambda: _("Paid, but the order could not be placed")),
    "order.placed": _plain(lambda: _("Placed an order")),
    "login.failed": _plain(lambda: _("A login failed")),
    "login.succeeded": _plain(lambda: _("Logged in")),
    "customer.registered": _plain(lambda: _("Opened an account")),
    "page.viewed": _plain(lambda: _("Opened a page")),
    "page.left": _plain(lambda: _("Left a page")),
    "page.idle": _seconds(lambda: _("Did nothing for %(seconds)s seconds")),
    "page.exit_intent": _plain(lambda: _("Moved to leave the page")),
    "page.hidden": _seconds(lambda: _("Was in another tab for %(seconds)s seconds")),
    "widget.seen": _plain(lambda: _("Saw our offer")),
    "widget.accepted": _plain(lambda: _("Took our offer")),
    "widget.dismissed": _plain(lambda: _("Closed our offer")),
}
