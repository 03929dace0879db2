"""An invitation: an agent is free and offers to chat."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from oscar_engage.conf import get_settings
from oscar_engage.decisions.models import Decision
from oscar_engage.widgets.base import Widget
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS


class Invitation(Widget):
    """Opens the form that begins a chat; offered only while an agent can take it, and gone when nobody answers it."""

    name = "invitation"
    label = _("Chat invitation")
    action = "invite.chat"
    template = "oscar_engage/widgets/invitation.html"
    needs_agent = True
    opens = "engage:chat-new"

    def get_context(self, decision: Decision, engagement: Engagement) -> dict[str, Any]:
        """Return what the template reads; ``closes_after``: the seconds for which it stands."""
        return {**super().get_context(decision, engagement), "closes_after": get_settings().invitation_seconds}


WIDGETS.register(Invitation.name, Invitation())
