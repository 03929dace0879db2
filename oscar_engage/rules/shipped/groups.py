"""Under which headings does a merchandiser find the shipped variables?"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Oscar's own English says "Cart" for a bare "Basket"; ours carries a context.
PAGE, VISIT, BASKET = _("Page"), _("Visit"), pgettext_lazy("group of variables", "Basket")
CHECKOUT, VISITOR, DESK = _("Checkout and login"), _("Visitor"), _("Help desk")
HELP, STRUGGLES = _("Self-help"), _("Struggles")
HISTORY = pgettext_lazy("group of variables", "History")
CUSTOMER, TIME = _("Customer"), _("Time")
