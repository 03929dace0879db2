"""Choosing a size and colour: "lake, M" instead of every attribute of the variant."""

from typing import Any

from django.forms import ChoiceField
from django.utils.translation import gettext_lazy as _
from oscar.apps.basket import forms
from oscar.forms import widgets


class AddToBasketForm(forms.AddToBasketForm):
    """Oscar's form with short variant names; those out of stock cannot be chosen."""

    def _create_parent_product_fields(self, product: Any) -> None:
        children = product.get_public_children().order_by("pk").prefetch_related("stockrecords")
        strategy = self.basket.strategy
        choices, gone = [], []
        for child in children:
            # Saves a query for each: the strategy asks the child for its product class.
            child.parent = product
            name = child.get_title().removeprefix(f"{product.get_title()}, ")
            if not strategy.fetch_for_product(child).availability.is_available_to_buy:
                gone.append(child.id)
                name = _("%(variant)s (out of stock)") % {"variant": name}
            choices.append((child.id, name))
        self.fields["child_id"] = ChoiceField(
            choices=choices,
            label=_("Size and colour"),
            widget=widgets.AdvancedSelect(disabled_values=gone),
        )


class SimpleAddToBasketForm(forms.SimpleAddToBasketMixin, AddToBasketForm):
    """The same with the quantity fixed to one."""
