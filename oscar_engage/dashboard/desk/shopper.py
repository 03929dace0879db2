"""Who is it, and why are we talking? Customer class, orders, page, struggles, searches, earlier contacts, invitation.

And what a model says of them, with its reasons in words.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.dashboard.desk.pages import Things, name_page, path_of_page, read_things
from oscar_engage.dashboard.desk.struggles import say_struggles
from oscar_engage.dashboard.desk.words import describe
from oscar_engage.dashboard.visits.listing import page_of, told_of_page
from oscar_engage.decisions.models import Decision
from oscar_engage.desk.contacts import earlier_contacts
from oscar_engage.desk.models import Conversation
from oscar_engage.learning.words.spoken import Spoken, read_log
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.sentence import say_branch
from oscar_engage.shop.facts import PlacedOrder, latest_orders
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.state import VisitState
from oscar_engage.visitors.stored import read_state

MOST_ORDERS, MOST_SEARCHES = 5, 5
HERE = timedelta(minutes=2)
"""How long after the last signal a shopper is said to be on a page still."""

_SEARCHES = ("search.made", "help.searched")


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The offer by which the conversation began: its rule, and in words what held."""

    rule: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """What is known of a conversation's shopper beside journey and basket; each part may be empty."""

    customer_class: str
    language: str
    page: str
    page_path: str
    is_here: bool
    last_at: datetime | None
    order_count: int
    orders: Sequence[PlacedOrder]
    struggles: Sequence[str]
    searches: Sequence[str]
    contacts: Sequence[Conversation]
    why: Why | None
    spoken: Spoken | None


def read_shopper(conversation: Conversation, visit: Visit | None, visible: QuerySet[Conversation], *, now: datetime) -> Shopper:
    """Return it, with at most eleven queries; ``visit`` is the one in which the question was asked.

    Where the shopper is now comes from their latest visit, which may be another.
    """
    visitor = Visitor.objects.filter(pk=conversation.visitor_id).first()
    latest = Visit.objects.filter(visitor=conversation.visitor_id).order_by("-last_at").first() or visit
    state = read_state(latest) if latest else None
    things = read_things([told_of_page(state)]) if state else Things({}, {})
    page = page_of(state) if state and state.pages_seen else None
    number, orders = latest_orders(_customer(visitor), most=MOST_ORDERS)
    return Shopper(
        customer_class=_class(visitor, state, number),
        language=str(dict(settings.LANGUAGES).get(conversation.language, conversation.language)),
        page=name_page(page, things) if page else "",
        page_path=path_of_page(page, things) if page else "",
        is_here=latest is not None and latest.last_at > now - HERE,
        last_at=latest.last_at if latest else None,
        order_count=number,
        orders=orders,
        struggles=say_struggles(state) if state else (),
        searches=_searches(latest.pk) if latest else (),
        contacts=earlier_contacts(conversation, visible),
        why=_why(conversation.decision_id),
        spoken=_spoken(visitor, latest, state, now),
    )


def _spoken(visitor: Visitor | None, latest: Visit | None, state: VisitState | None, now: datetime) -> Spoken | None:
    """Return what a model said last of the visit that goes on, or went on last."""
    if visitor is None or latest is None or state is None:
        return None
    return read_log(latest.pk, consent=visitor.consent, currency=state.basket.currency, now=now, most=1).last


def _customer(visitor: Visitor | None) -> int | None:
    """Return the customer whose orders may be linked with the visit: as for rules, of who agreed to personalisation."""
    return visitor.customer_id if visitor and visitor.consent >= ConsentLevel.PERSONALISATION else None


def _class(visitor: Visitor | None, state: VisitState | None, orders: int) -> str:
    if _customer(visitor) is not None:
        if not orders:
            return _("Customer without an order yet")
        return ngettext("Customer with %(count)s order", "Customer with %(count)s orders", orders) % {"count": orders}
    if state is not None and state.number > 1:
        return _("Came back: visit %(number)s") % {"number": state.number}
    return _("New here, or not known")


def _searches(visit_id: uuid.UUID) -> Sequence[str]:
    made = SignalRecord.objects.filter(visit_id=visit_id, kind__in=_SEARCHES).order_by("-at", "-pk")[:MOST_SEARCHES]
    return [describe(record.kind, record.payload, Things({}, {})) for record in made]


def _why(decision_id: uuid.UUID | None) -> Why | None:
    """Return by which rule the offer was made that the shopper took, and what held; ``None`` where they came by themselves."""
    if decision_id is None:
        return None
    decision = Decision.objects.filter(pk=decision_id).select_related("version__rule").first()
    if decision is None:
        return None
    try:
        document = parse_document(decision.version.document)
        branches = document.branches
        words = say_branch(branches[decision.branch]) if 0 <= decision.branch < len(branches) else ""
    except InvalidRuleError:  # a version from before a shop's own variable went away
        words = ""
    return Why(rule=decision.version.rule.name, words=words)
