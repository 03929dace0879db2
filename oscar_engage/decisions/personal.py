"""What do decisions know about people? When a rule held for whom, on which page, and which arm the visitor was given."""

from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from oscar_engage.decisions.models import Assignment, Decision
from oscar_engage.personal.handover import hand_over
from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import Ending, Retention, personal_data
from oscar_engage.visitors.models import Visitor

_COUNTED = _("Reports count it on, under a random id that belongs to nobody.")
_UNSEEN = Retention(setting="visitor_retention_days", job="visitors.purge", reason="then counted under an id of nobody's")


def _arms_of(person: Person) -> QuerySet[Assignment]:
    """Return the arms of the person's units, without those that a device which is not the person's goes on with."""
    going_on = Visitor.objects.filter(unit_of__in=person.visitor_ids).exclude(pk__in=person.visitor_ids)
    own = Assignment.objects.filter(visitor_id__in=person.visitor_ids)
    return own.exclude(visitor_id__in=going_on.values("unit_of"))


personal_data(
    "arms",
    Assignment,
    label=_("arms drawn for rules"),
    personal=("visitor_id", "arm", "drawn_at"),
    impersonal=("id", "rule", "probability"),
    find=_arms_of,
    erase=hand_over,
    ending=Ending.ANONYMISED,
    why=_COUNTED,
    retention=_UNSEEN,
)
personal_data(
    "decisions",
    Decision,
    label=_("decisions: what was offered, and why"),
    personal=(
        *("id", "visitor_id", "visit", "page_path", "arm", "reason"),
        *("eligible_at", "offered_at", "seen_at", "accepted_at", "dismissed_at", "ignored_at"),
    ),
    impersonal=("version", "branch", "action", "engagement", "probability"),
    find=lambda person: Decision.objects.filter(visitor_id__in=person.visitor_ids),
    erase=partial(hand_over, visit=None, page_path=""),
    ending=Ending.ANONYMISED,
    why=_COUNTED,
    retention=_UNSEEN,
)
