"""An invitation: an agent is free and offers to chat."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.widgets.base import Widget
from oscar_engage.widgets.registry import WIDGETS


class Invitation(Widget):
    """Opens the form that begins a chat; offered only while an agent is free."""

    name = "invitation"
    label = _("Chat invitation")
    action = "invite.chat"
    template = "oscar_engage/widgets/invitation.html"
    needs_agent = True
    opens = "engage:chat-new"


WIDGETS.register(Invitation.name, Invitation())
