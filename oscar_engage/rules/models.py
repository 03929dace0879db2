"""Whom to help, when and how: a rule and its immutable versions."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.caps import LARGEST, Caps, caps_of


class RuleStatus(models.TextChoices):
    """Only a live rule is judged."""

    DRAFT = "draft", _("draft")
    LIVE = "live", _("live")
    PAUSED = "paused", _("paused")
    ARCHIVED = "archived", _("archived")


class RulePurpose(models.TextChoices):
    """A service rule reads only the current page's facts and may fire below full consent."""

    SALES = "sales", _("sales")
    SERVICE = "service", _("service")


class RuleGoal(models.TextChoices):
    """What of the shopper a success of the rule is worth more with, for the merchant's formula (``decisions.priority``)."""

    NONE = "", _("neither: only its value below")
    BASKET = "basket", _("the basket at hand")
    CUSTOMER = "customer", _("the customer")


MOST_WORTH = 1_000_000
"""The largest value of a goal, in the shop's currency."""


def _cap(label: Any, column: str, help_text: Any) -> Any:
    """Return the column of one of the rule's own caps; empty: only the shop's count."""
    return models.PositiveIntegerField(
        label,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LARGEST[column])],
        help_text=help_text,
    )


class Rule(models.Model):
    """A targeting rule. What it says is in its versions; when and how often it may act stands here."""

    name = models.CharField(_("name"), max_length=120)
    status = models.CharField(_("status"), max_length=8, choices=RuleStatus.choices, default=RuleStatus.DRAFT)
    purpose = models.CharField(_("purpose"), max_length=8, choices=RulePurpose.choices, default=RulePurpose.SALES)
    priority = models.IntegerField(_("priority"), default=100, help_text=_("Lower numbers win."))
    holdout_share = models.FloatField(
        _("hold-out share"), default=0.2, validators=[MinValueValidator(0), MaxValueValidator(0.5)]
    )
    cap_offers = _cap(_("offers to one shopper"), "cap_offers", _("At most so many within the days beside. Empty: the shop's."))
    cap_days = models.PositiveIntegerField(
        _("within days"), default=30, validators=[MinValueValidator(1), MaxValueValidator(LARGEST["cap_days"])]
    )
    cap_visit = _cap(_("offers in one visit"), "cap_visit", _("Empty: the shop's."))
    cap_pause_days = _cap(_("days of rest after a “no”"), "cap_pause_days", _("After a “no” to this rule. Empty: the shop's."))
    cap_day = _cap(_("offers in a day"), "cap_day", _("To all shoppers together. Empty: no limit."))
    goal = models.CharField(
        _("worth more with"),
        max_length=8,
        choices=RuleGoal.choices,
        blank=True,
        default="",
        help_text=_("For the order of rules that win at once: see “Priorities”."),
    )
    goal_value = models.DecimalField(
        _("value of a success"),
        max_digits=9,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(MOST_WORTH)],
        help_text=_("In the shop's currency, besides."),
    )
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    published = models.ForeignKey(
        "oscar_engage.RuleVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        permissions = [("publish_rule", _("Can publish rules, and send drafts back"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(holdout_share__gte=0) & Q(holdout_share__lte=0.5), name="engage_rule_holdout_share"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__gte": 1, f"{column}__lte": most}),
                    name=f"engage_rule_{column}",
                )
                for column, most in LARGEST.items()
            ),
            models.CheckConstraint(
                condition=Q(goal_value__gte=0) & Q(goal_value__lte=MOST_WORTH), name="engage_rule_goal_value"
            ),
            models.CheckConstraint(
                condition=~Q(status="live") | Q(published__isnull=False), name="engage_rule_live_is_published"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(starts_at__lt=models.F("ends_at")),
                name="engage_rule_period",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def caps(self) -> Caps:
        """The rule's own caps."""
        return caps_of(self)


class KeptValue(models.Model):
    """What one of the shop's slow variables was worth for a visitor when it was asked last (``rules.kept.values``).

    ``digest`` stands for the variable with its parameters. ``value`` is JSON, null where the source did not know; ``told_at``
    is null before the first answer. What was told of a visitor who was no customer yet is another row.
    """

    visitor_id = models.UUIDField()
    variable = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    is_customer = models.BooleanField()
    value = models.JSONField(null=True)
    asked_at = models.DateTimeField(db_index=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visitor_id", "is_customer", "digest"], name="engage_kept_value"),
        ]

    def __str__(self) -> str:
        return f"{self.variable} of visitor {self.visitor_id.hex[:8]}"


class ImmutableVersionError(TypeError):
    """Somebody tried to change a version that decisions refer to."""


class RuleVersion(models.Model):
    """What a rule said at one time: a validated document that never changes again."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_constraint=False,
        on_delete=models.DO_NOTHING,
        related_name="+",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="engage_rule_version_number")]

    def __str__(self) -> str:
        return f"{self.rule} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the version; a saved one is never written again."""
        if not self._state.adding:
            raise ImmutableVersionError(f"{self} is saved and cannot change; save a new draft.")
        super().save(*args, **kwargs)


class Answer(models.TextChoices):
    """What became of a request for approval; empty while it waits."""

    PUBLISHED = "published", _("published")
    SENT_BACK = "sent_back", _("sent back")
    REPLACED = "replaced", _("replaced by a newer version")


class ApprovalRequest(models.Model):
    """Somebody who may not publish asks that a version be published. At most one of a rule waits."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="approval_requests")
    version = models.ForeignKey(RuleVersion, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_constraint=False,
        on_delete=models.DO_NOTHING,
        related_name="+",
    )
    answer = models.CharField(max_length=9, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_constraint=False,
        on_delete=models.DO_NOTHING,
        related_name="+",
    )
    comment = models.CharField(_("what is to change"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule"], condition=Q(answer=""), name="engage_approval_one_waits"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="engage_approval_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.answer or 'waits'}"


class Segment(models.Model):
    """A named tree of conditions, for use inside rules. Its ``document`` is one group; versions keep a copy of their own."""

    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=400, blank=True)
    document = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name
