"""Who comes to the shop that "make simulate" fills? Shoppers made for telling: more of those whom help moves, and plainer.

Not the world in which policies are compared (``oscar_engage.simulation.parameters.SHOP``, committed with its sources): there
kinds overlap so far that three weeks of a small shop teach a model of uplift nothing. Every number here that differs is
assumed, and made for one purpose: that a newcomer sees within minutes what a shop sees within months.
"""

from dataclasses import replace

from oscar_engage.simulation.parameters import MANNERS, MINDS, SHOP, Kind, Parameters

VISITS_PER_DAY = 1000
AGENTS = 3
EFFECTS = 2.0
"""Every effect of an invitation is twice the assumed one."""

SHARES = {
    Kind.PERSUADABLE: 0.20,  # 0.10 there
    Kind.SELF_SERVER: 0.10,  # 0.07
    Kind.LOST_CAUSE: 0.60,  # 0.78
    Kind.DO_NOT_DISTURB: 0.10,  # 0.05
}

PLAINER = {
    # Who has a question open waits, searches and reads help half as often again, or twice as often, as there.
    Kind.PERSUADABLE: {"idles": 1.5, "reads_help": 0.45, "searches": 1.4, "exit_intents": 0.5},
    Kind.SELF_SERVER: {"idles": 0.15, "reads_help": 0.03},
    # Who had better be left alone compares for long.
    Kind.DO_NOT_DISTURB: {"products": 6.0, "pages": 14.0, "dwell": 45.0},
}

TRAFFIC: Parameters = replace(
    SHOP,
    minds={kind: replace(mind, share=SHARES[kind]) for kind, mind in MINDS.items()},
    manners={kind: replace(manner, **PLAINER.get(kind, {})) for kind, manner in MANNERS.items()},
    effects=EFFECTS,
    agents=AGENTS,
)
