"""What does an agent send with an act?"""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.storefront.forms import ClientId


class ActForm(forms.Form):
    """Which act; what else it needs is for the act to check. ``client_id`` lets a repeated submit do nothing."""

    act = forms.CharField(max_length=40)
    client_id = ClientId(required=False)


class ResetMailForm(forms.Form):
    """To which address."""

    email = forms.EmailField(
        label=_("E-mail address of the account"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "form-control form-control-sm", "autocomplete": "off"}),
    )
    client_id = ClientId(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)
