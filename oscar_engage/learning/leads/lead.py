"""What kind of shopper is this? Judged by what the models foretell, against bars that follow the agents' capacity. Pure."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

Estimate = tuple[float, float, float]
"""A value with its low and its high end."""


class Lead(models.TextChoices):
    """The four kinds of shoppers."""

    HOT = "hot", _("hot lead")
    COLD = "cold", _("cold lead")
    SELF_SERVER = "self_server", _("self-server")
    DO_NOT_DISTURB = "do_not_disturb", _("do not disturb")


@dataclass(frozen=True, slots=True)
class Bars:
    """What a score is compared with.

    ``uplift``: above it lies the low end of a hot lead's uplift: what helping costs, in chances of an order, or more, where
    agents are too few for all who are worth that. ``propensity``: from it on a shopper buys anyway.

    ``cost``: what an invitation to a chat costs, in chances of an order. ``price``: the expected gain from which on an agent's
    place is worth having, ``None`` where there is one for all. ``order``: what an order comes to, where no basket tells it;
    ``margin``: which share of it remains. Money is in the shop's currency.
    """

    uplift: float
    propensity: float
    cost: float = 0.0
    price: float | None = None
    order: float = 0.0
    margin: float = 1.0


def lead_of(*, propensity: float | None, uplift: Estimate | None, bars: Bars) -> Lead | None:
    """Return the kind of a shopper of whom this is foretold; ``None`` where no model speaks.

    Harm comes first, then gain, then who buys anyway: whoever buys anyway and is the more likely to with help is worth it.
    """
    if uplift is not None and uplift[2] < 0:
        return Lead.DO_NOT_DISTURB
    if uplift is not None and uplift[1] > bars.uplift:
        return Lead.HOT
    if propensity is not None and propensity >= bars.propensity:
        return Lead.SELF_SERVER
    return None if propensity is None and uplift is None else Lead.COLD
