"""The widgets that we ship; importing this registers them."""

from oscar_engage.widgets.balloon import Balloon
from oscar_engage.widgets.call import Call
from oscar_engage.widgets.field_help import FieldHelp
from oscar_engage.widgets.invitation import Invitation
from oscar_engage.widgets.note import Note
from oscar_engage.widgets.together import PageInvitation, VoiceInvitation

__all__ = ["Balloon", "Call", "FieldHelp", "Invitation", "Note", "PageInvitation", "VoiceInvitation"]
