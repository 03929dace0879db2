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
    CAPPED_VISIT = "capped_visit", _("enough offers in this visit")
    CAPPED_WEEK = "capped_week", _("enough offers this week")
    DISMISSED = "dismissed", _("visitor said no lately")
    NO_AGENT = "no_agent", _("no agent is free")
    BUSY_SURFACE = "busy_surface", _("something else is showing")
    LOST = "lost", _("a higher rule won")
    SHOP_HOLDOUT = "shop_holdout", _("in the shop's hold-out")
    RULE_HOLDOUT = "rule_holdout", _("in the rule's hold-out")
    NO_ENGAGEMENT = "no_engagement", _("the engagement is missing or switched off")


class Assignment(models.Model):
    """The arm that a visitor was given for a rule, with the probability it was drawn at; kept for good.

    ``visitor_id`` is the visitor's ``unit_id``: of a customer's devices, the one seen first.
    """

    visitor_id = models.UUIDField()
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="assignments")
    arm = models.CharField(max_length=8, choices=Arm.choices)
    probability = models.FloatField()
    drawn_at = models.DateTimeField()

    class Meta:
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
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(offered_at__isnull=True) | Q(arm="treated"), name="engage_decision_only_treated_offered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} ({self.action})"
