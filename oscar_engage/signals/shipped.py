"""The kinds that come with the package: the server's, the browser's, and those that follow from others."""

from typing import Annotated

from msgspec import Meta

from oscar_engage.signals.kinds import Amount, Count, Id, Name, Names, Payload, Phrase, Seconds, signal_kind

MOST_PRODUCTS = 20
"""Products that one measurement of a basket names: more in one basket are an import, not a purchase."""


@signal_kind("product.viewed")
class ProductViewed(Payload, frozen=True):
    """A product's page was opened."""

    product_id: Id


@signal_kind("product.unavailable")
class ProductUnavailable(Payload, frozen=True):
    """A product's page was opened and the product could not be bought: sold out, or without a price."""

    product_id: Id


@signal_kind("search.made")
class SearchMade(Payload, frozen=True):
    """A search was made and found ``results`` products."""

    query: Phrase
    results: Count


@signal_kind("basket.line_added", needs_commit=True)
class LineAdded(Payload, frozen=True):
    """A product was put into the basket."""

    product_id: Id
    basket_id: Id | None = None


@signal_kind("basket.line_changed", needs_commit=True)
class LineChanged(Payload, frozen=True):
    """The quantity of a line in the basket was changed."""

    product_id: Id
    quantity: Count
    basket_id: Id | None = None


@signal_kind("basket.line_removed", needs_commit=True)
class LineRemoved(Payload, frozen=True):
    """A line was taken out of the basket."""

    product_id: Id
    basket_id: Id | None = None


@signal_kind("basket.refused")
class LineRefused(Payload, frozen=True):
    """The shop refused to add a product or to change a quantity (no stock, over the cap)."""

    product_id: Id | None = None


@signal_kind("basket.measured")
class BasketMeasured(Payload, frozen=True):
    """What the basket came to after a change: total with tax after offers, number of lines and pieces.

    ``saved`` is what offers and vouchers took off, ``voucher`` whether a voucher is in use, ``variants`` whether two lines are
    variants (sizes) of one product, ``products`` up to twenty of the products' ids, ``filled_at`` when (ms) a line was last
    put in or its quantity changed.
    """

    basket_id: Id
    total: Amount
    currency: Name = ""
    lines: Count = 0
    quantity: Count = 0
    saved: Amount = 0
    voucher: bool = False
    variants: bool = False
    products: Annotated[tuple[Id, ...], Meta(max_length=MOST_PRODUCTS)] = ()
    filled_at: Id = 0


@signal_kind("voucher.added", needs_commit=True)
class VoucherAdded(Payload, frozen=True):
    """A voucher was added to the basket."""


@signal_kind("voucher.removed", needs_commit=True)
class VoucherRemoved(Payload, frozen=True):
    """A voucher was taken off the basket."""


@signal_kind("voucher.refused")
class VoucherRefused(Payload, frozen=True):
    """A voucher code was refused (wrong, expired, used)."""


@signal_kind("checkout.started")
class CheckoutStarted(Payload, frozen=True):
    """The checkout was entered."""


@signal_kind("checkout.step")
class CheckoutStep(Payload, frozen=True):
    """A page of the checkout was opened; ``step`` is the view's name."""

    step: Name


@signal_kind("checkout.refused")
class CheckoutRefused(Payload, frozen=True):
    """The checkout sent the shopper back (empty or invalid basket, no address, no shipping method); ``step`` was asked for."""

    step: Name


@signal_kind("form.invalid")
class FormInvalid(Payload, frozen=True):
    """A form came back with errors: the names of its fields, never a value."""

    form: Name
    fields: Names = ()


@signal_kind("payment.tried")
class PaymentTried(Payload, frozen=True):
    """The shopper pressed "pay"."""


@signal_kind("payment.redirected")
class PaymentRedirected(Payload, frozen=True):
    """The shopper was sent to the bank's own page."""


@signal_kind("payment.failed")
class PaymentFailed(Payload, frozen=True):
    """The payment was refused (``declined``) or broke (``error``)."""

    reason: Name = "error"


@signal_kind("order.failed")
class OrderFailed(Payload, frozen=True):
    """The payment went through but the order could not be placed."""


@signal_kind("order.placed", needs_commit=True)
class OrderPlaced(Payload, frozen=True):
    """An order was placed. Revenue is never taken from here but read from the shop's own rows."""

    order_id: Id
    basket_id: Id | None = None


@signal_kind("order.changed", needs_commit=True)
class OrderChanged(Payload, frozen=True):
    """The shop gave an order another status (sent, cancelled …), by the shop's own name for it."""

    order_id: Id
    status: Phrase
    before: Phrase = ""


@signal_kind("order.line_changed", needs_commit=True)
class OrderLineChanged(Payload, frozen=True):
    """The shop gave one line of an order another status, by the shop's own name for it."""

    order_id: Id
    status: Phrase
    before: Phrase = ""
    product_id: Id | None = None


