"""What does it mean that a shopper is of this kind? A sentence for agents, and of which score it is the outcome. Pure."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oscar_engage.analytics.words import say_points, say_share
from oscar_engage.learning.leads.lead import Estimate, Lead

MEANINGS: Mapping[Lead, Any] = {
    Lead.HOT: _("Likely to buy with help"),
    Lead.SELF_SERVER: _("Buys anyway, without help"),
    Lead.DO_NOT_DISTURB: _("Help puts this shopper off"),
    Lead.COLD: _("Hardly likely to buy, with help or without"),
}

ADVICE: Mapping[Lead, Any] = {
    Lead.HOT: _("Worth your time: invite, and stay with it."),
    Lead.SELF_SERVER: _("Answer what is asked; nothing has to be offered."),
    Lead.DO_NOT_DISTURB: _("Answer what is asked, and no more."),
    Lead.COLD: _("Answer what is asked; others may need you more."),
}

RESTS_ON: Mapping[Lead, tuple[tuple[str, ...], bool]] = {
    Lead.HOT: (("uplift",), True),
    Lead.DO_NOT_DISTURB: (("uplift",), False),
    Lead.SELF_SERVER: (("propensity",), True),
    Lead.COLD: (("uplift", "propensity"), False),
}
"""By whose score each is judged, the first that spoke, and whether a high one makes it so."""


def say_chances(*, propensity: float | None, uplift: Estimate | None, exit_chance: float | None) -> tuple[str, ...]:
    """Say what is foretold in numbers, for those who set up rules; what no model said is left out."""
    said = []
    if propensity is not None:
        said.append(gettext("chance of an order without help: %(chance)s") % {"chance": say_share(propensity)})
    if uplift is not None:
        points = {name: say_points(value) for name, value in zip(("points", "low", "high"), uplift, strict=True)}
        said.append(gettext("help adds %(points)s points of 100 (%(low)s to %(high)s)") % points)
    if exit_chance is not None:
        said.append(gettext("chance that nothing more follows: %(chance)s") % {"chance": say_share(exit_chance)})
    return tuple(said)
