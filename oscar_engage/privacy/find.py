"""Who is meant? From what a person tells us (address, account, visitor, reference) to whom we keep data about.

An address that somebody typed into a note proves nothing: it leads to that note alone and never to the rest of the browser it
was typed in. To a browser leads only its id, a conversation's reference, or the account that it was logged in with.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth import get_user_model

from oscar_engage.desk.models import Conversation
from oscar_engage.personal.person import Person, make_person
from oscar_engage.visitors.models import Visitor

VISITOR, CUSTOMER, ADDRESS = "visitor", "customer", "address"

MOST = 20
"""Browsers shown for one address, those asked with last."""


@dataclass(frozen=True, slots=True, order=True)
class Handle:
    """How a person is named in our addresses, without anything personal that a server's log would keep.

    ``value`` is a visitor's id, a customer's number, or the reference of a conversation whose e-mail address is meant.
    """

    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind}-{self.value}"


def read_handle(text: str) -> Handle | None:
    """Return the handle that ``text`` spells, or ``None``."""
    kind, _, value = text.partition("-")
    if kind == CUSTOMER and value.isascii() and value.isdecimal():
        return Handle(CUSTOMER, value)
    if kind == ADDRESS and value:
        return Handle(ADDRESS, value)
    visitor_id = _as_visitor_id(value) if kind == VISITOR else None
    return Handle(VISITOR, visitor_id.hex) if visitor_id else None


def get_person(handle: Handle) -> Person:
    """Return the person behind ``handle``; nobody is a person about whom nothing is found."""
    if handle.kind == CUSTOMER:
        return customer(int(handle.value))
    if handle.kind == ADDRESS:
        emails = Conversation.objects.filter(reference=handle.value).values_list("email", flat=True)
        return make_person(emails=emails)
    return make_person([uuid.UUID(handle.value)])


def customer(*customer_ids: int, email: str = "") -> Person:
    """Return the customer with these accounts (one as a rule, gone from the shop or not) and with ``email``."""
    visitors = dict(Visitor.objects.filter(customer_id__in=customer_ids).values_list("pk", "unit_of"))
    units = {pk: unit for pk, unit in visitors.items() if unit is not None}
    users = get_user_model()._default_manager.filter(pk__in=customer_ids)
    emails = [email, *users.values_list(get_user_model().get_email_field_name(), flat=True)]
    return make_person(visitors, units=units, customer_ids=customer_ids, emails=emails)


def find_customer(text: str) -> Person:
    """Return the customer with the number or the e-mail address ``text``, with an account or without."""
    if text.isascii() and text.isdecimal():
        return customer(int(text))
    return customer(*_account_ids(text), email=text)


def search(text: str) -> tuple[Handle, ...]:
    """Return whom ``text`` may mean: an e-mail address, a customer's number, a visitor's id, a conversation's reference."""
    return tuple(dict.fromkeys(_search(text.strip())))


def _search(text: str) -> Iterator[Handle]:
    if "@" in text:
        yield from _by_email(text)
        return
    visitor_id = _as_visitor_id(text)
    if visitor_id is not None:
        yield Handle(VISITOR, visitor_id.hex)
    elif text.isascii() and text.isdecimal():
        yield Handle(CUSTOMER, text)
    else:
        yield from _by_reference(text.upper())


def _by_email(email: str) -> Iterator[Handle]:
    for pk in _account_ids(email):
        yield Handle(CUSTOMER, str(pk))
    asked = Conversation.objects.filter(email__iexact=email).order_by("-created_at")[:MOST]
    for number, conversation in enumerate(asked):
        if not number:
            yield Handle(ADDRESS, conversation.reference)
        yield Handle(VISITOR, conversation.visitor_id.hex)


def _by_reference(reference: str) -> Iterator[Handle]:
    conversation = Conversation.objects.filter(reference=reference).first()
    if conversation is None:
        return
    owner = Visitor.objects.filter(pk=conversation.visitor_id).values_list("customer_id", flat=True).first()
    if owner is not None:
        yield Handle(CUSTOMER, str(owner))
    yield Handle(VISITOR, conversation.visitor_id.hex)
    if conversation.email:
        yield Handle(ADDRESS, conversation.reference)


def _account_ids(email: str) -> list[int]:
    users = get_user_model()._default_manager.filter(**{f"{get_user_model().get_email_field_name()}__iexact": email})
    return list(users.values_list("pk", flat=True))


def _as_visitor_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
