"""What do we say to whoever was a moment too late? Where the conversation is now, with a page that says 409."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from oscar_engage.dashboard.desk.way import way_back
from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.desk.queues import read_queues

CONFLICT = 409


def say_moved(conversation: Conversation) -> str:
    """Return what became of ``conversation``, which is not where somebody saw it."""
    queue = read_queues().queue_of(conversation) or _("no queue")
    words = {"reference": conversation.reference, "agent": conversation.agent, "queue": queue}
    if conversation.status == ConversationStatus.CLOSED:
        return _("Nothing was changed: somebody else closed %(reference)s first.") % words
    if conversation.agent_id is not None:
        return _("Nothing was changed: %(agent)s got %(reference)s first.") % words
    return _("Nothing was changed: someone else moved %(reference)s to “%(queue)s” first.") % words


def render_conflict(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """Answer 409 with what became of ``conversation`` and the way to it."""
    context = {"conversation": conversation, "words": say_moved(conversation), "way": way_back(request, conversation)}
    return render(request, "oscar_engage/dashboard/desk/conflict.html", context, status=CONFLICT)
