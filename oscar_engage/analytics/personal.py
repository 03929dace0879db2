"""What do reports know about people? Which order came from which visitor."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from oscar_engage.analytics.models import AnchorCount, Conversion, ExitCount
from oscar_engage.personal.handover import hand_over
from oscar_engage.personal.registry import Ending, Retention, impersonal_data, personal_data

personal_data(
    "orders",
    Conversion,
    label=_("orders that count in reports"),
    personal=("visitor_id", "order_id", "order_number", "basket_id", "total", "placed_at"),
    impersonal=("id", "currency"),
    find=lambda person: Conversion.objects.filter(visitor_id__in=person.visitor_ids),
    erase=partial(hand_over, order_id=None, order_number="", basket_id=None),
    ending=Ending.ANONYMISED,
    why=_("Reports count the sum on, without the order's number, under a random id that belongs to nobody."),
    retention=Retention(setting="visitor_retention_days", job="visitors.purge", reason="then counted under an id of nobody's"),
)
impersonal_data(AnchorCount, "id", "day", "slot", "thing", "seen", "clicked", why="sums of a day, about nobody")
impersonal_data(
    ExitCount,
    *("id", "day", "stage", "views", "idle", "left", "stayed"),
    why="how many page views a day ended a visit and how many did not, added up over all visitors",
)
