"""What is a segment called? The form of its columns; what it says is in the nested form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.models import Segment
from oscar_engage.rules.segments.shelf import SLUG


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
        help_texts = {"slug": _("What rules call it, such as busy-visitors: small letters, digits and hyphens. It stays.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].disabled = not self.instance._state.adding

    def clean_slug(self) -> str:
        """Check that the grammar takes the short name."""
        slug: str = self.cleaned_data["slug"]
        if not SLUG.fullmatch(slug):
            raise forms.ValidationError(_("Type small letters, digits and hyphens, such as busy-visitors."))
        return slug
