"""Invitations to more than words: to look at the page together, or to talk in the browser. Both begin with a chat."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.decisions.models import Decision
from oscar_engage.widgets.invitation import Invitation
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS


class PageInvitation(Invitation):
    """Opens the form of a chat that says that its shopper would like to show the page; each yes comes later, in the chat."""

    name = "page"
    label = pgettext_lazy("kind of engagement", "Invitation to a shared page")
    action = "invite.page"
    template = "oscar_engage/widgets/page.html"

    def get_open_url(self, decision: Decision, engagement: Engagement) -> str:
        """Return the address of the form, which then says what is wanted."""
        return f"{super().get_open_url(decision, engagement)}&wants={self.name}"


class VoiceInvitation(PageInvitation):
    """The same for who would rather talk."""

    name = "voice"
    label = _("Invitation to talk in the browser")
    action = "invite.voice"
    template = "oscar_engage/widgets/voice.html"


for _widget in (PageInvitation(), VoiceInvitation()):
    WIDGETS.register(_widget.name, _widget)
