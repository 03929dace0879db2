"""What an hour, a contact and a voucher cost the shop, from a day on."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

_MOST_MONEY, _MOST_MINUTES = 100_000, 24 * 60


def _money(label: object, **more: object) -> models.DecimalField:  # type: ignore[type-arg]  # generic in the stubs only
    bounds = [MinValueValidator(0), MaxValueValidator(_MOST_MONEY)]
    return models.DecimalField(label, max_digits=9, decimal_places=2, validators=bounds, **more)  # type: ignore[arg-type]  # lazy labels


def _minutes(label: object) -> models.DecimalField:  # type: ignore[type-arg]  # generic in the stubs only
    bounds = [MinValueValidator(0), MaxValueValidator(_MOST_MINUTES)]
    return models.DecimalField(label, max_digits=6, decimal_places=2, null=True, blank=True, validators=bounds)  # type: ignore[arg-type]  # lazy labels


class CostPeriod(models.Model):
    """What things cost from ``starts_on`` until the next period begins; money in units of ``currency``.

    See :class:`oscar_engage.analytics.costs.rates.Rates` for what each column means in a sum.
    """

    starts_on = models.DateField(_("from"), unique=True)
    currency = models.CharField(_("currency"), max_length=12)
    agent_hour = _money(_("an hour of an agent"))
    chats_at_once = models.DecimalField(
        _("chats that an agent has at once, on average"),
        max_digits=4,
        decimal_places=1,
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    note_minutes = _minutes(_("minutes for a note"))
    chat_minutes = _minutes(_("minutes for a chat"))
    mail_minutes = _minutes(_("minutes for a mail"))
    call_minutes = _minutes(_("minutes for a call"))
    note_fee = _money(_("fee for a note"), default=0)
    chat_fee = _money(_("fee for a chat"), default=0)
    mail_fee = _money(_("fee for a mail"), default=0)
    call_fee = _money(_("fee for a call"), default=0)
    voucher = _money(_("a voucher that was given"), default=0)
    self_served = _money(_("a question that nobody had to answer"), default=0)
    before = _money(_("a contact before"), null=True, blank=True)

    def __str__(self) -> str:
        return f"from {self.starts_on}: {self.agent_hour} {self.currency}"
