"""The steps of the ladder, as supervisors order them."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.desk.ladder.steps import Step

LABELS = {
    Step.ARTICLE: _("Article of the help centre"),
    Step.ANSWER: _("Automatic answer"),
    Step.NOTE: _("Note"),
    Step.CHAT: _("Chat"),
    Step.PAGE: _("Shared page"),
    Step.VOICE: _("Talk in the browser"),
    Step.CALL: pgettext_lazy("a step of the ladder", "Call"),
}
"""What people call the steps."""


class LadderStep(models.Model):
    """One step. ``document`` is one group of conditions in the rules' grammar, ``None``: for everybody.

    ``not_for``: short names of topics that skip it. ``cost``: what one use costs the shop, in its own currency.
    """

    step = models.CharField(max_length=8, unique=True, choices=[(step.value, LABELS[step]) for step in Step])
    place = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("offered"), default=True)
    document = models.JSONField(null=True, blank=True)
    not_for = models.JSONField(default=list, blank=True)
    cost = models.DecimalField(
        _("cost of one use"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("In the shop's currency. Empty: not known."),
    )

    def __str__(self) -> str:
        return str(self.get_step_display())
