"""Help with a field: deeper instructions that stand beside it while it is filled in, the same for every shopper."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.widgets.base import Widget
from oscar_engage.widgets.registry import WIDGETS


class FieldHelp(Widget):
    """Is no offer: it comes when the shopper points at the field, so no rule shows it and nobody is held out.

    The template is for previews: in the shop the script builds it from what ``storefront.field_help`` answers.
    """

    name = "field"
    label = _("Help with a field")
    action = ""
    surface = "field"
    template = "oscar_engage/widgets/field_help.html"
    is_offered = False
    is_for_all = True


WIDGETS.register(FieldHelp.name, FieldHelp())
