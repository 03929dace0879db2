"""Which basket does the agent see? The one of the visit, else the one that the visitor was last seen with."""

from typing import Any

from oscar_engage.desk.models import Conversation
from oscar_engage.visitors.models import Visit, VisitorBasket


def find_basket_id(conversation: Conversation) -> int | None:
    """Return the id of the basket beside a conversation, with two queries at most; ``None`` where none is known."""
    visits = Visit.objects.filter(visitor=conversation.visitor_id)
    visit = visits.filter(pk=conversation.visit_id).first() if conversation.visit_id else None
    return basket_id_in(conversation, visit)


def basket_id_in(conversation: Conversation, visit: Visit | None) -> int | None:
    """Return the same, for whoever has the visit at hand."""
    measured: dict[str, Any] = (visit.state.get("basket") or {}) if visit else {}
    if measured.get("basket_id") is not None:
        return int(measured["basket_id"])
    seen = VisitorBasket.objects.filter(visitor=conversation.visitor_id).order_by("-seen_at")
    return seen.values_list("basket_id", flat=True).first()
