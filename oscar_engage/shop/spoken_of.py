"""Of which order and which customer is the talk? For the texts that an agent sends."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from oscar.core.loading import get_model

from oscar_engage.analytics.models import Conversion
from oscar_engage.desk.models import Conversation
from oscar_engage.visitors.models import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenOf:
    """The shopper's name by their account, and their latest order; empty texts for what is not known."""

    first_name: str = ""
    name: str = ""
    order_number: str = ""
    order_status: str = ""


def read_spoken_of(conversation: Conversation) -> SpokenOf:
    """Return who asks and what they ordered last, by account or else by browser; at most four queries."""
    customer_id = Visitor.objects.filter(pk=conversation.visitor_id).values_list("customer_id", flat=True).first()
    customer: Any = get_user_model().objects.filter(pk=customer_id).first() if customer_id else None
    number, status = _latest_order(conversation, customer_id)
    return SpokenOf(
        first_name=getattr(customer, "first_name", "") or "",
        name=customer.get_full_name() if customer else "",
        order_number=number,
        order_status=status,
    )


def _latest_order(conversation: Conversation, customer_id: int | None) -> tuple[str, str]:
    orders = get_model("order", "Order").objects.order_by("-date_placed", "-pk").values_list("number", "status")
    if customer_id:
        found = orders.filter(user_id=customer_id).first()
    else:
        placed = Conversion.objects.filter(visitor_id=conversation.visitor_id, is_test=False).order_by("-placed_at")
        order_id = placed.values_list("order_id", flat=True).first()
        found = orders.filter(pk=order_id).first() if order_id else None
    return (str(found[0]), str(found[1] or "")) if found else ("", "")
