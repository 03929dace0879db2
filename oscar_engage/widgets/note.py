"""A sticky note: the offer to leave a question and read the answer later."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.widgets.base import Widget
from oscar_engage.widgets.registry import WIDGETS


class Note(Widget):
    """Opens the form of a note, pinned to the anchor."""

    name = "note"
    label = _("Sticky note")
    action = "offer.note"
    template = "oscar_engage/widgets/note.html"


WIDGETS.register(Note.name, Note())
