"""What does Oscar tell by itself? Its own signals and the saves of basket lines, as ours. No query, no exception."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from oscar.apps.basket.signals import basket_addition, voucher_addition, voucher_removal
from oscar.apps.catalogue.reviews.signals import review_added
from oscar.apps.catalogue.signals import product_viewed
from oscar.apps.checkout.signals import post_payment, pre_payment, start_checkout
from oscar.apps.customer.signals import user_registered
from oscar.apps.order.signals import order_line_status_changed, order_placed, order_status_changed
from oscar.core.loading import get_model

from oscar_engage.signals.buffer import Buffer
from oscar_engage.signals.recorder import record
from oscar_engage.signals.sources.receivers import connect_listener, get_view_name, is_posted
from oscar_engage.signals.subject import Subject

_OPEN = "Open"
_ADDING_VIEW = "basket:add"


def connect() -> None:
    """Connect to Oscar."""
    line = get_model("basket", "Line")
    connect_listener(product_viewed, product_was_viewed)
    connect_listener(basket_addition, line_was_added)
    connect_listener(post_save, line_was_saved, sender=line)
    connect_listener(post_delete, line_was_deleted, sender=line)
    connect_listener(voucher_addition, voucher_was_added)
    connect_listener(voucher_removal, voucher_was_removed)
    connect_listener(start_checkout, checkout_was_started)
    connect_listener(pre_payment, payment_begins)
    connect_listener(post_payment, payment_was_taken)
    connect_listener(order_placed, order_was_placed)
    connect_listener(order_status_changed, order_was_changed, anywhere=True)
    connect_listener(order_line_status_changed, order_line_was_changed, anywhere=True)
    connect_listener(user_registered, customer_was_registered)
    connect_listener(review_added, review_was_written)
    connect_listener(post_save, wishlist_line_was_saved, sender=get_model("wishlists", "Line"))
    connect_listener(post_save, stock_alert_was_saved, sender=get_model("customer", "ProductAlert"))


def product_was_viewed(buffer: Buffer, *, product: Any, **kwargs: object) -> None:
    """Record a product's page."""
    buffer.add("product.viewed", {"product_id": product.pk})


def line_was_added(buffer: Buffer, *, product: Any, request: Any, **kwargs: object) -> None:
    """Record that a product was put into the basket; the basket is loaded by then."""
    buffer.add("basket.line_added", {"product_id": product.pk, "basket_id": request.basket.id})


def line_was_saved(buffer: Buffer, *, instance: Any, created: bool, raw: bool = False, **kwargs: object) -> None:
    """Record a changed quantity; new lines come with ``basket_addition``."""
    if not created and not raw and _is_shoppers_change(buffer, instance):
        data = {"product_id": instance.product_id, "quantity": instance.quantity, "basket_id": instance.basket_id}
        buffer.add("basket.line_changed", data)


def line_was_deleted(buffer: Buffer, *, instance: Any, **kwargs: object) -> None:
    """Record that a line was taken out."""
    if _is_shoppers_change(buffer, instance):
        buffer.add("basket.line_removed", {"product_id": instance.product_id, "basket_id": instance.basket_id})


def voucher_was_added(buffer: Buffer, **kwargs: object) -> None:
    """Record a voucher; the response tells later whether it was taken off again for giving no discount."""
    buffer.add("voucher.added", {})


def voucher_was_removed(buffer: Buffer, **kwargs: object) -> None:
    """Record that a voucher was taken off."""
    buffer.add("voucher.removed", {})


def checkout_was_started(buffer: Buffer, **kwargs: object) -> None:
    """Record that the checkout was entered."""
    buffer.add("checkout.started", {})


def payment_begins(buffer: Buffer, **kwargs: object) -> None:
    """Record that the shopper pressed "pay"; how it ended is read from the response."""
    buffer.add("payment.tried", {})


def payment_was_taken(buffer: Buffer, **kwargs: object) -> None:
    """Note that the payment went through."""
    buffer.payment_taken = True


def order_was_placed(buffer: Buffer, *, order: Any, **kwargs: object) -> None:
    """Record an order."""
    buffer.add("order.placed", {"order_id": order.pk, "basket_id": order.basket_id})


def order_was_changed(*, order: Any, old_status: str, new_status: str, **kwargs: object) -> None:
    """Record an order's new status for whoever placed it; staff, or a warehouse's program, set it."""
    record(Subject(order_id=order.pk), "order.changed", order_id=order.pk, status=new_status, before=old_status)


def order_line_was_changed(*, line: Any, old_status: str, new_status: str, **kwargs: object) -> None:
    """Record the new status of one line of an order."""
    told = {"order_id": line.order_id, "product_id": line.product_id, "status": new_status, "before": old_status}
    record(Subject(order_id=line.order_id), "order.line_changed", **told)


def review_was_written(buffer: Buffer, *, review: Any, **kwargs: object) -> None:
    """Record a review: its score, not its words."""
    buffer.add("review.written", {"product_id": review.product_id, "score": review.score})


def wishlist_line_was_saved(buffer: Buffer, *, instance: Any, created: bool, raw: bool = False, **kwargs: object) -> None:
    """Record what was put on a wish list."""
    if created and not raw:
        buffer.add("wishlist.added", {"product_id": instance.product_id})


def stock_alert_was_saved(buffer: Buffer, *, instance: Any, created: bool, raw: bool = False, **kwargs: object) -> None:
    """Record that a shopper waits for a product to come back."""
    if created and not raw:
        buffer.add("stock_alert.requested", {"product_id": instance.product_id})


def customer_was_registered(buffer: Buffer, **kwargs: object) -> None:
    """Record a new account."""
    buffer.add("customer.registered", {})


def _is_shoppers_change(buffer: Buffer, line: Any) -> bool:
    """Whether this write is the shopper's own: not a merge of baskets, not the adding view (it has its own signal)."""
    if not is_posted(buffer) or get_view_name(buffer) == _ADDING_VIEW:
        return False
    # Only a basket that is loaded already is asked: the attribute alone would cost a query.
    basket = line.basket if type(line).basket.is_cached(line) else None
    return basket is None or basket.status == _OPEN
