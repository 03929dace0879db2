"""Which rollups count service and its costs? Importing this module declares them all."""

from oscar_engage.analytics.costs.rule_counts import RULE_COSTS
from oscar_engage.analytics.costs.vouchers import VOUCHERS
from oscar_engage.analytics.deflection.contacts import CONTACTS
from oscar_engage.analytics.deflection.satisfaction import SATISFACTION
from oscar_engage.analytics.deflection.self_help import SELF_HELP

DECLARED = (CONTACTS, SELF_HELP, SATISFACTION, VOUCHERS, RULE_COSTS)
