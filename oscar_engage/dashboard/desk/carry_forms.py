"""What can an agent's answer carry? The fields of the reply box beside its words, and what words need to be checked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.desk.carry.cards import LONGEST_KEY, read_card
from oscar_engage.desk.carry.load import Card, Load
from oscar_engage.desk.carry.placeholders import find_marks
from oscar_engage.storefront.uploads import Uploads, offer_files


class CarryForm(forms.Form):
    """Files and a card; a form that has a ``body`` inherits from it."""

    uploads = Uploads(label=_("Files"))
    card = forms.CharField(required=False, max_length=LONGEST_KEY + 40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_files(self)

    def clean_card(self) -> Card | None:
        """Return the card, if one was chosen."""
        text = self.cleaned_data["card"]
        card = read_card(text) if text else None
        if text and card is None:
            raise forms.ValidationError(_("This cannot be sent as a card. Choose from what the search finds."))
        return card

    def clean(self) -> dict[str, Any]:
        """Ask for words where there is nothing else, and for what a ready-made text left open."""
        cleaned: dict[str, Any] = super().clean() or {}
        marks = find_marks(cleaned.get("body") or "")
        if marks:
            self.add_error("body", _("Fill in what is marked: %(marks)s") % {"marks": " ".join(marks)})
        if not (cleaned.get("body") or cleaned.get("card") or cleaned.get("uploads") or self.errors):
            self.add_error("body", _("Type an answer."))
        return cleaned

    @property
    def has_lost_files(self) -> bool:
        """Whether files were chosen that a browser will not send again by itself."""
        return bool(self.errors and self.files.getlist("uploads"))


def load_of(cleaned: dict[str, Any], files: Any) -> Load:
    """Return what a valid form's message carries; ``files`` are those that were kept."""
    return Load(card=cleaned["card"], files=files)
