"""What is where at the outside desk, and how does it go with it?"""

from django.db import models
from django.db.models import Q

from oscar_engage.desk.models import Conversation, Message


class OutsideConversation(models.Model):
    """That a conversation is (to be) at an outside desk, and how much of it is there.

    ``desk`` names that one, ``outside_id`` and ``contact_id`` are its own ids. ``told_seq`` is up to where our messages are
    there, ``telling_seq`` the one that is being written; ``None``: not even what is known of the shopper. ``told_agent`` is the
    agent (here) whom it was given to there, ``told_closed`` whether it is closed there as far as we know. ``is_held``: that
    agent answers there, and takes no slot here. ``cursor``: up to where we read. Who has ``lease_until`` writes there.

    A row outlives its conversation until that is forgotten there, too; ``is_opening`` with ``key`` and ``person``, by which it
    was to be opened, tells that something may be there whose id nobody knows.
    """

    conversation = models.OneToOneField(Conversation, null=True, blank=True, on_delete=models.SET_NULL, related_name="outside")
    desk = models.CharField(max_length=120)
    outside_id = models.CharField(max_length=64, blank=True)
    contact_id = models.CharField(max_length=64, blank=True)
    is_opening = models.BooleanField(default=False)
    key = models.CharField(max_length=64, blank=True)
    person = models.CharField(max_length=64, blank=True)
    told_seq = models.PositiveIntegerField(null=True, blank=True)
    telling_seq = models.PositiveIntegerField(null=True, blank=True)
    told_agent = models.PositiveBigIntegerField(null=True, blank=True)
    told_closed = models.BooleanField(default=False)
    is_held = models.BooleanField(default=False)
    cursor = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "outside_id"], condition=~Q(outside_id=""), name="engage_outside_conversation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.desk} {self.outside_id}"


class OutsideMessage(models.Model):
    """Which message there is which of ours; ``is_theirs``: it was written there."""

    place = models.ForeignKey(OutsideConversation, on_delete=models.CASCADE, related_name="messages")
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="outside")
    outside_id = models.CharField(max_length=64)
    is_theirs = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "outside_id"], name="engage_outside_message"),
        ]

    def __str__(self) -> str:
        return f"{self.outside_id}: {self.message_id}"


class OutsideState(models.Model):
    """How it goes with one outside desk: a row for each that the shop ever named.

    ``failing_since`` and ``failures`` (in a row) say that it does not answer, ``rests_until`` until when nobody tries.
    ``recovered_at`` is when it last answered again, ``heard_at`` when it last told us something, ``refused_at`` when a request
    last came that was not from there.
    """

    desk = models.CharField(max_length=120, unique=True)
    since = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True, blank=True)
    recovered_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=80, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.desk
