"""How to pay: by card or at the bank."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from oscar.apps.payment.bankcards import luhn

CARD, BANK = "card", "bank"
METHODS = [(CARD, _("Card")), (BANK, _("Pay at the bank"))]
CARD_FIELDS = ("name_on_card", "number", "expiry", "security_code")


class PaymentForm(forms.Form):
    """The choice and, for a card, its details. They travel in the page only and are never stored."""

    method = forms.ChoiceField(label=_("How would you like to pay?"), choices=METHODS, initial=CARD, widget=forms.RadioSelect)
    name_on_card = forms.CharField(
        label=_("Name on the card"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "cc-name", "class": "form-control"}),
    )
    number = forms.CharField(
        label=_("Card number"),
        max_length=23,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "cc-number", "inputmode": "numeric", "class": "form-control"}),
    )
    expiry = forms.CharField(
        label=_("Valid until (MM/YY)"),
        max_length=5,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "cc-exp", "placeholder": "MM/YY", "class": "form-control"}),
    )
    security_code = forms.CharField(
        label=_("Security code"),
        max_length=4,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "cc-csc", "inputmode": "numeric", "class": "form-control"}),
    )

    @property
    def is_card(self) -> bool:
        """Whether a valid form chose the card."""
        return bool(self.cleaned_data["method"] == CARD)

    @property
    def summary(self) -> str:
        """What the preview page says about a valid form; never more than the last four digits."""
        if not self.is_card:
            return str(_("You will confirm the payment at your bank."))
        return str(_("Card ending in %(digits)s") % {"digits": self.cleaned_data["number"][-4:]})

    def clean_number(self) -> str:
        """Digits only; the check digit has to fit."""
        number = re.sub(r"[\s-]", "", self.cleaned_data["number"])
        if number and not (number.isascii() and number.isdigit() and luhn(number)):
            raise forms.ValidationError(_("Please check the card number."), code="invalid")
        return number

    def clean_expiry(self) -> str:
        """MM/YY."""
        expiry = str(self.cleaned_data["expiry"])
        if expiry and not re.fullmatch(r"(0[1-9]|1[0-2])/\d\d", expiry):
            raise forms.ValidationError(_("Please use the form MM/YY."), code="invalid")
        return expiry

    def clean(self) -> dict[str, Any]:
        """A card needs all its fields; the bank needs none."""
        data = super().clean() or {}
        if data.get("method") == CARD:
            for name in CARD_FIELDS:
                if name in data and not data[name]:
                    self.add_error(name, forms.ValidationError(_("This field is required."), code="required"))
        return data
