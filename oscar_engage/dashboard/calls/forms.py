"""What may be said of calls? By an agent what came of a try, by a supervisor whose a call is and how a queue takes them."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.desk.calls.models import CallOutcome, CallTerms, usual_retries
from oscar_engage.desk.calls.settle import Told
from oscar_engage.desk.models import Agent

MOST_TRIES = 6
"""Tries to reach somebody, at most: more is a nuisance."""

LONGEST_PAUSE = 7 * 24 * 60
"""Minutes between two tries, at most."""

_FORMAT = "%Y%m%dT%H%MZ"
_NUMBER = forms.NumberInput(attrs={"class": "form-control"})
_SELECT = forms.Select(attrs={"class": "form-control"})


class OutcomeForm(forms.Form):
    """What came of a try; ``later`` goes with the wish to be called later."""

    outcome = forms.ChoiceField(
        choices=[(one.value, one.label) for one in CallOutcome if one is not CallOutcome.LEFT],
    )
    later = forms.CharField(required=False, max_length=20)

    def clean(self) -> dict[str, Any]:
        """Ask for a time where the shopper wants one."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("outcome") == CallOutcome.LATER and self.read_later() is None:
            raise forms.ValidationError(_("Choose when the shopper wants to be called."))
        return cleaned

    def read_later(self) -> datetime | None:
        """Return when the chosen slot begins."""
        try:
            return datetime.strptime(self.cleaned_data.get("later") or "", _FORMAT).replace(tzinfo=UTC)
        except ValueError:
            return None

    def get_told(self) -> Told:
        """Return what the agent said."""
        return Told(outcome=CallOutcome(self.cleaned_data["outcome"]), later=self.read_later())


class KeepForm(forms.Form):
    """Who gets the call when its time comes; nobody chosen: anybody."""

    agent = forms.ModelChoiceField(Agent.objects.order_by("display_name", "pk"), required=False)


class CallTermsForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """How a queue takes calls."""

    retries = forms.CharField(
        label=gettext_lazy("Minutes until the next try"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=gettext_lazy(
            "When nobody answers, such as 15, 120: again after a quarter of an hour and after two hours, within the opening"
            " hours; then it is over, and the shopper is told by mail. Empty: one try only."
        ),
    )

    class Meta:
        model = CallTerms
        fields = ("is_active", "opening_hours", "skill", "slot_minutes", "per_slot", "days_ahead")
        widgets = {
            "is_active": forms.CheckboxInput(attrs={"class": "form-check-input"}),
            "opening_hours": _SELECT,
            "skill": _SELECT,
            "slot_minutes": _NUMBER,
            "per_slot": _NUMBER,
            "days_ahead": _NUMBER,
        }
        help_texts = {
            "slot_minutes": gettext_lazy("A call begins within its slot. 5 to 240."),
            "per_slot": gettext_lazy("As many as the agents who are there can make besides their chats; no more are sold."),
            "days_ahead": gettext_lazy("How far ahead slots are offered. 1 to 30."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.retry_minutes if self.instance.pk else usual_retries()
        self.fields["retries"].initial = ", ".join(str(minutes) for minutes in kept)

    def clean_retries(self) -> list[int]:
        """Return the pauses in minutes."""
        parts = [part.strip() for part in self.cleaned_data["retries"].split(",") if part.strip()]
        is_right = all(part.isascii() and part.isdigit() and 1 <= int(part[:6]) <= LONGEST_PAUSE for part in parts)
        if not is_right or len(parts) >= MOST_TRIES:
            words = _("Type up to %(most)d numbers of minutes with commas between, such as 15, 120.")
            raise forms.ValidationError(words % {"most": MOST_TRIES - 1})
        return [int(part) for part in parts]

    def save(self, commit: bool = True) -> Any:
        """Save the terms with their pauses."""
        self.instance.retry_minutes = self.cleaned_data["retries"]
        return super().save(commit)
