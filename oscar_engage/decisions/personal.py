"""What do decisions know about people? When a rule held for whom, on which page, and which arm the visitor was given."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from oscar_engage.decisions.models import Assignment, Decision
from oscar_engage.decisions.order.models import PriorityFormula
from oscar_engage.personal.handover import hand_over
from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import Ending, Retention, impersonal_data, personal_data
from oscar_engage.visitors.models import Visitor

COUNTED = _("Reports count it on, under a random id that belongs to nobody.")
UNSEEN = Retention(setting="visitor_retention_days", job="visitors.purge", reason="then counted under an id of nobody's")


def drawn_of(model: Any, person: Person) -> QuerySet[Any]:
    """Return what was drawn for the person's units, without that with which a device goes on that is not the person's."""
    going_on = Visitor.objects.filter(unit_of__in=person.visitor_ids).exclude(pk__in=person.visitor_ids)
    own: QuerySet[Any] = model.objects.filter(visitor_id__in=person.visitor_ids)
    return own.exclude(visitor_id__in=going_on.values("unit_of"))


personal_data(
    "arms",
    Assignment,
    label=_("arms drawn for rules"),
    personal=("visitor_id", "arm", "drawn_at"),
    impersonal=("id", "rule", "probability", "shop_share"),
    find=partial(drawn_of, Assignment),
    erase=hand_over,
    ending=Ending.ANONYMISED,
    why=COUNTED,
    retention=UNSEEN,
)
personal_data(
    "decisions",
    Decision,
    label=_("decisions: what was offered, and why"),
    personal=(
        *("id", "visitor_id", "visit", "page_path", "segments", "arm", "reason"),
        *("points", "eligible_at", "offered_at", "seen_at", "accepted_at", "dismissed_at", "ignored_at"),
    ),
    impersonal=("version", "branch", "action", "engagement", "variant", "variant_probability", "probability"),
    find=lambda person: Decision.objects.filter(visitor_id__in=person.visitor_ids),
    erase=partial(hand_over, visit=None, page_path="", points=None),
    ending=Ending.ANONYMISED,
    why=COUNTED,
    retention=UNSEEN,
)
impersonal_data(
    PriorityFormula,
    *("id", "is_number_first", "value_weight", "basket_percent", "customer_percent", "unknown_basket", "unknown_customer"),
    why="what the shop thinks a goal, a basket and a customer worth, for all shoppers alike",
)
