"""How does the customer's account lead to what was asked? By an entry in its menu, with how many conversations have news."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.template.loader import render_to_string

from oscar_engage.desk.access import Owner, owned_by
from oscar_engage.modules import is_on
from oscar_engage.storefront.identity import get_customer_id
from oscar_engage.visitors.guard import own_transaction

_WRITTEN = "_engage_account_tab"


def build_account_tab(request: HttpRequest, told: Mapping[str, Any]) -> str:
    """Return the entry; empty for nobody, without a desk, and where it stands in this page already.

    ``told``: the page's ``active_tab``.
    """
    customer_id = get_customer_id(request)
    if customer_id is None or not is_on("desk") or hasattr(request, _WRITTEN):
        return ""
    setattr(request, _WRITTEN, True)
    with own_transaction():
        unread = owned_by(Owner(customer_id=customer_id)).filter(last_seq__gt=F("shopper_read_seq")).count()
    return render_to_string("oscar_engage/storefront/account_tab.html", {**told, "unread": unread})
