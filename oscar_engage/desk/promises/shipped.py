"""Which promises does a shop begin with? Four ready policies, made by one press and then the shop's own to change."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.promises.models import Policy
from oscar_engage.desk.promises.store import User, save_policy

PREFERRED_ORDERS = 5
PREFERRED_SPENT = "500.00"
"""From how many orders, or from what spent so far in the shop's own currency, a customer is a preferred one."""


def ready_policies(*, currency: str) -> Sequence[Policy]:
    """Return the ready policies, not saved; their names are in the language that is active.

    Preferred customers get an answer within 5 minutes, questions of sales within 30, all others within 40. A card that was
    refused is solved within 2 hours.
    """
    spent = {"amount": PREFERRED_SPENT, "currency": currency}
    return (
        Policy(
            name=_("Preferred customers"),
            priority=10,
            document=_any(("customer.orders", ">=", PREFERRED_ORDERS), ("customer.spent", ">=", spent)),
            first_minutes=5,
        ),
        Policy(
            name=_("A card was refused"),
            priority=20,
            document=_any(("checkout.payment_failures", ">=", 1)),
            first_minutes=40,
            resolve_minutes=120,
        ),
        Policy(
            name=_("Questions before buying"),
            priority=30,
            document=_any(*(("page.kind", "=", kind) for kind in ("product", "category", "search", "basket"))),
            first_minutes=30,
        ),
        Policy(name=_("Everybody else"), priority=1000, first_minutes=40),
    )


def create_ready_policies(*, currency: str, user: User, now: datetime) -> list[Policy]:
    """Create those of which there is none of that name yet, and return them."""
    with transaction.atomic(using=get_settings().database):
        known = set(Policy.objects.values_list("name", flat=True))
        made = [policy for policy in ready_policies(currency=currency) if policy.name not in known]
        for policy in made:
            save_policy(policy, user=user, now=now)
    return made


def _any(*conditions: tuple[str, str, Any]) -> dict[str, Any]:
    rules = [{"field": field, "operator": operator, "value": value} for field, operator, value in conditions]
    return {"combinator": "or", "rules": rules}
