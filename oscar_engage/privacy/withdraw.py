"""What goes when a shopper withdraws consent? All that was seen of them; what they asked us stays, with its address."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.crypto import salted_hmac

from oscar_engage.desk.models import Conversation
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import handler
from oscar_engage.personal.person import make_person
from oscar_engage.personal.registry import erasing_order
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.personal import keep_marks

KIND = "visitors.forget"


def withdraw_consent(visitor_id: uuid.UUID, *, now: datetime) -> bool:
    """Have what was seen of the visitor erased, and return whether the browser's id may go as well.

    It stays with a visitor who has a conversation, because it leads back to the answer. Two queries; the work itself is a job,
    one a visitor and day however often this is called. Its key, which a broker may keep, does not tell the id.
    """
    name = salted_hmac(KIND, visitor_id.hex, algorithm="sha256").hexdigest()
    enqueue(KIND, key=f"{KIND}:{name}:{now:%Y%m%d}", payload={"visitor": visitor_id.hex}, now=now)
    return not _has_asked(visitor_id)


@handler(KIND)
def forget_visitor(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Erase the visits, the signals and the baskets; the visitor too, unless the row is still needed.

    It is for a conversation, and for who is no shopper, and not to be counted. Arms, decisions and orders are counted on
    under an id that belongs to nobody: without them, an experiment could be changed by withdrawing.
    """
    if "visitor" not in payload:  # the visitor was erased before this job came to it
        return
    visitor_id = uuid.UUID(payload["visitor"])
    visitor = Visitor.objects.select_for_update().filter(pk=visitor_id).first()
    person = make_person([visitor_id])
    keep_marks(person)
    is_needed = visitor is not None and (visitor.is_uncounted or _has_asked(visitor_id))
    for data in erasing_order():
        is_spared = data.is_asked or (is_needed and data.model is Visitor)
        if data.erase is not None and not is_spared:
            data.erase(data.find(person), person, now=now)
    Conversation.objects.filter(visitor_id=visitor_id).update(visit_id=None, decision_id=None)  # what was seen of them
    if visitor is not None and is_needed:
        visitor.customer_id, visitor.consent = None, ConsentLevel.NONE
        visitor.save(update_fields=["customer", "consent"])


def _has_asked(visitor_id: uuid.UUID) -> bool:
    return Conversation.objects.filter(visitor_id=visitor_id).exists()
