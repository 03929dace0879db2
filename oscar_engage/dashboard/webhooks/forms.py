"""What may a supervisor say of a webhook?"""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.modules import is_on
from oscar_engage.webhooks.models import WebhookSubscription
from oscar_engage.webhooks.registry import EVENTS

_TICK = forms.CheckboxInput(attrs={"class": "form-check-input"})


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """The address and what it is told. No secret: it follows from the shop's own key."""

    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "form-control", "placeholder": "https://"}),
        help_text=_("It begins with https://, and its host is a public one or named in WEBHOOK_PRIVATE_HOSTS."),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one event.")},
    )

    class Meta:
        model = WebhookSubscription
        fields = ("name", "url", "events", "has_texts", "is_active")
        widgets = {
            "name": forms.TextInput(attrs={"class": "form-control"}),
            "has_texts": _TICK,
            "is_active": _TICK,
        }
        help_texts = {
            "has_texts": _(
                "Without, only ids and states leave the shop. With, also who asks, from which page, and what is written."
            ),
            "is_active": _("Out of use, nothing is sent; what happens meanwhile is not told later."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = set(self.instance.events)
        offered = [event for event in EVENTS if event.name in chosen or not event.module or is_on(event.module)]
        choices: Any = self.fields["events"]
        choices.choices = [(event.name, f"{event.label} ({event.name})") for event in offered]
        choices.choices += [(name, name) for name in sorted(chosen) if name not in EVENTS]

    def clean_url(self) -> str:
        """Return an address that a request can be signed for and sent to."""
        url: str = self.cleaned_data["url"]
        parts = urlsplit(url)
        if parts.scheme != "https":
            raise forms.ValidationError(_("Begin with https://: what is sent is for nobody on the way."))
        if parts.username or parts.password:
            raise forms.ValidationError(_("Leave name and password out: the signature says who we are."))
        return url

    def save(self, commit: bool = True) -> Any:
        """Save; a changed webhook begins without the failures of the one before."""
        self.instance.failures, self.instance.rests_until = 0, None
        return super().save(commit)
