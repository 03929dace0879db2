"""The variables that come with the package, a module for each group a merchandiser knows; importing this registers them.

The order of the modules is the order in which forms and documents list the groups.
"""

# isort: off
from oscar_engage.rules.shipped import page, visit, struggles, basket, checkout, help, visitor, customer, desk, hours
from oscar_engage.rules.shipped import history, trends
# isort: on

__all__ = [
    "basket",
    "checkout",
    "customer",
    "desk",
    "help",
    "history",
    "hours",
    "page",
    "struggles",
    "trends",
    "visit",
    "visitor",
]
