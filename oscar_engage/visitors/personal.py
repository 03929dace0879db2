"""What do we know about browsers? Whose they are, their visits and their baskets."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import Retention, export_fields, personal_data
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import UNCOUNTED, Visit, Visitor, VisitorBasket

_UNSEEN = Retention(setting="visitor_retention_days", job="visitors.purge")


def keep_marks(person: Person) -> None:
    """Mark the successors of those who are no shoppers as such, so that what they did is in no report afterwards either.

    The mark stands in a row with nothing else in it. To be called before anything is handed over; a repeat changes nothing.
    """
    uncounted = Visitor.objects.filter(UNCOUNTED, pk__in=person.visitor_ids)
    marks = [
        Visitor(
            pk=person.successors[visitor.pk],
            is_staff=visitor.is_staff,
            is_automaton=visitor.is_automaton,
            consent=ConsentLevel.NONE,
            created_at=visitor.created_at,
            last_seen_at=visitor.last_seen_at,
        )
        for visitor in uncounted
    ]
    Visitor.objects.bulk_create(marks, ignore_conflicts=True)


personal_data(
    "visitors",
    Visitor,
    label=_("browsers"),
    personal=(
        *("id", "key", "handover", "unit_of"),
        *("customer", "consent", "is_staff", "is_automaton", "created_at", "last_seen_at"),
    ),
    impersonal=(),
    export=export_fields(
        "id", "unit_of", "customer_id", "consent", "is_staff", "is_automaton", "created_at", "last_seen_at"
    ),  # no key: it opens
    find=lambda person: Visitor.objects.filter(pk__in=person.visitor_ids),
    retention=_UNSEEN,
)
personal_data(
    "visits",
    Visit,
    label=_("visits"),
    personal=("id", "visitor", "started_at", "last_at", "stage", "state"),
    impersonal=(),
    find=lambda person: Visit.objects.filter(visitor__in=person.visitor_ids),
    retention=_UNSEEN,
)
personal_data(
    "baskets",
    VisitorBasket,
    label=_("baskets, by their number in the shop"),
    personal=("visitor", "basket_id", "outcome"),
    impersonal=("id", "seen_at", "settled_at"),
    find=lambda person: VisitorBasket.objects.filter(visitor__in=person.visitor_ids),
    retention=_UNSEEN,
)
