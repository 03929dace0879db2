"""What may a supervisor say of a step? Whether it is offered, what one use costs, and which topics skip it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.desk.ladder.models import LadderStep
from oscar_engage.desk.topics.store import active_topics


class LadderStepForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """The columns of a step; its conditions are in the nested form."""

    topics = forms.MultipleChoiceField(
        label=_("Topics that skip it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where the topic is known: who comes from an article about it, for instance."),
    )

    class Meta:
        model = LadderStep
        fields = ("is_active", "cost")
        widgets = {
            "is_active": forms.CheckboxInput(attrs={"class": "form-check-input"}),
            "cost": forms.NumberInput(attrs={"class": "form-control", "min": "0", "step": "0.01"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = [(topic.slug, topic.name) for topic in active_topics()]
        known = {slug for slug, _name in topics}
        kept = [(slug, slug) for slug in self.instance.not_for if slug not in known]
        self.fields["topics"].choices = [*topics, *kept]  # type: ignore[attr-defined]  # a MultipleChoiceField
        if not topics and not kept:
            del self.fields["topics"]
        self.initial["topics"] = self.instance.not_for

    def save(self, commit: bool = True) -> LadderStep:
        """Take over the topics; the caller writes the row."""
        row: LadderStep = super().save(commit=commit)
        row.not_for = list(self.cleaned_data.get("topics", row.not_for))
        return row
