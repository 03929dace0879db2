"""What may a supervisor write? The columns of a policy and of opening hours; a policy's conditions are in the nested form."""

from typing import Any

from django import forms
from django.conf import settings as django_settings
from django.utils.translation import gettext_lazy as _

from oscar_engage.dashboard.promises.lines import read_lines, read_list, write_lines, write_list
from oscar_engage.desk.promises.hours import zones
from oscar_engage.desk.promises.models import OpeningHours, Policy


def _text() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control"})


def _number() -> forms.NumberInput:
    return forms.NumberInput(attrs={"class": "form-control"})


def _area() -> forms.Textarea:
    return forms.Textarea(attrs={"class": "form-control", "rows": 5, "spellcheck": "false"})


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """What is promised, and by which hours."""

    class Meta:
        model = Policy
        fields = ("name", "priority", "first_minutes", "resolve_minutes", "opening_hours", "is_active")
        widgets = {
            "name": _text(),
            "priority": _number(),
            "first_minutes": _number(),
            "resolve_minutes": _number(),
            "opening_hours": forms.Select(attrs={"class": "form-control"}),
            "is_active": forms.CheckboxInput(attrs={"class": "form-check-input"}),
        }

    def clean(self) -> dict[str, Any]:
        """Check that a solution is not promised before an answer."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, resolve = cleaned.get("first_minutes"), cleaned.get("resolve_minutes")
        if first and resolve and resolve < first:
            words = _("A solution cannot come before the first answer: type %(first)d or more.")
            self.add_error("resolve_minutes", words % {"first": first})
        return cleaned


class OpeningHoursForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Opening hours as lines of text; whether they can be kept, the model checks."""

    time_zone = forms.ChoiceField(label=_("Time zone"), widget=forms.Select(attrs={"class": "form-control"}))
    weekly = forms.CharField(
        label=_("Hours of the week"),
        required=False,
        widget=_area(),
        help_text=_("A line for each day or range of days, such as mon-fri: 9:00-12:30, 14:00-18:00. Empty: always open."),
    )
    holidays = forms.CharField(
        label=_("Holidays"), required=False, widget=_area(), help_text=_("A date on each line, such as 2026-12-25.")
    )
    special_days = forms.CharField(
        label=_("Days with other hours"),
        required=False,
        widget=_area(),
        help_text=_("A date and its hours on each line, such as 2026-12-24: 10:00-14:00, or the date and “closed”."),
    )

    class Meta:
        model = OpeningHours
        fields = ("name", "time_zone", "weekly", "holidays", "special_days")
        widgets = {"name": _text()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = [(name, name) for name in zones()]  # type: ignore[attr-defined]  # a ChoiceField
        hours = self.instance
        self.initial = {
            **self.initial,
            "time_zone": hours.time_zone or django_settings.TIME_ZONE,
            "weekly": write_lines(hours.weekly),
            "holidays": write_list(hours.holidays),
            "special_days": write_lines(hours.special_days),
        }

    def clean_weekly(self) -> dict[str, str]:
        """Return the lines by day."""
        return read_lines(self.cleaned_data["weekly"])

    def clean_holidays(self) -> list[str]:
        """Return the lines."""
        return read_list(self.cleaned_data["holidays"])

    def clean_special_days(self) -> dict[str, str]:
        """Return the lines by date."""
        return read_lines(self.cleaned_data["special_days"])
