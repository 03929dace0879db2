"""When and how often may a rule act? The form of a rule's columns; what it says is in the nested form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.models import Rule, RuleStatus

_PERCENT = 100


class LocalDateTimeInput(forms.DateTimeInput):
    """The browser's own date and time picker."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", attrs={"class": "form-control"})


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Name, priority, purpose, hold-out, period.

    All but the name act at once on a live rule, so they stay as they are for whoever may not publish.
    """

    holdout_percent = forms.IntegerField(
        label=_("Hold-out in per cent"),
        min_value=0,
        max_value=50,
        initial=20,
        help_text=_("Shoppers left alone on purpose, to measure what the rule changes."),
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )

    class Meta:
        model = Rule
        fields = ("name", "priority", "purpose", "starts_at", "ends_at")
        widgets = {
            "name": forms.TextInput(attrs={"class": "form-control"}),
            "priority": forms.NumberInput(attrs={"class": "form-control"}),
            "purpose": forms.Select(attrs={"class": "form-control"}),
            "starts_at": LocalDateTimeInput,
            "ends_at": LocalDateTimeInput,
        }
        help_texts = {"purpose": _("A service rule reads only the page and needs less consent.")}

    field_order = ("name", "priority", "purpose", "holdout_percent", "starts_at", "ends_at")

    def __init__(self, *args: Any, may_publish: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["holdout_percent"] = round(self.instance.holdout_share * _PERCENT)
        self.is_kept = not may_publish and self.instance.status == RuleStatus.LIVE
        for name, field in self.fields.items():
            field.disabled = self.is_kept and name != "name"

    def clean(self) -> dict[str, Any]:
        """Check that the period has a beginning before its end."""
        cleaned: dict[str, Any] = super().clean() or {}
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("Choose an end after the start."))
        return cleaned

    def save(self, commit: bool = True) -> Rule:
        """Save the rule with its share; one between two whole per cent, as a bundle may bring, stays until another is typed."""
        if not self.instance.pk or "holdout_percent" in self.changed_data:
            self.instance.holdout_share = self.cleaned_data["holdout_percent"] / _PERCENT
        rule: Rule = super().save(commit)
        return rule
