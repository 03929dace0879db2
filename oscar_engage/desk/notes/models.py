"""What agents write about a conversation for each other: a table of its own, so that no shopper's list can ever hold it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.desk.models import Agent, Conversation


class NoteKind(models.TextChoices):
    """A note for whoever reads it, a supervisor's word to the agent who has the chat, the reason why it was handed on."""

    NOTE = "note", pgettext_lazy("kind of an internal note", "Internal note")
    WHISPER = "whisper", pgettext_lazy("kind of an internal note", "Whisper")
    HANDOVER = "handover", pgettext_lazy("kind of an internal note", "Handed on")


class InternalNote(models.Model):
    """One remark about a conversation by an agent. Nobody changes it; it is deleted with the conversation, or by a supervisor.

    ``addressee`` is whom a whisper is for, or who got the conversation with it; nobody for a queue.
    """

    role: ClassVar[str] = "note"
    """What tells it from a message where both stand in one list."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="internal_notes")
    kind = models.CharField(max_length=8, choices=NoteKind.choices, default=NoteKind.NOTE)
    author = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    addressee = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    body = models.TextField(_("note"), max_length=4000)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} on {self.conversation_id}"
