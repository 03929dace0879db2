"""What was decided: a row for every eligible moment, and the arm each visitor keeps."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.visitors.models import Visit


class Arm(models.TextChoices):
    """Which side of the experiment; ``none`` when a gate said no before an arm was drawn."""

    TREATED = "treated", _("treated")
    CONTROL = "control", _("hold-out")
    NONE = "none", _("not drawn")


class Reason(models.TextChoices):
    """Why a satisfied rule did or did not lead to an offer: a closed list, in the order of the gates."""

    OFFERED = "offered", _("offered")
    NO_CONSENT = "no_consent", _("no consent")
    EXCLUDED_PAGE = "excluded_page", _("page is excluded")
    TOO_EARLY = "too_early", _("page just opened")
    QUIET_HOURS = "quiet_hours", _("quiet hours")
    CAPPED_VISIT = "capped_visit", _("enough offers in this visit")
    CAPPED_WEEK = "capped_week", _("enough offers this week")
    DISMISSED = "dismissed", _("visitor said no lately")
    CAPPED_RULE = "capped_rule", _("enough offers of this rule")
    DISMISSED_RULE = "dismissed_rule", _("visitor said no to this rule lately")
    ASKED = "asked", _("was asked lately, or talks with us")
    BUSY_SURFACE = "busy_surface", _("something else is showing")
    CAPPED_DAY = "capped_day", _("the rule's offers of the day are used up")
    NO_AGENT = "no_agent", _("no agent is free")
    ADVISED_AGAINST = "advised_against", _("the model advised against it")
    OUTRANKED = "outranked", _("others are likelier to be helped")
    IN_LINE = "in_line", _("others have waited longer")
    LOST = "lost", _("a higher rule won")
    SHOP_HOLDOUT = "shop_holdout", _("in the shop's hold-out")
    RULE_HOLDOUT = "rule_holdout", _("in the rule's hold-out")
    NO_ENGAGEMENT = "no_engagement", _("the engagement is missing or switched off")


class Assignment(models.Model):
    """The arm that a visitor was given for a rule, with the probability it was drawn at; kept for good.

    ``visitor_id`` is the visitor's ``unit_id``: of a customer's devices, the one seen first. ``shop_share`` is the share of
    visitors whom the shop's own hold-out left alone at that time, so that the whole product can be measured as well.
    """

    visitor_id = models.UUIDField()
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="assignments")
    arm = models.CharField(max_length=8, choices=Arm.choices)
    probability = models.FloatField()
    shop_share = models.FloatField(default=0, db_default=0)
    drawn_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["drawn_at"], name="engage_assignment_day")]  # reports count a day at a time
        constraints = [
            models.UniqueConstraint(fields=["visitor_id", "rule"], name="engage_assignment_once"),
            models.CheckConstraint(
                condition=Q(probability__gt=0) & Q(probability__lte=1), name="engage_assignment_probability"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.arm} in rule {self.rule_id}"


class Decision(models.Model):
    """One eligible moment: the rule held for this visit, and this is what we did about it, and why.

    Without a ``visit`` its visitor was erased: it only counts in reports.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visitor_id = models.UUIDField()
    visit = models.ForeignKey(Visit, null=True, on_delete=models.CASCADE, related_name="decisions")
    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="decisions")
    branch = models.SmallIntegerField(help_text=_("Index of the branch that held; -1 for else."))
    action = models.CharField(max_length=32)
    engagement = models.SlugField(max_length=80, blank=True)
    variant = models.CharField(max_length=1, blank=True)
    """The wording that was offered; empty where there is only one, and where nothing was offered."""

    variant_probability = models.FloatField(null=True, blank=True)
    """The share at which this visitor's wording was drawn; null where none was."""

    points = models.FloatField(null=True, blank=True)
    """What the rule came to by the merchant's formula (``decisions.priority``); null where the formula had nothing to say."""

    segments = models.JSONField(default=list, db_default=[])
    """Short names of the segments that the shopper was in then, of those that live rules name."""

    arm = models.CharField(max_length=8, choices=Arm.choices)
    probability = models.FloatField(null=True, blank=True)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    page_path = models.CharField(max_length=500, blank=True)
    eligible_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    ignored_at = models.DateTimeField(null=True, blank=True)
    """When an invitation was over that nobody had answered; it may be accepted later all the same."""

    class Meta:
        indexes = [
            models.Index(fields=["visitor_id", "-eligible_at"], name="engage_decision_visitor"),
            models.Index(fields=["version", "eligible_at"], name="engage_decision_version"),
            models.Index(fields=["eligible_at"], name="engage_decision_day"),  # reports count a day at a time
            models.Index(
                fields=["engagement", "offered_at"], name="engage_decision_offered", condition=Q(offered_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(offered_at__isnull=True) | Q(arm="treated"), name="engage_decision_only_treated_offered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} ({self.action})"
