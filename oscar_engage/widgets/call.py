"""The offer of a call: a number is left, and an agent calls as soon as one is free or at a time of the shopper's choice."""

from django.utils.translation import pgettext_lazy

from oscar_engage.widgets.base import Widget
from oscar_engage.widgets.registry import WIDGETS


class Call(Widget):
    """Opens the form that asks for a call; offered only where a queue of the page has a time for one."""

    name = "call"
    label = pgettext_lazy("kind of engagement", "Call")
    action = "offer.call"
    template = "oscar_engage/widgets/call.html"
    opens = "engage:call-new"


WIDGETS.register(Call.name, Call())
