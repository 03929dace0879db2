"""By when is the answer there? In a sentence for the shopper, for what the desk says in a conversation."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oscar_engage.desk.models import Conversation


def say_due(conversation: Conversation) -> str:
    """Return the promised time of the answer, in the language that is active, always with its day: it is read later, too."""
    due = localtime(conversation.due_at)
    words = {"time": date_format(due, "H:i"), "day": date_format(due, "SHORT_DATE_FORMAT")}
    return _("Our answer is here by %(time)s on %(day)s at the latest.") % words