@signal_kind("review.written", needs_commit=True)
class ReviewWritten(Payload, frozen=True):
    """A product was reviewed, with a score out of 5."""

    product_id: Id
    score: Count = 0


@signal_kind("wishlist.added", needs_commit=True)
class WishlistAdded(Payload, frozen=True):
    """A product was put on a wish list."""

    product_id: Id | None = None


@signal_kind("stock_alert.requested", needs_commit=True)
class StockAlertRequested(Payload, frozen=True):
    """The shopper asked to be told when a product is back in stock."""

    product_id: Id


@signal_kind("login.failed")
class LoginFailed(Payload, frozen=True):
    """A login was refused."""


@signal_kind("login.succeeded")
class LoginSucceeded(Payload, frozen=True):
    """A customer logged in."""


@signal_kind("login.ended")
class LoginEnded(Payload, frozen=True):
    """A customer logged out. The browser is nobody's from then on."""


@signal_kind("customer.registered")
class CustomerRegistered(Payload, frozen=True):
    """An account was opened."""


@signal_kind("page.viewed", from_browser=True)
class PageViewed(Payload, frozen=True):
    """A page was shown in a browser that runs our script. What page is the server's word, from the facts that it signed."""

    page: Name = ""
    product_id: Id | None = None
    category_id: Id | None = None
    step: Name = ""


@signal_kind("page.left", from_browser=True)
class PageLeft(Payload, frozen=True):
    """A page was left after so many seconds in view, so many of them without activity. What page, as in ``page.viewed``."""

    visible: Seconds = 0
    idle: Seconds = 0
    page: Name = ""
    product_id: Id | None = None
    category_id: Id | None = None
    step: Name = ""


@signal_kind("page.idle", from_browser=True)
class PageIdle(Payload, frozen=True):
    """Nothing was touched for ``seconds`` while the page was in view."""

    seconds: Seconds


@signal_kind("page.exit_intent", from_browser=True)
class ExitIntent(Payload, frozen=True):
    """The pointer left the window upwards (on phones: a fast scroll up): the shopper may be leaving."""


@signal_kind("page.hidden", from_browser=True)
class PageHidden(Payload, frozen=True):
    """The page was hidden (another tab or app) for ``seconds``."""

    seconds: Seconds


@signal_kind("widget.seen", from_browser=True)
class WidgetSeen(Payload, frozen=True):
    """A widget was really displayed."""

    decision: Name


@signal_kind("widget.accepted", from_browser=True)
class WidgetAccepted(Payload, frozen=True):
    """The shopper followed a widget that needs no form (a balloon's button)."""

    decision: Name


@signal_kind("widget.dismissed", from_browser=True)
class WidgetDismissed(Payload, frozen=True):
    """The shopper closed a widget: a "no" that is remembered."""

    decision: Name


@signal_kind("widget.ignored", from_browser=True)
class WidgetIgnored(Payload, frozen=True):
    """An invitation went away because nobody had answered it for a while: no "no"."""

    decision: Name


@signal_kind("page.quick_back")
class QuickBack(Payload, frozen=True):
    """A page was left within ten seconds for the one before it: not what was looked for. Names the product, if it had one."""

    product_id: Id | None = None


@signal_kind("checkout.back")
class CheckoutBack(Payload, frozen=True):
    """An earlier step of the checkout was opened again; ``step`` is that one."""

    step: Name


@signal_kind("visit.abandoning")
class AboutToAbandon(Payload, frozen=True):
    """The shopper seems about to abandon a basket: at this stage, because of an ``exit_intent`` or because ``idle``."""

    stage: Name
    because: Name


@signal_kind("visit.came_back")
class CameBack(Payload, frozen=True):
    """A visitor who had abandoned this basket came back, so many days later."""

    basket_id: Id
    days: Count = 0


@signal_kind("basket.abandoned")
class BasketAbandoned(Payload, frozen=True):
    """The visitor left a basket behind and did not come back within the hour. Told once for each basket."""

    basket_id: Id
    lines: Count = 0


@signal_kind("payment.lost")
class PaymentLost(Payload, frozen=True):
    """The shopper was sent to the bank's page and neither paid nor came back to the checkout; the basket is frozen."""

    basket_id: Id | None = None


@signal_kind("mail.sent")
class MailSent(Payload, frozen=True):
    """The one mail about a basket left behind was handed to the mail server."""

    basket_id: Id


@signal_kind("mail.followed")
class MailFollowed(Payload, frozen=True):
    """The link in the mail about a basket left behind was followed, on whatever device. Told once for each mail."""

    basket_id: Id


@signal_kind("mail.unsubscribed")
class MailUnsubscribed(Payload, frozen=True):
    """Somebody ended such mails by the link in the one about this basket. Told once for each mail."""

    basket_id: Id
