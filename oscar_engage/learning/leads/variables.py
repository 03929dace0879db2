"""What can a rule read of what the models say? The kind of shopper, and the three chances behind it.

All are unknown without the consent to personalisation and where no model speaks, so a rule that asks for them fires on neither.
They are as of the beat: waiting alone turns none of them. What they read in a recorded visit is not worked out again, since
another model may speak today.
"""

from django.utils.translation import gettext_lazy as _

from oscar_engage.learning.leads.lead import Lead
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.shipped.asking import unless_empty
from oscar_engage.rules.shipped.groups import VISIT
from oscar_engage.rules.types import Choice, Number, Percent
from oscar_engage.rules.variables import variable

LEADS = Choice(dict(Lead.choices))
"""The four kinds, in the order of ``Lead``."""

_DIGITS = 2
"""Digits after the point of a chance in per cent: shops sell to one in fifty."""


@variable("visit.lead", type=LEADS, label=_("kind of shopper, as the model says"), group=VISIT, personal=True)
def visit_lead(moment: Moment) -> Value:
    """Return the kind of shopper: ``hot``, ``cold``, ``self_server`` or ``do_not_disturb``."""
    return unless_empty(moment.foretold().lead)


@variable("visit.propensity", type=Percent(), label=_("chance of an order without help"), group=VISIT, personal=True)
def visit_propensity(moment: Moment) -> Value:
    """Return the chance that the visit ends in an order if nobody helps, in per cent."""
    return _in_hundred(moment.foretold().propensity)


@variable(
    "visit.uplift", type=Number(), label=_("chance of an order that help adds (points of 100)"), group=VISIT, personal=True
)
def visit_uplift(moment: Moment) -> Value:
    """Return by how many percentage points help changes the chance of an order; below zero where it puts the shopper off."""
    return _in_hundred(moment.foretold().uplift)


@variable("visit.exit_chance", type=Percent(), label=_("chance that nothing more follows"), group=VISIT, personal=True)
def visit_exit_chance(moment: Moment) -> Value:
    """Return the chance that the shopper does nothing more in this visit, in per cent.

    A model says it of this shopper; ``visit.exit_risk`` counts those who were where this one is.
    """
    return _in_hundred(moment.foretold().exit)


def _in_hundred(share: float | None) -> Value:
    return UNKNOWN if share is None else round(100 * share, _DIGITS) + 0.0
