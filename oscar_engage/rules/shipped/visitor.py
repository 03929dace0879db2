"""What may a rule ask about who this is?"""

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.shipped.choices import SEGMENTS
from oscar_engage.rules.shipped.groups import VISITOR
from oscar_engage.rules.types import Boolean, Integer
from oscar_engage.rules.variables import variable


@variable("visitor.visits", type=Integer(), label=_("visits"), group=VISITOR, personal=True)
def visitor_visits(moment: Moment) -> Value:
    """Return how many visits this browser made, this one included."""
    return UNKNOWN if moment.visits is None else moment.visits


@variable("visitor.is_customer", type=Boolean(), label=_("is a customer"), group=VISITOR, personal=True)
def visitor_is_customer(moment: Moment) -> Value:
    """Return whether the visitor has an account here."""
    return moment.is_customer


@variable("visitor.segment", type=SEGMENTS, label=_("segment"), group=VISITOR)
def visitor_segment(moment: Moment) -> Value:
    """Return the segment; ``unscored`` as long as no model has scored anybody."""
    return "unscored"
