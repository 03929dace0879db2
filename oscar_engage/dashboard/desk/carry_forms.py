"""What can an agent's answer carry? The fields of the reply box beside its words, and what words need to be checked for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.desk.carry.cards import LONGEST_KEY, CardKind, find_cards, read_card, sight_of
from oscar_engage.desk.carry.load import Card, Load
from oscar_engage.desk.carry.placeholders import find_marks
from oscar_engage.desk.models import Conversation
from oscar_engage.storefront.uploads import Uploads, offer_files

LONGEST_SEARCH = 80
"""Characters of a search for cards that are read."""


class CarryForm(forms.Form):
    """Files and a card; a form that has a ``body`` inherits from it."""

    uploads = Uploads(label=_("Files"))
    card = forms.CharField(required=False, max_length=LONGEST_KEY + 40)
    offered = forms.BooleanField(required=False)
    find = ""
    found: Sequence[tuple[CardKind, list[tuple[str, str]]]] | None = None
    """What was searched for among cards, and what of each kind was found; ``None``: nobody has searched."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_files(self)

    def clean_card(self) -> Card | None:
        """Return the card, if one was chosen."""
        text = self.cleaned_data["card"]
        card = read_card(text) if text else None
        if text and card is None:
            raise forms.ValidationError(_("This cannot be sent as a card. Choose from what the search finds."))
        if "offered" in self.data and "card" not in self.data:
            raise forms.ValidationError(_("Choose what to send, or “None of them”."))
        return card

    def search(self, text: str, conversation: Conversation) -> None:
        """Have the form offer the cards that ``text`` finds for the shopper of ``conversation``."""
        self.find, self.found = text, find_cards(text, sight_of(conversation))

    @property
    def hits(self) -> list[str]:
        """All that was found, as the form sends it; the only one is chosen, of several none is."""
        return [value for _kind, choices in self.found or () for value, _words in choices]

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
