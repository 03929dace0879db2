"""What may a rule ask about those who help?"""

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.shipped.groups import DESK
from oscar_engage.rules.types import Integer
from oscar_engage.rules.variables import COSTLY, variable


@variable("desk.free_agents", type=Integer(), label=_("free agents"), group=DESK, service=True, cost=COSTLY)
def desk_free_agents(moment: Moment) -> Value:
    """Return how many more chats the agents can take; that is a query."""
    free = moment.free_agents()
    return UNKNOWN if free is None else free
