"""Which worlds are policies compared in? Some days to learn from and one to be judged on, each seed another shop.

The parameters are the simulator's own, committed before any policy was. Two numbers are no part of them and are said here,
before anything was tuned: how many visits come to how many agents, and what a button does.

**Visits to agents.** :data:`VISITS` a day to one agent with one chat at once: a quarter of the parameters' agents and chats
and of a shop that keeps them busy, so that a day costs seconds. By a broad rule about three times as many want an
agent as can have one. With agents for all there is nothing to choose: no policy wins more than a quarter over inviting all.

**A button.** Of those who would accept an invitation one in five (:data:`BUTTON`) finds the button. Assumed: chats are
begun in one or two of a hundred visits where there is only a button, and invitations accepted in seven. Who comes by
the button has the effect of those who accept; nobody is put off by it.
"""

from dataclasses import replace
from datetime import UTC, datetime

from oscar_engage.simulation.parameters import SHOP, Parameters

VISITS = 5500.0
AGENTS, CHATS_AT_ONCE = 1, 1
BUTTON = 0.2

BEGINS = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""

LEARNS = 28
"""Days of the log that is learnt from, weekends without agents among them."""

WORLD: Parameters = replace(SHOP, agents=AGENTS, chats_at_once=CHATS_AT_ONCE)
FIRST_SEED, FIRST_TUNED = 1, 9001
"""Seeds of the worlds compared; and of those that rules were tuned on."""

EFFECTS = (1.0, 0.5, 0.0)
