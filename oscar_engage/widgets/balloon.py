"""A balloon: a few words beside the element of the page that they explain."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.widgets.base import Widget
from oscar_engage.widgets.registry import WIDGETS


class Balloon(Widget):
    """Points at an anchor; with a button it opens a note about that place."""

    name = "balloon"
    label = _("Balloon")
    action = "show.balloon"
    template = "oscar_engage/widgets/balloon.html"


WIDGETS.register(Balloon.name, Balloon())
