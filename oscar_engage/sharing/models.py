"""What goes on beside the words of a conversation: a session of two, and what either side sends in it, in order."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from oscar_engage.core.ids import new_public_id
from oscar_engage.desk.models import Agent, Conversation


class LiveKind(models.TextChoices):
    """What is done together: a page is looked at, or both talk (``oscar_engage.voices``)."""

    PAGE = "page", pgettext_lazy("what is done together", "shared page")
    VOICE = "voice", pgettext_lazy("what is done together", "talk in the browser")


class LiveState(models.TextChoices):
    """Asked for and not answered yet, going on, over."""

    ASKED = "asked", pgettext_lazy("state of a shared page", "asked for")
    LIVE = "live", pgettext_lazy("state of a shared page", "going on")
    ENDED = "ended", pgettext_lazy("state of a shared page", "over")


class Starter(models.TextChoices):
    """Who began it."""

    AGENT = "agent", pgettext_lazy("who began to share a page", "the agent")
    SHOPPER = "shopper", pgettext_lazy("who began to share a page", "the shopper")
    CODE = "code", pgettext_lazy("who began to share a page", "a code on the telephone")


class Pause(models.TextChoices):
    """Why nothing is shown although it goes on."""

    NONE = "", pgettext_lazy("why a shared page is paused", "not paused")
    PRIVATE = "private", pgettext_lazy("why a shared page is paused", "a private page")
    PAYMENT = "payment", pgettext_lazy("why a shared page is paused", "a page on which one pays")
    HIDDEN = "hidden", pgettext_lazy("why a shared page is paused", "another tab is looked at")


class Ended(models.TextChoices):
    """Why it is over."""

    REFUSED = "refused", pgettext_lazy("why a shared page ended", "the shopper did not want to")
    UNANSWERED = "unanswered", pgettext_lazy("why a shared page ended", "nobody answered the question")
    SHOPPER = "shopper", pgettext_lazy("why a shared page ended", "the shopper ended it")
    AGENT = "agent", pgettext_lazy("why a shared page ended", "the agent ended it")
    SHOPPER_GONE = "shopper_gone", pgettext_lazy("why a shared page ended", "the shopper is gone")
    AGENT_GONE = "agent_gone", pgettext_lazy("why a shared page ended", "the agent is gone")
    UNSEEN = "unseen", pgettext_lazy("why a shared page ended", "no agent looked")
    TOO_LONG = "too_long", pgettext_lazy("why a shared page ended", "the time is over")
    TOO_MUCH = "too_much", pgettext_lazy("why a shared page ended", "the page changes too much")
    CONVERSATION = "conversation", pgettext_lazy("why a shared page ended", "the conversation was closed or handed on")
    AGENT_REFUSED = "agent_refused", pgettext_lazy("why a shared page ended", "the agent could not talk just then")
    SHOPPER_DENIED = "shopper_denied", pgettext_lazy("why a shared page ended", "the shopper's browser gave no microphone")
    AGENT_DENIED = "agent_denied", pgettext_lazy("why a shared page ended", "the agent's browser gave no microphone")
    UNCONNECTED = "unconnected", pgettext_lazy("why a shared page ended", "no connection between the two browsers")
    PAYMENT = "payment", pgettext_lazy("why a shared page ended", "the shopper went to pay")


class Side(models.TextChoices):
    """From whom a message comes."""

    SHOPPER = "shopper", pgettext_lazy("side of a shared page", "shopper")
    AGENT = "agent", pgettext_lazy("side of a shared page", "agent")


class LiveSession(models.Model):
    """One shopper and one agent, found by ``public_id``.

    ``shopper_at``, ``agent_at``: when either side last spoke to the server. ``page`` is the token of the page that speaks now;
    a page that was left, or a copy of the tab, is not listened to. ``shopper_seq`` and ``agent_seq`` number the messages of
    each side, ``snapshot_seq`` is the shopper's message in which the present page begins, ``held`` the bytes that it takes.
    ``lookers``: by id of agent, the name and when that agent last looked (seconds since 1970). ``keeps``: the shopper said yes
    to a recording that outlives it.

    Of a talk: ``agent_page`` is the same token of the agent's page, ``generation`` numbers the connections between the two
    pages (0: none was tried yet), ``joined_at`` is when the first stood; ``shopper_seq`` and ``agent_seq`` are the generation
    of the offer and of the answer that are held, ``shopper_media`` and ``agent_media`` what either side sends now.
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=8, choices=LiveKind.choices, default=LiveKind.PAGE)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="live_sessions")
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    starter = models.CharField(max_length=8, choices=Starter.choices)
    state = models.CharField(max_length=8, choices=LiveState.choices)
    pause = models.CharField(max_length=8, choices=Pause.choices, blank=True, default="")
    ended = models.CharField(max_length=16, choices=Ended.choices, blank=True, default="")
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, db_index=True)
    shopper_at = models.DateTimeField()
    agent_at = models.DateTimeField(null=True, blank=True)
    page = models.CharField(max_length=32, blank=True, default="")
    shopper_seq = models.PositiveIntegerField(default=0)
    agent_seq = models.PositiveIntegerField(default=0)
    snapshot_seq = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    lookers = models.JSONField(default=dict, blank=True)
    keeps = models.BooleanField(default=False)
    agent_page = models.CharField(max_length=32, blank=True, default="", db_default="")
    generation = models.PositiveIntegerField(default=0, db_default=0)
    joined_at = models.DateTimeField(null=True, blank=True)
    shopper_media = models.CharField(max_length=32, blank=True, default="", db_default="")
    agent_media = models.CharField(max_length=32, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "kind"], condition=~Q(state="ended"), name="engage_live_session_one_of_a_kind"
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_at__isnull=False), name="engage_live_session_ended_at"
            ),
        ]
        indexes = [models.Index(fields=["state"], condition=~Q(state="ended"), name="engage_live_session_going_on")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class LiveMessage(models.Model):
    """What one side sent, the ``seq``-th of that side: of the shopper a bundle of events, of the agent one verb.

    Of a talk the shopper's is the offer of a connection and the agent's the answer, ``seq`` its generation.

    ``body`` is JSON, compressed by zlib. The rows go when the session ends, unless the shopper let them be kept.
    """

    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="messages")
    side = models.CharField(max_length=8, choices=Side.choices)
    seq = models.PositiveIntegerField()
    body = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "side", "seq"], name="engage_live_message_seq")]

    def __str__(self) -> str:
        return f"{self.side} #{self.seq}"


class LiveCode(models.Model):
    """A short code that an agent says on the telephone; good once, and not for long. Only its keyed digest is stored."""

    digest = models.CharField(max_length=64, unique=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"until {self.until}"
