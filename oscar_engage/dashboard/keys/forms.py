"""What may somebody say of a key of theirs?"""

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.keys.store import SCOPES

MOST_PER_MINUTE = 6000


class KeyForm(forms.Form):
    """Its name, what it is for, how often it may ask."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=_("Which program it is for, such as CRM."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=tuple(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you may do yourself."),
        error_messages={"required": _("Choose at least one.")},
    )
    per_minute = forms.IntegerField(
        label=_("Requests a minute, at most"),
        min_value=1,
        max_value=MOST_PER_MINUTE,
        initial=120,
        widget=forms.NumberInput(attrs={"class": "form-control engage-narrow"}),
    )
