"""What may a merchandiser write into an engagement?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS


class EngagementForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """The words and the place of a widget."""

    widget = forms.ChoiceField(label=_("Widget"), widget=forms.Select(attrs={"class": "form-control"}))

    class Meta:
        model = Engagement
        fields = ("slug", "widget", "title", "body", "button", "anchor", "is_active")
        widgets = {
            **{name: forms.TextInput(attrs={"class": "form-control"}) for name in ("slug", "title", "button", "anchor")},
            "body": forms.Textarea(attrs={"class": "form-control", "rows": 4, "maxlength": 400}),
            "is_active": forms.CheckboxInput(attrs={"class": "form-check-input"}),
        }
        help_texts = {
            "slug": _("Rules call it by this name, e.g. delivery-times."),
            "button": _("A balloon without a button only informs; other widgets have a standard one."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(widget.name, widget.label) for widget in WIDGETS]
        known = {name for name, _label in choices}
        if self.instance.widget and self.instance.widget not in known:
            choices.append((self.instance.widget, self.instance.widget))
        chooser = self.fields["widget"]
        chooser.choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if self.instance.pk:
            self.fields["slug"].help_text = _("Rules call it by this name: change it there as well.")
