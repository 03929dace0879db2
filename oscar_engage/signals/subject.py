"""Whom is a fact about, when it is not the shopper whose request it happened in?"""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A visitor, by the first of these that is given: our own id, the id of one of their orders, the customer's id.

    A customer is taken to be the browser seen last. Whoever is unknown to us stays unknown, and nothing is stored.
    """

    visitor_id: uuid.UUID | None = None
    order_id: int | None = None
    customer_id: int | None = None
