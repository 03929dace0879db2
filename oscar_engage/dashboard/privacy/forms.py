"""Whom does the privacy officer look for, and is the erasure meant?"""

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """Sent by POST: an e-mail address in an address line would stand in every log on the way."""

    text = forms.CharField(
        label=_("E-mail address, customer number, visitor id or reference of a conversation"),
        max_length=254,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class ErasureForm(forms.Form):
    """The confirmation."""

    is_checked = forms.BooleanField(
        label=_("I have checked that this person asks for it, and I know that it cannot be undone."),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Tick the box if the data is to be erased.")},
    )
