"""What may an agent send us?"""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.desk.models import Presence
from oscar_engage.storefront.forms import MessageText

HEARTBEAT = "heartbeat"


class ReplyForm(forms.Form):
    """An answer; ``client_id`` is made with the form, so that sending it twice does no harm."""

    body = MessageText(
        label=_("Your answer"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control", "autocomplete": "off"}),
    )
    is_question = forms.BooleanField(
        label=_("I have asked something: the clock stands still until the customer writes"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    after = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class PresenceForm(forms.Form):
    """A choice of presence, or the heartbeat of the browser."""

    presence = forms.ChoiceField(choices=[*Presence.choices, (HEARTBEAT, HEARTBEAT)])

    def is_heartbeat(self) -> bool:
        """Whether nothing is changed but the lease."""
        cleaned: dict[str, Any] = self.cleaned_data
        return bool(cleaned["presence"] == HEARTBEAT)
