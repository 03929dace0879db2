"""What is promised, and by which hours: policies and opening hours, as supervisors write them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from oscar_engage.desk.promises.hours import build_opening

LONGEST_MINUTES = 60 * 24 * 90
"""Minutes of open time in a promise, at most: some three months."""


class OpeningHours(models.Model):
    """When somebody is there. ``weekly`` is written like the setting ``OPENING_HOURS``, empty for all day every day.

    ``holidays`` are dates (ISO) on which it is closed; ``special_days`` say for a date its own hours, empty for closed.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64)
    weekly = models.JSONField(_("hours of the week"), default=dict, blank=True)
    holidays = models.JSONField(_("holidays"), default=list, blank=True)
    special_days = models.JSONField(_("days with other hours"), default=dict, blank=True)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ``ValidationError`` for hours that nobody can keep, each mistake at its field."""
        super().clean()
        build_opening(self.time_zone, self.weekly, self.holidays, self.special_days)


class Policy(models.Model):
    """What is promised to whom. ``document`` is one group of conditions in the rules' grammar, ``None``: to everybody.

    Minutes are those of open time; ``resolve_minutes`` is null where only the first answer is promised.
    """

    name = models.CharField(_("name"), max_length=120)
    priority = models.IntegerField(_("priority"), default=100, help_text=_("Lower numbers win."))
    document = models.JSONField(null=True, blank=True)
    first_minutes = models.PositiveIntegerField(
        _("minutes to the first answer"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MINUTES)]
    )
    resolve_minutes = models.PositiveIntegerField(
        _("minutes to the solution"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MINUTES)],
        help_text=_("Empty: no promise. The clock stands still while you wait for the customer."),
    )
    opening_hours = models.ForeignKey(
        OpeningHours,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="policies",
        verbose_name=_("opening hours"),
        help_text=_("Only minutes in these hours count. Without any, all do."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first_minutes__gte=1), name="engage_policy_first_minutes"),
            models.CheckConstraint(
                condition=Q(resolve_minutes__isnull=True) | Q(resolve_minutes__gte=F("first_minutes")),
                name="engage_policy_resolve_minutes",
            ),
        ]

    def __str__(self) -> str:
        return self.name
