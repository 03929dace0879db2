"""Which contacts were begun, by whom? The desk's rows as plain contacts, shoppers' only; whoever tests the shop is left out."""

from collections.abc import Hashable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from oscar_engage.analytics.deflection.persons import Contact
from oscar_engage.desk.models import Conversation
from oscar_engage.visitors.models import UNCOUNTED, Visitor

CHUNK = 2000


def marks_of(unit: UUID, customer_id: int | None, email: str = "") -> frozenset[Hashable]:
    """Return what a person is known by: the oldest of their browsers, their account, their address."""
    marks: list[Hashable] = [unit]
    if customer_id is not None:
        marks.append(customer_id)
    if email:
        marks.append(email.casefold())
    return frozenset(marks)


def with_unit(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return ``rows`` (which have a ``visitor_id``) with ``unit``, ``account`` and ``is_uncounted``: staff or an automaton."""
    own = Visitor.objects.filter(pk=OuterRef("visitor_id"))
    found: QuerySet[Any] = rows.annotate(
        unit=Coalesce(Subquery(own.values("unit_of")[:1]), F("visitor_id")),
        account=Subquery(own.values("customer_id")[:1]),
        is_uncounted=Exists(own.filter(UNCOUNTED)),
    )
    return found


def read_contacts(since: datetime, until: datetime) -> Iterator[Contact]:
    """Return the contacts that shoppers began in ``[since, until)``, streamed."""
    rows = with_unit(Conversation.objects.filter(Q(created_at__gte=since, created_at__lt=until))).filter(is_uncounted=False)
    found = rows.order_by().values_list("pk", "unit", "customer_id", "account", "email", "topic__slug", "created_at")
    for pk, unit, customer_id, account, email, topic, at in found.iterator(chunk_size=CHUNK):
        yield Contact(number=pk, marks=marks_of(unit, customer_id or account, email), topic=topic or "", at=at)
