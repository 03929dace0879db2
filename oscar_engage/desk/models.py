"""Who answers, where it waits and what was said: agents, skills, queues, conversations, messages."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.core.ids import new_public_id, new_reference
from oscar_engage.desk.carry.load import Carried


class Presence(models.TextChoices):
    """Whether an agent takes conversations."""

    ONLINE = "online", _("online")
    AWAY = "away", _("away")
    OFFLINE = "offline", _("offline")


class AwayReason(models.TextChoices):
    """Why an agent takes no conversations just now. The last one is set by us, when nothing was done for a while."""

    BREAK = "break", pgettext_lazy("why an agent is away", "break")
    LUNCH = "lunch", pgettext_lazy("why an agent is away", "lunch")
    MEETING = "meeting", pgettext_lazy("why an agent is away", "meeting")
    PAPERWORK = "paperwork", pgettext_lazy("why an agent is away", "paperwork")
    TECHNICAL = "technical", pgettext_lazy("why an agent is away", "technical trouble")
    INACTIVE = "inactive", pgettext_lazy("why an agent is away", "not active")


class Agent(models.Model):
    """Someone who answers; a lease that is not renewed ends the presence.

    ``capacity`` is in chats, ``used_tenths`` in tenths of a chat: the sum of what the agent's chats weigh (``desk.slots``).
    ``free_since``: when a chat last went, or the agent came. ``online_since``: since when not offline. ``presence_since``:
    since when the presence is what it is. ``active_at``: the last thing done by hand. ``languages``: codes of what the agent
    answers in; none: any.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+")
    display_name = models.CharField(_("name towards shoppers"), max_length=60)
    presence = models.CharField(max_length=8, choices=Presence.choices, default=Presence.OFFLINE)
    lease_until = models.DateTimeField(null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(_("chats at once"), default=3)
    used_tenths = models.PositiveSmallIntegerField(default=0)
    away_reason = models.CharField(max_length=12, choices=AwayReason.choices, blank=True)
    free_since = models.DateTimeField(null=True, blank=True)
    online_since = models.DateTimeField(null=True, blank=True)
    active_at = models.DateTimeField(null=True, blank=True)
    presence_since = models.DateTimeField(null=True, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], name="engage_agent_user"),
            models.CheckConstraint(condition=Q(away_reason="") | Q(presence="away"), name="engage_agent_away_reason"),
        ]

    def __str__(self) -> str:
        return self.display_name


class Skill(models.Model):
    """Something that not every agent can answer."""

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)

    def __str__(self) -> str:
        return self.name


class Level(models.IntegerChoices):
    """How well somebody can answer something."""

    CAN = 1, pgettext_lazy("level of a skill", "yes")
    WELL = 2, pgettext_lazy("level of a skill", "well")
    BEST = 3, pgettext_lazy("level of a skill", "best")


class AgentSkill(models.Model):
    """That an agent can answer something, and how well."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="agents")
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.CAN)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "skill"], name="engage_agent_skill"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="engage_agent_skill_level"),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id}: {self.level}"


class Queue(models.Model):
    """Where conversations wait for an agent with the queue's skill; without one, for anybody.

    ``paths``: beginnings of addresses, one a line; what is asked there waits here. ``head_start``: seconds by which such
    conversations count as having waited longer. Conversations without a queue wait in the default one.
    """

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    skill = models.ForeignKey(
        Skill, verbose_name=_("skill"), null=True, blank=True, on_delete=models.PROTECT, related_name="queues"
    )
    paths = models.TextField(_("addresses"), max_length=2000, blank=True)
    head_start = models.PositiveIntegerField(_("head start in seconds"), default=0)
    is_default = models.BooleanField(_("for all that is in no other queue"), default=False)
    is_members_only = models.BooleanField(_("for its members alone"), default=False, db_default=False)
    """Whether only ``members`` and supervisors see what is in it: to others it does not exist."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="engage_queue_one_default")
        ]

    def __str__(self) -> str:
        return self.name


class QueueMember(models.Model):
    """That an agent belongs to a queue; it counts where the queue is for its members alone."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="members")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="queues")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "agent"], name="engage_queue_member")]

    def __str__(self) -> str:
        return f"{self.agent_id} in {self.queue_id}"


class ConversationKind(models.TextChoices):
    """A note waits for an answer; a chat is live; for a call the agent dials."""

    NOTE = "note", _("note")
    CHAT = "chat", _("chat")
    CALL = "call", pgettext_lazy("kind of a conversation", "call")


LIVE = (ConversationKind.CHAT, ConversationKind.CALL)
"""The kinds that take their agent's time while they go on."""


class ConversationStatus(models.TextChoices):
    """Planned for a later time, waiting for an agent, answered (or being talked), closed."""

    PLANNED = "planned", _("planned")
    WAITING = "waiting", _("waiting")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class WrapOutcome(models.TextChoices):
    """Whether the shopper was helped, by the word of the agent."""

    SOLVED = "solved", pgettext_lazy("outcome of a conversation", "solved")
    UNSOLVED = "unsolved", pgettext_lazy("outcome of a conversation", "not solved")


