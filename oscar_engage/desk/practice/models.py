"""What is kept of practising: a sitting of one agent, its conversations and their lines, apart from real ones."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.core.ids import new_public_id
from oscar_engage.desk.models import Agent
from oscar_engage.desk.practice.judge import Ending
from oscar_engage.desk.practice.script import Difficulty

DIFFICULTIES = (
    (Difficulty.EASY.value, pgettext_lazy("difficulty", "easy")),
    (Difficulty.MEDIUM.value, pgettext_lazy("difficulty", "medium")),
    (Difficulty.HARD.value, pgettext_lazy("difficulty", "hard")),
)

ENDINGS = (
    (Ending.RESOLVED.value, _("helped")),
    (Ending.UNHELPED.value, _("left without help")),
    (Ending.LOST.value, _("lost patience")),
    (Ending.CLOSED.value, _("closed too early")),
    (Ending.STOPPED.value, _("stopped")),
)


class Practice(models.Model):
    """One sitting. ``difficulty`` is empty for a mixture; ``promise``: seconds within which a real shopper would be answered.

    Its clock runs from ``started_at`` and stands still from ``paused_at`` on; ``waited``: seconds of pauses that are over.
    ``seen_at`` is when its page asked last: while no page asks, the clock stands still, too.
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="practices")
    language = models.CharField(max_length=16)
    difficulty = models.CharField(max_length=8, choices=DIFFICULTIES, blank=True)
    seed = models.CharField(max_length=32)
    promise = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    waited = models.FloatField(default=0.0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["agent", "started_at"], name="engage_practice_history"),
            models.Index(fields=["started_at"], name="engage_practice_started"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["agent"], condition=Q(ended_at__isnull=True), name="engage_practice_one_open"),
        ]

    def __str__(self) -> str:
        return f"practice of {self.agent_id} at {self.started_at:%Y-%m-%d %H:%M}"


class PracticeChat(models.Model):
    """One shopper of a sitting, by the ``script``'s key; they come at second ``begins`` of its clock.

    At its end ``result`` (``practice.judge``) and the figures of it that tables add up are kept. ``topic`` is the short name
    that the agent chose, ``is_topic_right`` ``None`` where the shop has no such topic. ``ended_second`` counts from ``begins``.
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="chats")
    script = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    shopper = models.CharField(max_length=60)
    begins = models.FloatField()
    last_seq = models.PositiveIntegerField(default=0)
    ended_as = models.CharField(max_length=8, choices=ENDINGS, blank=True)
    ended_second = models.FloatField(null=True, blank=True)
    is_wrapped = models.BooleanField(default=False)
    topic = models.CharField(max_length=40, blank=True)
    is_topic_right = models.BooleanField(null=True, blank=True)
    first_response = models.FloatField(null=True, blank=True)
    longest_response = models.FloatField(null=True, blank=True)
    needs = models.PositiveSmallIntegerField(default=0)
    met = models.PositiveSmallIntegerField(default=0)
    slips = models.PositiveSmallIntegerField(default=0)
    ready_lines = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.script} in {self.practice_id}"


class PracticeLine(models.Model):
    """One line at ``second`` of its conversation. ``move`` (``practice.shopper``) is empty for the agent's.

    ``is_ready``: the agent used a ready-made reply.
    """

    chat = models.ForeignKey(PracticeChat, on_delete=models.CASCADE, related_name="lines")
    seq = models.PositiveIntegerField()
    move = models.CharField(max_length=12, blank=True)
    body = models.TextField(max_length=4000)
    second = models.FloatField()
    at = models.DateTimeField()
    client_id = models.UUIDField(null=True, blank=True)
    is_ready = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chat", "seq"], name="engage_practice_line_seq"),
            models.UniqueConstraint(fields=["chat", "client_id"], name="engage_practice_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.chat_id}/{self.seq}"
