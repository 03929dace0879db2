"""What is offered: an engagement with its words and content, every version of them, and the vouchers given with some."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Engagement(models.Model):
    """A widget with its words and its place; rules refer to it by ``slug``.

    The columns hold what shoppers read now. What is being written beside that is the newest :class:`EngagementVersion`. One
    that was never published is not active, and holds what was written last.
    """

    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    widget = models.CharField(_("widget"), max_length=16)
    title = models.CharField(_("title"), max_length=80)
    body = models.CharField(_("text"), max_length=400, blank=True)
    button = models.CharField(_("button"), max_length=40, blank=True)
    translations = models.JSONField(default=dict, blank=True, editable=False)
    """The same words in other languages than the shop's own: code to ``title``, ``body`` and ``button``."""

    variants = models.JSONField(default=list, blank=True, editable=False)
    """Other wordings: objects with ``name``, ``share`` (per cent) and ``texts`` (language to words)."""

    anchor = models.SlugField(
        _("page element"), max_length=64, blank=True, help_text=_("Where it points to, e.g. shipping-method.")
    )
    content = models.CharField(_("content"), max_length=16, default="text")
    settings = models.JSONField(_("settings of the content"), default=dict, blank=True)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    """It is offered from ``starts_at`` on and before ``ends_at``."""

    is_active = models.BooleanField(_("active"), default=True)
    published = models.ForeignKey(
        "oscar_engage.EngagementVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    """The version that the columns come from; none for what was made by a program or never published."""

    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    """Since when the newest version waits for an approver."""

    comment = models.CharField(_("what is to change"), max_length=300, blank=True, editable=False)
    """With which words the newest version was sent back."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    drafted_part: dict[str, Any] | None = None
    """In memory only: what a draft says beside the columns (``widgets.life.parts``); ``None`` where it says what is live."""

    class Meta:
        permissions = [("publish_engagement", _("Can publish engagements, and send drafts back"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(starts_at__lt=models.F("ends_at")),
                name="engage_engagement_period",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ImmutableWordsError(TypeError):
    """Somebody tried to change a version that was saved."""


class EngagementVersion(models.Model):
    """What an engagement was at one time: a document (``widgets.life.document``) that never changes again."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_constraint=False,
        on_delete=models.DO_NOTHING,
        related_name="+",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "number"], name="engage_engagement_version_number")]

    def __str__(self) -> str:
        return f"{self.engagement} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the version; a saved one is never written again."""
        if not self._state.adding:
            raise ImmutableWordsError(f"{self} is saved and cannot change; save a new draft.")
        super().save(*args, **kwargs)


class GivenVoucher(models.Model):
    """A voucher of their own that a shopper took with an offer: at most one for a decision.

    ``visitor_id`` is who took it, ``voucher_id`` its number in the shop's database.
    """

    decision_id = models.UUIDField(unique=True)
    visitor_id = models.UUIDField()
    voucher_id = models.BigIntegerField()
    given_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["visitor_id", "-given_at"], name="engage_given_visitor")]

    def __str__(self) -> str:
        return f"voucher {self.voucher_id}"


class VariantDraw(models.Model):
    """The wording of an engagement that a visitor was given, with the probability it was drawn at; kept for good.

    ``visitor_id`` is the visitor's ``unit_id``, as in ``decisions.models.Assignment``.
    """

    visitor_id = models.UUIDField()
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="draws")
    variant = models.CharField(max_length=1)
    probability = models.FloatField()
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visitor_id", "engagement"], name="engage_variant_once"),
            models.CheckConstraint(
                condition=models.Q(probability__gt=0) & models.Q(probability__lte=1), name="engage_variant_probability"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant} of engagement {self.engagement_id}"
