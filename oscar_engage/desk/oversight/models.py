"""Who looks on at a chat that somebody else answers: a lease of each, so that the agent always knows."""

from django.db import models

from oscar_engage.desk.models import Agent, Conversation


class Watching(models.Model):
    """That ``watcher`` has the page of a colleague's chat open; it ends with ``until`` unless the page renews it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="watchings")
    watcher = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "watcher"], name="engage_watching_once")]

    def __str__(self) -> str:
        return f"{self.watcher_id} at {self.conversation_id}"
