"""What did this person ask before? Earlier conversations over all their devices, of those that an agent may see."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from oscar_engage.desk.models import Conversation
from oscar_engage.visitors.models import Visitor

MOST_CONTACTS = 8
"""Earlier conversations shown, the latest first."""


def earlier_contacts(conversation: Conversation, visible: QuerySet[Conversation]) -> Sequence[Conversation]:
    """Return what the same person asked before ``conversation``, of ``visible``, with two queries.

    The same person: the same browser, or one by which the same customer was known (``Visitor.unit_of``).
    """
    own = Visitor.objects.filter(pk=conversation.visitor_id).first()
    if own is None:
        return ()
    devices = Visitor.objects.filter(Q(pk=own.unit_id) | Q(unit_of=own.unit_id)).values("pk")
    others = visible.filter(visitor_id__in=devices, created_at__lte=conversation.created_at).exclude(pk=conversation.pk)
    return list(others.select_related("topic", "agent").order_by("-created_at", "-pk")[:MOST_CONTACTS])