class Conversation(models.Model):
    """One exchange with one visitor, found again by its public id and named to people by its reference.

    ``due_at`` is when the latest question's answer is promised, ``resolve_by`` when its solution, and ``paused_at`` since when
    that clock waits for the shopper. ``watch_at`` and what follows it are the sweep's (``desk.promises.course``); a
    conversation is escalated once at most.
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    reference = models.CharField(max_length=16, unique=True, default=new_reference, editable=False)
    kind = models.CharField(max_length=8, choices=ConversationKind.choices)
    status = models.CharField(max_length=8, choices=ConversationStatus.choices, default=ConversationStatus.WAITING)
    visitor_id = models.UUIDField(db_index=True)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_constraint=False,
        on_delete=models.DO_NOTHING,
        related_name="+",
    )
    """Who was logged in when it was asked: theirs on every device, whatever cookies they take."""

    visit_id = models.UUIDField(null=True, blank=True)
    decision_id = models.UUIDField(null=True, blank=True)
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="conversations")
    queue = models.ForeignKey(
        Queue, null=True, blank=True, db_constraint=False, on_delete=models.SET_NULL, related_name="conversations"
    )
    weight = models.PositiveSmallIntegerField(default=0)
    """Tenths of a slot that it takes of its agent now."""

    spoken_at = models.DateTimeField(null=True, blank=True)
    """When the last message was written, by whomever."""

    name = models.CharField(_("name"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(max_length=16, blank=True)
    page_path = models.CharField(max_length=500, blank=True)
    page_title = models.CharField(max_length=200, blank=True)
    anchor = models.CharField(max_length=64, blank=True)
    anchor_object = models.CharField(max_length=80, blank=True, default="", db_default="")
    anchor_path = models.CharField(max_length=200, blank=True)
    anchor_label = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    policy = models.ForeignKey(
        "oscar_engage.Policy", null=True, blank=True, on_delete=models.SET_NULL, related_name="conversations"
    )
    due_at = models.DateTimeField()
    resolve_by = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    watch_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(null=True, blank=True)
    solution_warned_at = models.DateTimeField(null=True, blank=True)
    solution_breached_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    first_reply_at = models.DateTimeField(null=True, blank=True)
    owed_since = models.DateTimeField(null=True, blank=True)
    """Since when the shopper waits for the answer that is promised: from the question, or from when a chat went back."""

    closed_at = models.DateTimeField(null=True, blank=True)
    live_id = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    """Public id of what goes on beside the words now (``oscar_engage.sharing``); empty: nothing does."""

    voice_id = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    """Public id of the talk in the browser that goes on, or was asked for (``oscar_engage.voices``); empty: none is."""

    last_seq = models.PositiveIntegerField(default=0)
    shopper_read_seq = models.PositiveIntegerField(default=0)
    shopper_put_away_seq = models.PositiveIntegerField(default=0, db_default=0)
    """Up to which message the shopper put the news away unread: it does not come up by itself again."""

    agent_read_seq = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)
    """When an agent first made it their own."""

    shopper_writes_until = models.DateTimeField(null=True, blank=True)
    agent_writes_until = models.DateTimeField(null=True, blank=True)
    """Until when the other side is told that this one is writing (``desk.writing``)."""

    topic = models.ForeignKey(
        "oscar_engage.Topic", null=True, blank=True, on_delete=models.PROTECT, related_name="conversations"
    )
    outcome = models.CharField(_("outcome"), max_length=8, choices=WrapOutcome.choices, blank=True)
    wrap_note = models.TextField(_("note"), max_length=1000, blank=True)
    wrapped_at = models.DateTimeField(null=True, blank=True)
    """When its agent said what it was about (``desk.topics``)."""

    class Meta:
        indexes = [
            models.Index(fields=["status", "due_at"], name="engage_conversation_waiting"),
            models.Index(fields=["created_at"], name="engage_conversation_began"),
            models.Index(
                fields=["agent", "closed_at"],
                name="engage_conversation_unwrapped",
                condition=Q(status="closed", wrapped_at__isnull=True),
            ),
            models.Index(fields=["agent"], condition=Q(weight__gt=0), name="engage_conversation_held"),
            models.Index(fields=["watch_at"], name="engage_conversation_watched", condition=Q(watch_at__isnull=False)),
            models.Index(fields=["created_at"], name="engage_conversation_created"),
            models.Index(fields=["closed_at"], name="engage_conversation_closed_on"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False), name="engage_conversation_closed_at"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def pinned_to(self) -> str:
        """The place that the question is about, in the page's own words."""
        return self.anchor_label or self.page_title or self.page_path


class Role(models.TextChoices):
    """Who wrote a message; set by the server, never read from a form."""

    SHOPPER = "shopper", _("shopper")
    AGENT = "agent", _("agent")
    SYSTEM = "system", _("system")


class Message(models.Model):
    """One entry of a conversation: ``seq`` orders it, ``client_id`` (made by the sender) makes a repeat harmless.

    ``body`` may be empty if there is a ``card`` (``carry.load.Card`` as JSON) or at least one of ``files``, which are counted.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    seq = models.PositiveIntegerField()
    client_id = models.UUIDField(default=uuid.uuid4)
    role = models.CharField(max_length=8, choices=Role.choices)
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    body = models.TextField(max_length=4000)
    card = models.JSONField(null=True, blank=True)
    files = models.PositiveSmallIntegerField(default=0, db_default=0)
    at = models.DateTimeField()

    carried: Carried | None = None
    """What a reader is shown beside the words; set by ``carry.show.with_carried``."""

    class Meta:
        indexes = [models.Index(fields=["id"], name="engage_message_card", condition=Q(card__isnull=False))]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="engage_message_seq"),
            models.UniqueConstraint(fields=["conversation", "client_id"], name="engage_message_client_id"),
        ]

    def __str__(self) -> str:
        return f"{self.role} #{self.seq}"


class Look(models.Model):
    """That an agent has a conversation before them: last at ``at``, and writes in it until ``writes_until``."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="looks")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    writes_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "agent"], name="engage_look_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} at {self.conversation_id}"
