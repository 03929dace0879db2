"""What a queue offers callers, the calls that were asked for, and each try to reach somebody."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.desk.models import Agent, Conversation, Queue, Skill
from oscar_engage.desk.promises.models import OpeningHours


def usual_retries() -> list[int]:
    """Return the minutes after which somebody who was not reached is called again: a quarter of an hour, two hours."""
    return [15, 120]


class CallTerms(models.Model):
    """How a queue takes calls. ``per_slot``: calls that its agents can make in one slot of ``slot_minutes``.

    ``skill``: what an agent needs to make calls, beside the queue's own. ``retry_minutes``: the pauses between tries; one try
    more than there are pauses, and then it is over.
    """

    queue = models.OneToOneField(Queue, on_delete=models.CASCADE, related_name="call_terms")
    is_active = models.BooleanField(_("takes calls"), default=True)
    opening_hours = models.ForeignKey(
        OpeningHours,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("opening hours"),
        help_text=_("When you call. Without any: day and night."),
    )
    skill = models.ForeignKey(
        Skill,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("skill for calls"),
        help_text=_("Only agents with this skill are given calls, such as “speaks”. None: all agents of the queue."),
    )
    slot_minutes = models.PositiveSmallIntegerField(
        _("minutes of a slot"), default=15, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    per_slot = models.PositiveSmallIntegerField(
        _("calls in one slot"), default=1, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    days_ahead = models.PositiveSmallIntegerField(
        _("days ahead"), default=7, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    retry_minutes = models.JSONField(_("minutes until the next try"), default=usual_retries, blank=True)

    def __str__(self) -> str:
        return f"{self.queue}"


class CallState(models.TextChoices):
    """Where a call stands. The first three are open; the others are how it ended."""

    UNCONFIRMED = "unconfirmed", pgettext_lazy("state of a call", "to be confirmed by mail")
    PLANNED = "planned", pgettext_lazy("state of a call", "planned")
    DUE = "due", pgettext_lazy("state of a call", "due")
    REACHED = "reached", pgettext_lazy("state of a call", "reached")
    MISSED = "missed", pgettext_lazy("state of a call", "not reached")
    WRONG = "wrong", pgettext_lazy("state of a call", "wrong number")
    CANCELLED = "cancelled", pgettext_lazy("state of a call", "cancelled")
    EXPIRED = "expired", pgettext_lazy("state of a call", "not confirmed")


ACCEPTED = (CallState.PLANNED, CallState.DUE)
"""A call in one of these will be made; a number has one such call at a time."""


class PhoneCall(models.Model):
    """The call of one conversation. ``number`` is in E.164, ``digest`` is what it is counted by.

    ``starts_at``, ``ends_at``: the slot, null for "as soon as possible"; ``seat`` is the place in it while it is held.
    ``call_at``: when the agents' task opens next; ``opened_at``: when it first did. ``kept_for``: the agent a supervisor chose.
    """

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="call")
    number = models.CharField(max_length=16)
    digest = models.CharField(max_length=32, db_index=True)
    state = models.CharField(max_length=12, choices=CallState.choices, default=CallState.PLANNED)
    queue = models.ForeignKey(Queue, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    seat = models.PositiveSmallIntegerField(null=True, blank=True)
    call_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    kept_for = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        permissions = [("see_number", "Can see the numbers of calls")]
        indexes = [models.Index(fields=["state", "call_at"], name="engage_call_due")]
        constraints = [
            models.UniqueConstraint(fields=["queue", "starts_at", "seat"], name="engage_call_seat"),
            models.UniqueConstraint(
                fields=["digest"], condition=Q(state__in=["planned", "due"]), name="engage_call_one_to_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"


class CallOutcome(models.TextChoices):
    """What became of one try; empty while it goes on."""

    REACHED = "reached", pgettext_lazy("outcome of a call", "Reached")
    NO_ANSWER = "no_answer", pgettext_lazy("outcome of a call", "No answer")
    WRONG_NUMBER = "wrong_number", pgettext_lazy("outcome of a call", "Wrong number, or did not ask for a call")
    LATER = "later", pgettext_lazy("outcome of a call", "Wants to be called later")
    LEFT = "left", pgettext_lazy("outcome of a call", "Not told by the agent")


class CallTry(models.Model):
    """One try to reach somebody: ``begun_at`` when an agent pressed "Call"; ``trouble``: why the provider did not dial."""

    call = models.ForeignKey(PhoneCall, on_delete=models.CASCADE, related_name="tries")
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    begun_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=CallOutcome.choices, blank=True)
    trouble = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call"], condition=Q(outcome=""), name="engage_call_one_try_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"try {self.pk}"
