"""When and how often may a rule act? The form of a rule's columns; what it says is in the nested form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.caps import LARGEST
from oscar_engage.rules.models import Rule, RuleStatus

_PERCENT = 100


class LocalDateTimeInput(forms.DateTimeInput):
    """The browser's own date and time picker."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", attrs={"class": "form-control"})


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Name, priority, purpose, hold-out, period, what a success is worth, caps of its own.

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
        fields = (
            *("name", "priority", "purpose", "starts_at", "ends_at"),
            *("goal", "goal_value", "cap_offers", "cap_days", "cap_visit", "cap_pause_days", "cap_day"),
        )
        widgets = {
            "name": forms.TextInput(attrs={"class": "form-control"}),
            "priority": forms.NumberInput(attrs={"class": "form-control"}),
            "purpose": forms.Select(attrs={"class": "form-control"}),
            "starts_at": LocalDateTimeInput,
            "ends_at": LocalDateTimeInput,
            "goal": forms.Select(attrs={"class": "form-control"}),
            "goal_value": forms.NumberInput(attrs={"class": "form-control", "min": "0", "step": "0.01"}),
            **{
                column: forms.NumberInput(attrs={"class": "form-control", "min": "1", "max": str(most)})
                for column, most in LARGEST.items()
            },
        }
        help_texts = {"purpose": _("A service rule reads only the page and needs less consent.")}

    field_order = ("name", "priority", "purpose", "holdout_percent", "starts_at", "ends_at")
    own = ("goal", "goal_value", "cap_offers", "cap_days", "cap_visit", "cap_pause_days", "cap_day")
    """The fields that most rules leave as they are; the page folds them away."""

    def __init__(self, *args: Any, may_publish: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["holdout_percent"] = round(self.instance.holdout_share * _PERCENT)
        self.is_kept = not may_publish and self.instance.status == RuleStatus.LIVE
        for name, field in self.fields.items():
            field.disabled = self.is_kept and name != "name"
        for name in ("cap_days", "goal_value"):
            self.fields[name].required = False  # emptied, it is as at the beginning

    def clean(self) -> dict[str, Any]:
        """Check that the period has a beginning before its end."""
        cleaned: dict[str, Any] = super().clean() or {}
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("Choose an end after the start."))
        for name in ("cap_days", "goal_value"):
            if cleaned.get(name) is None and name not in self.errors:
                cleaned[name] = getattr(Rule(), name)
        return cleaned

    @property
    def usual_fields(self) -> list[forms.BoundField]:
        """The fields that are always in view."""
        return [field for field in self if field.name not in self.own]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The fields of :attr:`own`."""
        return [self[name] for name in self.own]

    @property
    def has_own(self) -> bool:
        """Whether one of them says something, or is wrong: then they are in view at once."""
        rule, fresh = self.instance, Rule()
        return any(getattr(rule, name) != getattr(fresh, name) or name in self.errors for name in self.own)

    def save(self, commit: bool = True) -> Rule:
        """Save the rule with its share; one between two whole per cent, as a bundle may bring, stays until another is typed."""
        if not self.instance.pk or "holdout_percent" in self.changed_data:
            self.instance.holdout_share = self.cleaned_data["holdout_percent"] / _PERCENT
        rule: Rule = super().save(commit)
        return rule
