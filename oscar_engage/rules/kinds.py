"""What are signals called in a rule? Each shipped kind in words, and the choice among all that are registered."""

from collections.abc import Iterator, Mapping

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.modules import is_there
from oscar_engage.rules.types import Choice
from oscar_engage.signals.kinds import KINDS

LABELS: Mapping[str, str | Promise] = {
    "visit.began": _("visits begun"),
    "page.viewed": _("pages viewed"),
    "page.left": _("pages left"),
    "product.viewed": _("products viewed"),
    "product.unavailable": _("sold-out products viewed"),
    "search.made": _("searches"),
    "basket.line_added": _("products put into the basket"),
    "basket.line_changed": _("quantities changed in the basket"),
    "basket.line_removed": _("products taken out of the basket"),
    "basket.refused": _("refusals to add to the basket"),
    "basket.measured": _("changes of the basket"),
    "basket.checked": _("looks at the basket that found something"),
    "basket.price_changed": _("prices that moved in the basket"),
    "basket.line_unavailable": _("products gone from stock in the basket"),
    "basket.abandoned": _("baskets left behind"),
    "voucher.added": _("vouchers added"),
    "voucher.removed": _("vouchers taken off"),
    "voucher.refused": _("vouchers refused"),
    "checkout.started": _("checkouts begun"),
    "checkout.step": _("checkout pages opened"),
    "checkout.back": _("steps back in the checkout"),
    "checkout.shipping": _("countries and ways of shipping told"),
    "checkout.refused": _("times sent back by the checkout"),
    "form.invalid": _("forms refused"),
    "payment.tried": _("payments tried"),
    "payment.redirected": _("times sent to the bank's page"),
    "payment.failed": _("payments failed"),
    "payment.lost": _("payments not finished at the bank"),
    "order.placed": _("orders placed"),
    "order.failed": _("orders that failed after the payment"),
    "order.changed": _("changes of an order's status"),
    "order.line_changed": _("changes of an order line's status"),
    "review.written": _("reviews written"),
    "wishlist.added": _("products put on a wish list"),
    "stock_alert.requested": _("alerts asked for"),
    "login.failed": _("logins failed"),
    "login.succeeded": _("logins"),
    "login.recognised": _("visits begun logged in"),
    "login.ended": _("logouts"),
    "customer.registered": _("accounts opened"),
    "help.searched": _("searches in the help"),
    "help.no_click": _("searches in the help that led to no article"),
    "help.opened": _("help articles opened"),
    "help.rated": _("help articles rated"),
    "help.not_helpful": _("help articles of no use"),
    "help.contact_opened": _("times a question's form was opened"),
    "help.bypassed": _("questions asked without having looked at help"),
    "selfhelp.started": _("self-help tools started"),
    "selfhelp.finished": _("self-help tools finished"),
    "selfhelp.abandoned": _("self-help tools given up"),
    "answers.found": _("questions with an answer at once"),
    "answers.self_resolved": _("questions solved without us"),
    "survey.answered": _("surveys answered"),
    "visit.abandoning": _("times about to abandon the basket"),
    "visit.came_back": _("returns to a basket left behind"),
    "page.quick_back": _("pages left at once"),
    "page.idle": _("idle moments"),
    "page.hidden": _("times in another tab"),
    "page.exit_intent": _("times about to leave"),
    "page.scrolled": _("pages scrolled"),
    "page.sought": _("searches by scrolling"),
    "page.rage_clicked": _("bursts of angry clicks"),
    "page.dead_clicked": _("clicks that did nothing"),
    "page.timed": _("pages timed"),
    "page.picked": _("places of ours looked for"),
    "field.help_opened": _("readings of the help with a field"),
    "page.anchors": _("pages with marked places in view"),
    "pointer.thrashed": _("times the mouse was shaken"),
    "field.hesitated": _("hesitations at a field"),
    "field.left": _("fields left"),
    "text.copied": _("texts copied"),
    "option.toggled": _("choices changed again and again"),
    "script.failed": _("pages with errors of scripts"),
    "widget.seen": _("offers seen"),
    "widget.accepted": _("offers followed"),
    "widget.dismissed": _("offers dismissed"),
    "widget.ignored": _("invitations not answered"),
    "mail.sent": _("mails about a basket sent"),
    "mail.followed": _("links in such mails followed"),
    "mail.unsubscribed": pgettext_lazy("kind of signal", "such mails ended"),
}


class _Registered(Mapping[str, str | Promise]):
    """The kinds that are registered when it is asked, ours first, each with its words; a shop's own is called by its name.

    Those of a module that is off are not listed, and still known by their names: what was written with them can be read.
    """

    def __getitem__(self, name: str) -> str | Promise:
        if name not in KINDS:
            raise KeyError(name)
        return LABELS.get(name, name)

    def __iter__(self) -> Iterator[str]:
        yield from (name for name in LABELS if name in KINDS and is_there("signals", name))
        yield from (name for name in KINDS.names() if name not in LABELS)

    def __len__(self) -> int:
        return sum(1 for _name in self)


SIGNAL_KINDS = Choice(_Registered())
"""The type of a parameter that names a kind of signal."""


def carries(kind: str, *fields: str) -> bool:
    """Whether signals of the registered ``kind`` have one of these ``fields``."""
    return not {field.name for field in msgspec.structs.fields(KINDS.get(kind).payload)}.isdisjoint(fields)
