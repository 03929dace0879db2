"""What was proposed to whom, what the shopper said to it, and what came of it."""

from datetime import datetime

from django.db import models
from django.utils.translation import pgettext_lazy

from oscar_engage.core.ids import new_public_id
from oscar_engage.desk.models import Agent, Conversation, Message


class ProposalState(models.TextChoices):
    """``agreed`` for good means that the shopper's request was cut off: nobody knows what came of it; it is not repeated."""

    WAITING = "waiting", pgettext_lazy("state of a proposal", "waiting for the shopper")
    AGREED = "agreed", pgettext_lazy("state of a proposal", "agreed, not heard of since")
    DONE = "done", pgettext_lazy("state of a proposal", "done")
    REFUSED = "refused", pgettext_lazy("state of a proposal", "the shopper said no")
    FAILED = "failed", pgettext_lazy("state of a proposal", "could not be done")
    EXPIRED = "expired", pgettext_lazy("state of a proposal", "expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a proposal", "withdrawn")


class Proposal(models.Model):
    """One act that an agent proposed in a chat.

    ``params`` is what the act needs, checked when it was proposed. ``message`` asked the shopper, ``outcome`` told what came of
    it. ``digest`` stands for the address that a mail went to (``desk.mail.mailbox_digest``). ``client_id``, made with the form,
    makes a repeated submit harmless.
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="proposals")
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="proposal")
    outcome = models.OneToOneField(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="settles")
    client_id = models.UUIDField()
    act = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=ProposalState.choices, default=ProposalState.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "client_id"], name="engage_proposal_client_id"),
        ]
        indexes = [
            models.Index(fields=["agent", "created_at"], name="engage_proposal_by_agent"),
            models.Index(fields=["digest", "created_at"], name="engage_proposal_mails", condition=~models.Q(digest="")),
        ]
        permissions = [("act_for_shopper", "Can act for shoppers who agree")]

    def __str__(self) -> str:
        return f"{self.act} ({self.state})"

    def state_at(self, now: datetime) -> ProposalState:
        """Return the state as it is ``now``: what nobody answered in time has expired, whether anybody noticed or not."""
        if self.state == ProposalState.WAITING and self.expires_at <= now:
            return ProposalState.EXPIRED
        return ProposalState(self.state)


def expire_waiting(locked: Conversation, *, now: datetime) -> None:
    """Have what waits for a yes or no in a conversation that is just closed wait no longer; its row is locked by the caller."""
    waiting = Proposal.objects.filter(conversation=locked, state=ProposalState.WAITING)
    waiting.update(state=ProposalState.EXPIRED, settled_at=now)
