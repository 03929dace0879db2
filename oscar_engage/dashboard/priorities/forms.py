"""What may a merchandiser say of the order of rules? The weights of the formula, and an example of their own to try it on."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.decisions.order.models import PriorityFormula
from oscar_engage.decisions.priority import MOST

WEIGHTS = ("value_weight", "basket_percent", "customer_percent", "unknown_basket", "unknown_customer")


def _amount(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(int(MOST)),
        decimal_places=2,
        help_text=_("Empty: not known."),
        widget=forms.NumberInput(attrs={"class": "form-control", "min": "0", "step": "0.01"}),
    )


class PrioritiesForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """The formula; ``basket`` and ``customer`` are only tried, never kept."""

    basket = _amount(_("Basket in your example"))
    customer = _amount(_("Spent so far in your example"))

    class Meta:
        model = PriorityFormula
        fields = ("is_number_first", *WEIGHTS)
        widgets = {
            "is_number_first": forms.Select(attrs={"class": "form-control"}),
            **{name: forms.NumberInput(attrs={"class": "form-control", "min": "0", "step": "0.01"}) for name in WEIGHTS},
        }

    def __init__(self, *args: Any, may_save: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_save = may_save
        for name in WEIGHTS:
            self.fields[name].required = False  # emptied, it does not count

    def clean(self) -> dict[str, Any]:
        """Take an empty weight for zero."""
        cleaned: dict[str, Any] = super().clean() or {}
        return {**cleaned, **{name: cleaned[name] or Decimal(0) for name in WEIGHTS if name in cleaned}}

    @property
    def formula_fields(self) -> list[forms.BoundField]:
        """The fields of the formula."""
        return [self[name] for name in ("is_number_first", *WEIGHTS)]

    @property
    def example_fields(self) -> list[forms.BoundField]:
        """The fields of the example."""
        return [self["basket"], self["customer"]]
