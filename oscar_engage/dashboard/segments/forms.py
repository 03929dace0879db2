"""What is a segment called? The form of its columns; what it says is in the nested form."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.models import Segment
from oscar_engage.rules.segments.shelf import SLUG

MOST_LETTERS = 80
"""Of a short name that is made from a long one."""


class SegmentForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Name, short name, description. The short name stands in rules, so it is chosen once."""

    class Meta:
        model = Segment
        fields = ("name", "slug", "description")
        widgets = {
            "name": forms.TextInput(attrs={"class": "form-control"}),
            "slug": forms.TextInput(attrs={"class": "form-control"}),
            "description": forms.TextInput(attrs={"class": "form-control"}),
        }
        help_texts = {"slug": _("What rules call it. Left empty, it is made from the name; it cannot be changed later.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].disabled = not self.instance._state.adding
        self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """Make the short name from the name where none was typed, and check that the grammar takes it."""
        slug: str = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("name", ""))[:MOST_LETTERS]
        if "name" in self.cleaned_data and not SLUG.fullmatch(slug):
            raise forms.ValidationError(_("Type small letters, digits and hyphens, such as busy-visitors."))
        return slug
