"""How is a question asked? From the checked form of a note or a chat to the conversation that waits for an agent."""

import time
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest

from oscar_engage.conf import get_settings
from oscar_engage.desk.carry.files import kept
from oscar_engage.desk.carry.load import Load
from oscar_engage.desk.flood import TooManyError
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.place import Place
from oscar_engage.storefront.asker import Asker, find_asker, make_asker
from oscar_engage.storefront.forms import AskForm
from oscar_engage.storefront.identity import get_customer_id
from oscar_engage.storefront.network import network_of
from oscar_engage.storefront.promise import telling
from oscar_engage.storefront.rate import NEWCOMERS
from oscar_engage.visitors.models import Visitor


def ask(request: HttpRequest, form: AskForm, *, now: datetime) -> tuple[Conversation, Visitor]:
    """Open what a valid ``form`` describes, and return it with whose it is.

    A browser without our cookie becomes a visitor with the question, or neither is kept.

    Raises ``InvalidMessageError``, ``TooManyError`` or ``BusyError``; then nothing is kept, no new visitor either.
    """
    asker = find_asker(request, now=now)
    if asker is None:
        check_newcomer(request, now=now)
    with kept(form.cleaned_data.get("uploads", ()), now=now) as files, transaction.atomic(using=get_settings().database):
        asker = asker or make_asker(now=now)
        return _open(asker, form, Load(files=files), get_customer_id(request), now=now), asker.visitor


def check_newcomer(request: HttpRequest, *, now: datetime) -> None:
    """Raise ``TooManyError`` if the network has used up the hour: without a cookie, no other cap holds."""
    network = network_of(request, today=now.date())
    limit = get_settings().newcomers_per_network
    if network is not None and not NEWCOMERS.allows(network, limit=limit, now=time.monotonic()):
        raise TooManyError("Too many questions without a cookie from one network in one hour.")


def _open(asker: Asker, form: AskForm, load: Load, customer_id: int | None, *, now: datetime) -> Conversation:
    cleaned = form.cleaned_data
    return open_conversation(
        form.kind,
        visitor_id=asker.visitor.pk,
        visit_id=asker.visit_id,
        language=asker.language,
        body=cleaned[form.question_field],
        name=cleaned["name"],
        email=cleaned.get("email", ""),
        place=Place(
            page_path=cleaned["page_path"],
            page_title=cleaned["page_title"],
            anchor=cleaned["anchor"],
            anchor_object=cleaned["anchor_object"],
            anchor_path=cleaned["anchor_path"],
            anchor_label=cleaned["anchor_label"],
        ),
        decision_id=cleaned["decision"],
        client_id=cleaned["client_id"],
        load=load,
        customer_id=customer_id,
        tell=telling(asker.visitor, asker.visit_id, page_path=cleaned["page_path"], now=now),
        now=now,
    )
