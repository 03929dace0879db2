"""Whose questions may this request see? Those of its browser, and those of the customer who is logged in, on any device."""

from django.http import HttpRequest

from oscar_engage.desk.access import Owner, access_conversation_of_owner
from oscar_engage.desk.models import Conversation
from oscar_engage.storefront.identity import get_customer_id, recognise


def owner_of(request: HttpRequest) -> Owner:
    """Return who looks. A browser that is known as another customer's says nothing once somebody else has logged in."""
    visitor, customer_id = recognise(request), get_customer_id(request)
    is_others = visitor is not None and customer_id is not None and visitor.customer_id not in (None, customer_id)
    return Owner(visitor_id=None if visitor is None or is_others else visitor.pk, customer_id=customer_id)


def access_own(request: HttpRequest, public_id: str) -> Conversation:
    """Return the shopper's own conversation or raise ``Conversation.DoesNotExist``; a foreign one is like none."""
    return access_conversation_of_owner(owner_of(request), public_id)
