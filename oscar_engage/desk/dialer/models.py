"""Who was invited, and whose slot is kept for them: a row for each invitation to a chat that was really offered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.desk.models import Agent, Queue


class HoldEnd(models.TextChoices):
    """What became of an invitation."""

    OPENED = "opened", pgettext_lazy("what became of an invitation", "chat begun")
    DECLINED = "declined", pgettext_lazy("what became of an invitation", "declined")
    IGNORED = "ignored", pgettext_lazy("what became of an invitation", "not answered")
    LEFT = "left", pgettext_lazy("what became of an invitation", "page left")
    WITHDRAWN = "withdrawn", pgettext_lazy("what became of an invitation", "agent gone")


class Hold(models.Model):
    """A place that is kept for one invited shopper, from the offer until ``ended_at``.

    With an ``agent`` it is one of the agent's slots and counts in ``used_tenths`` until then; without, a place in the budget.
    It is over at ``until``, answered or not, and when the browser has not been heard of until ``lease_until``. ``skill`` and
    ``language`` are what the invitation asks for. ``accepted_at``: the press on the button; ``asked_at``: the question;
    ``seated_at``: an agent has it.
    """

    decision_id = models.UUIDField(unique=True)
    visitor_id = models.UUIDField()
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="holds")
    queue = models.ForeignKey(
        Queue, null=True, blank=True, db_constraint=False, on_delete=models.SET_NULL, related_name="holds"
    )
    skill = models.SlugField(max_length=40, blank=True)
    language = models.CharField(max_length=16, blank=True)
    offered_at = models.DateTimeField()
    until = models.DateTimeField()
    lease_until = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    seated_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_as = models.CharField(max_length=12, choices=HoldEnd.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["visitor_id"], name="engage_hold_open_visitor", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["agent"], name="engage_hold_open_agent", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["offered_at"], name="engage_hold_offered"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_as="") | (Q(ended_at__isnull=False) & ~Q(ended_as="")),
                name="engage_hold_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.get_ended_as_display() if self.ended_as else str(_("invited"))


class DialerState(models.Model):
    """The one row of the dialer: what was measured lately, and the place at which predictive offers queue up.

    ``offers`` grows with each of them: whoever has changed it is alone until the transaction ends.
    """

    offers = models.PositiveBigIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    seated = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    acceptance = models.FloatField(null=True, blank=True)
    answer = models.FloatField(null=True, blank=True)
    lead = models.FloatField(null=True, blank=True)
    talk = models.FloatField(null=True, blank=True)
    spread = models.FloatField(null=True, blank=True)
    measured_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.accepted} of {self.answers}"
