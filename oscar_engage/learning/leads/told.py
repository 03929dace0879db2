"""What is foretold of a shopper, as rules read it and people are told? From the models' scores and the bars. Pure."""

from collections.abc import Mapping

from oscar_engage.learning.leads.lead import Bars, Estimate, lead_of
from oscar_engage.rules.foretold import Foretold


def foretold_of(scores: Mapping[str, Estimate], bars: Bars) -> Foretold:
    """Return what ``scores``, by task with their low and high ends, come to against ``bars``; a task may be missing."""
    propensity, exit_chance, uplift = (scores.get(task) for task in ("propensity", "exit", "uplift"))
    chance = None if propensity is None else propensity[0]
    lead = lead_of(propensity=chance, uplift=uplift, bars=bars)
    return Foretold(
        propensity=chance,
        exit=None if exit_chance is None else exit_chance[0],
        uplift=None if uplift is None else uplift[0],
        lead="" if lead is None else lead.value,
    )
