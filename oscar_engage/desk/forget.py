"""What goes when a shopper withdraws consent? All that was seen of them; what they asked us stays, with its address."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from oscar_engage.desk.models import Conversation
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import handler
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor, VisitorBasket

KIND = "visitors.forget"


def withdraw_consent(visitor_id: uuid.UUID, *, now: datetime) -> bool:
    """Have what was seen of the visitor erased, and return whether the browser's id may go as well.

    It stays with a visitor who has a conversation, because it leads back to the answer. Two queries; the work itself is a job,
    one a visitor and day however often this is called.
    """
    enqueue(KIND, key=f"{KIND}:{visitor_id.hex}:{now:%Y%m%d}", payload={"visitor": visitor_id.hex}, now=now)
    return not _has_asked(visitor_id)


@handler(KIND)
def forget_visitor(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Erase the visits with their decisions, the signals and the baskets; the visitor too, unless the row is still needed.

    It is for a conversation, and for a member of staff, who is not to be counted. Arms that were drawn, and orders, stay under
    an id that then belongs to nobody: without them, an experiment could be changed by withdrawing.
    """
    visitor_id = uuid.UUID(payload["visitor"])
    SignalRecord.objects.filter(visitor_id=visitor_id).delete()
    visitor = Visitor.objects.select_for_update().filter(pk=visitor_id).first()
    if visitor is None:
        return
    if not visitor.is_staff and not _has_asked(visitor_id):
        visitor.delete()
        return
    Visit.objects.filter(visitor=visitor).delete()
    VisitorBasket.objects.filter(visitor=visitor).delete()
    visitor.customer_id, visitor.consent = None, ConsentLevel.NONE
    visitor.save(update_fields=["customer", "consent"])


def _has_asked(visitor_id: uuid.UUID) -> bool:
    return Conversation.objects.filter(visitor_id=visitor_id).exists()
