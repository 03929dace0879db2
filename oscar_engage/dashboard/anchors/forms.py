"""What may staff say of a place, and on which page do they pick it?"""

from typing import Any

from django import forms
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from oscar_engage.widgets.anchors.description import LONGEST, DescriptionError, as_json, read_description
from oscar_engage.widgets.anchors.models import PickedAnchor
from oscar_engage.widgets.anchors.shipped import SHIPPED_SLOTS


class PickedAnchorForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A place's names, typed, and its description, which the tool fills in."""

    described = forms.CharField(max_length=LONGEST, widget=forms.HiddenInput)

    class Meta:
        model = PickedAnchor
        fields = ("label", "slot", "page_kind", "example_path")
        widgets = {"page_kind": forms.HiddenInput, "example_path": forms.HiddenInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "engage-picker-%s")
        super().__init__(*args, **kwargs)

    def clean_slot(self) -> str:
        """Refuse a name that Oscar's own templates have: it would never lead here."""
        slot: str = self.cleaned_data["slot"]
        if slot in SHIPPED_SLOTS:
            raise forms.ValidationError(
                _("This is the name of a place of Oscar's own templates. Type another, e.g. “%(slot)s-2”.") % {"slot": slot}
            )
        return slot

    def clean_example_path(self) -> str:
        """Take an address within the shop alone: staff are led there."""
        path: str = self.cleaned_data["example_path"]
        if not is_own_path(path):
            raise forms.ValidationError(_("This is no page of the shop. Choose the place again."))
        return path

    def clean_described(self) -> dict[str, Any]:
        """Take what the tool says of an element, and nothing else."""
        try:
            return as_json(read_description(self.cleaned_data["described"]))
        except DescriptionError:
            raise forms.ValidationError(_("The place cannot be read. Choose it again.")) from None


class PageForm(forms.Form):
    """The page on which a place is to be picked."""

    path = forms.CharField(
        label=_("Page of the shop"),
        max_length=500,
        initial="/",
        help_text=_("The part of the address after the shop's name, e.g. /catalogue/; you can follow links from there."),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def clean_path(self) -> str:
        """Take an address within the shop alone."""
        path: str = self.cleaned_data["path"]
        if not is_own_path(path):
            raise forms.ValidationError(_("Type the address of a page of the shop, beginning with a slash, e.g. /catalogue/."))
        return path


def is_own_path(path: str) -> bool:
    """Whether ``path`` is an address of this very site, without its name."""
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
