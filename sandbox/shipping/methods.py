"""The shop's shipping methods: a price including VAT, free above a threshold where there is one."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from oscar.apps.shipping import methods
from oscar.core import prices

from sandbox.partner.vat import without_vat

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Parcel(methods.Base):
    """A parcel at a fixed price, VAT included.

    ``free_from`` is the basket total (with VAT) from which it costs nothing; ``None`` means never.
    """

    def __init__(self, *, charge: Decimal, free_from: Decimal | None = None, days: "StrOrPromise") -> None:
        self.charge = charge
        self.free_from = free_from
        self.days = days

    def calculate(self, basket: Any) -> prices.Price:
        """The charge for this basket."""
        is_free = self.free_from is not None and basket.total_incl_tax >= self.free_from
        incl_tax = Decimal("0.00") if is_free else self.charge
        return prices.Price(currency=basket.currency, excl_tax=without_vat(incl_tax), incl_tax=incl_tax)


class Standard(Parcel):
    """The ordinary parcel."""

    code = "standard"
    name = _("Standard delivery")

    @property
    def description(self) -> str:
        """How long it takes, and from when it is free."""
        if self.free_from is None:
            return str(self.days)
        return str(_("%(days)s, free from £%(total)d") % {"days": self.days, "total": self.free_from})


class Express(Parcel):
    """The fast parcel."""

    code = "express"
    name = _("Express delivery")

    @property
    def description(self) -> str:
        """How long it takes."""
        return str(_("%(days)s, with a tracking link") % {"days": self.days})
