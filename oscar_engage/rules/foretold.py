"""What do the models say of this shopper now? The answer as a plain value, for rules to read and people to be told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Foretold:
    """What is foretold of one visit at one instant; ``None`` and the empty ``lead`` where no model speaks of it.

    ``propensity``: the chance that the visit ends in an order, if nobody helps; ``exit``: that nothing follows any more;
    ``uplift``: by how much the chance of an order changes where help is offered. ``lead``: what kind of shopper this is
    (``learning.leads.lead.Lead``), such as ``hot``.
    """

    propensity: float | None = None
    exit: float | None = None
    uplift: float | None = None
    lead: str = ""


NOTHING_FORETOLD = Foretold()
