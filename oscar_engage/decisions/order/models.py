"""The merchant's formula for rules that win at once, as it is kept: one row."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oscar_engage.decisions.priority import MOST, MOST_PERCENT, MOST_WEIGHT, Formula

ONLY = 1
"""The number of the one row."""


def _number(label: Any, most: float, help_text: Any, digits: int = 6) -> Any:
    return models.DecimalField(
        label,
        max_digits=digits,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(most)],
        help_text=help_text,
    )


class PriorityFormula(models.Model):
    """The weights of ``decisions.priority.Formula``; without the row, the numbers of the rules decide alone."""

    is_number_first = models.BooleanField(
        _("what decides first"),
        default=True,
        choices=[
            (True, _("the priority number; points decide among equal ones")),
            (False, _("the points; the number among equal")),
        ],
    )
    value_weight = _number(
        _("weight of the value of a success"), MOST_WEIGHT, _("Times what the rule says. 0: does not count.")
    )
    basket_percent = _number(
        _("per cent of the basket"), MOST_PERCENT, _("Your margin, for instance. For rules worth more with the basket.")
    )
    customer_percent = _number(
        _("per cent of what the customer has spent"), MOST_PERCENT, _("For rules worth more with the customer.")
    )
    unknown_basket = _number(_("a basket that is not known counts as"), MOST, _("In the shop's currency."), 9)
    unknown_customer = _number(_("a customer who is not known counts as"), MOST, _("In the shop's currency."), 9)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=ONLY), name="engage_priority_formula_once")]

    def __str__(self) -> str:
        return f"number first: {self.is_number_first}"

    @property
    def formula(self) -> Formula:
        """The plain value."""
        return Formula(
            is_number_first=self.is_number_first,
            value_weight=float(self.value_weight),
            basket_percent=float(self.basket_percent),
            customer_percent=float(self.customer_percent),
            unknown_basket=float(self.unknown_basket),
            unknown_customer=float(self.unknown_customer),
        )
