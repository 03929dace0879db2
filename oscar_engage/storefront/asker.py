"""Who asks? The visitor of our cookie; asking without one makes a visitor, for what was asked and nothing else."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import translation

from oscar_engage.conf import get_settings
from oscar_engage.storefront.identity import recognise
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor


@dataclass(frozen=True, slots=True)
class Asker:
    """The visitor who asks, the visit that goes on (if there is one) and the language to answer in."""

    visitor: Visitor
    visit_id: uuid.UUID | None
    language: str


def find_asker(request: HttpRequest, *, now: datetime) -> Asker | None:
    """Return who asks by our cookie; ``None`` without one, or if its visitor was erased: no key comes back to life."""
    visitor = recognise(request)
    return Asker(visitor, current_visit(visitor, now), _language()) if visitor else None


def make_asker(*, now: datetime) -> Asker:
    """Return a visitor who is new.

    Asking for an answer is consent to what the answer needs: the level is ``FUNCTIONAL``.
    """
    visitor = Visitor.objects.create(consent=ConsentLevel.FUNCTIONAL, created_at=now, last_seen_at=now)
    return Asker(visitor, None, _language())


def current_visit(visitor: Visitor, now: datetime) -> uuid.UUID | None:
    """Return the id of the visit that goes on, if one does."""
    since = now - timedelta(minutes=get_settings().visit_minutes)
    visits = Visit.objects.filter(visitor=visitor, last_at__gte=since)
    return visits.order_by("-last_at").values_list("pk", flat=True).first()


def _language() -> str:
    return translation.get_language() or ""
