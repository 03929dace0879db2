"""How is a call asked for from a page? From the checked form to the call, which waits for its time."""

import time
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest

from oscar_engage.conf import get_settings
from oscar_engage.desk.calls.ask import CallWish, ask_for_call
from oscar_engage.desk.calls.limits import Caller
from oscar_engage.desk.flood import TooManyError
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.place import Place
from oscar_engage.storefront.ask import check_newcomer
from oscar_engage.storefront.asker import Asker, find_asker, make_asker
from oscar_engage.storefront.forms_call import CallForm
from oscar_engage.storefront.identity import get_customer_id
from oscar_engage.storefront.network import network_of
from oscar_engage.storefront.promise import telling
from oscar_engage.storefront.rate import CALLERS
from oscar_engage.visitors.models import Visitor

MOST_FROM_NETWORK = 10
"""Calls that one process is asked for from one network in an hour."""


def ask(request: HttpRequest, form: CallForm, *, now: datetime) -> tuple[Conversation, Visitor]:
    """Ask for the call that a valid ``form`` describes, and return it with whose it is.

    A browser without our cookie becomes a visitor with it, or neither is kept. Raises what ``calls.ask.ask_for_call`` does.
    """
    asker = find_asker(request, now=now)
    if asker is None:
        check_newcomer(request, now=now)
    network = network_of(request, today=now.date())
    if network is not None and not CALLERS.allows(network, limit=MOST_FROM_NETWORK, now=time.monotonic()):
        raise TooManyError("Too many calls from one network in one hour.")
    with transaction.atomic(using=get_settings().database):
        asker = asker or make_asker(now=now)
        caller = Caller(visitor_id=asker.visitor.pk, customer_id=get_customer_id(request))
        tell = telling(asker.visitor, asker.visit_id, page_path=form.cleaned_data["page_path"], now=now)
        wish = _wish(form, asker)
        return ask_for_call(wish, caller, now=now, visit_id=asker.visit_id, tell=tell), asker.visitor


def _wish(form: CallForm, asker: Asker) -> CallWish:
    cleaned = form.cleaned_data
    return CallWish(
        number=cleaned["number"],
        starts_at=form.starts_at(),
        about=cleaned["about"],
        name=cleaned["name"],
        email=cleaned["email"],
        language=asker.language,
        place=Place(**{name: cleaned[name] for name in Place.__dataclass_fields__}),
        decision_id=cleaned["decision"],
        client_id=cleaned["client_id"],
    )
