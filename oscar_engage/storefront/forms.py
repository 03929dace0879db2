"""What may a shopper send us? The forms of notes, chats and messages."""

import uuid
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.desk.models import ConversationKind
from oscar_engage.desk.ratings.give import LONGEST_COMMENT
from oscar_engage.desk.ratings.models import Score
from oscar_engage.desk.text import LONGEST_MESSAGE
from oscar_engage.storefront.page_copy import may_copy
from oscar_engage.storefront.uploads import Uploads, offer_files


class EngageForm(forms.Form):
    """Our ids do not meet the host page's: a panel may stand on a checkout with an ``id_email`` of its own."""

    id_prefix = "engage"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.id_prefix}-%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        if "uploads" in self.fields:
            offer_files(self)


class HiddenId(forms.UUIDField):
    """An id that the page carries for us; anything else counts as none, for a shopper cannot mend a hidden field."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> uuid.UUID | None:
        """Return the id, or ``None``."""
        try:
            cleaned: uuid.UUID | None = super().clean(value)
        except forms.ValidationError:
            return None
        return cleaned


class ClientId(HiddenId):
    """The id that makes a repeated submit harmless; made with the form, or now where a client sent none."""

    def clean(self, value: Any) -> uuid.UUID:
        """Return the id, always."""
        return super().clean(value) or uuid.uuid4()


class HiddenText(forms.CharField):
    """A text that the page carries for us; never an error, the desk cleans and cuts it."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> str:
        """Return the text as it came."""
        return value if isinstance(value, str) else ""


class UnechoedInput(forms.HiddenInput):
    """A field that our script fills each time the form is sent; it is not sent back with an error."""

    def format_value(self, value: Any) -> None:
        """Return nothing."""


class MessageText(forms.CharField):
    """What a person writes; a line break counts once, as in the browser's ``maxlength``, which then sends it as two."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST_MESSAGE, **kwargs})

    def to_python(self, value: Any) -> str:
        """Return the text with plain line feeds."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class MessageForm(EngageForm):
    """One message, of words, files or both. ``client_id``, made with the form, lets a repeated submit do nothing."""

    id_prefix = "engage-message"

    body = MessageText(
        label=_("Your message"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    uploads = Uploads()
    client_id = ClientId(required=False, initial=uuid.uuid4)

    def clean(self) -> dict[str, Any]:
        """Ask for words where there is nothing else."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not (cleaned.get("body") or cleaned.get("uploads") or self.errors):
            self.add_error("body", _("Write a message first."))
        return cleaned


class InsteadForm(EngageForm):
    """Turns a chat that waits into a message; ``body`` is what stood in the chat's box, which our script copies."""

    id_prefix = "engage-instead"

    email = forms.EmailField(
        label=_("Your e-mail address (optional)"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Only to tell you that the answer is there."),
    )
    body = HiddenText(required=False)
    client_id = ClientId(required=False, initial=uuid.uuid4)


class RatingForm(EngageForm):
    """How helpful a conversation was."""

    id_prefix = "engage-rating"

    score = forms.TypedChoiceField(
        label=_("How helpful was this?"),
        choices=Score.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )
    comment = MessageText(
        label=_("Would you like to say more? (optional)"),
        max_length=LONGEST_COMMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AskForm(EngageForm):
    """What every kind of conversation asks for: a name and the place that the question is about."""

    kind: ClassVar[ConversationKind]
    question_field: ClassVar[str]
    """The field that holds the first message."""

    name = forms.CharField(
        label=_("Your name (optional)"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    uploads = Uploads()
    client_id = ClientId(required=False, initial=uuid.uuid4)
    page_path = HiddenText(required=False)
    page_title = HiddenText(required=False)
    anchor = HiddenText(required=False)
    anchor_object = HiddenText(required=False)
    anchor_path = HiddenText(required=False)
    anchor_label = HiddenText(required=False)
    decision = HiddenId(required=False)


class NoteForm(AskForm):
    """A question that is answered later."""

    kind = ConversationKind.NOTE
    question_field = "question"
    id_prefix = "engage-note"
    field_order = ("question", "uploads", "name", "email")

    with_copy = HiddenText(required=False, initial="1")
    """Whether a copy of the page goes along; our script has a tick for it."""

    page_copy = HiddenText(required=False, widget=UnechoedInput)
    """That copy, as :mod:`desk.pages.sent` reads it."""

    question = MessageText(
        label=_("Your question"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write your question first.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address (optional)"),
        max_length=254,  # the column's length and, by RFC 5321, an address's; Django's forms allow 320
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Only to tell you that the answer is there."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_copy_page = may_copy(self["page_path"].value() or "")
        if not self.may_copy_page:
            del self.fields["with_copy"], self.fields["page_copy"]


class ChatForm(AskForm):
    """The first message of a chat."""

    kind = ConversationKind.CHAT
    question_field = "message"
    id_prefix = "engage-chat"
    field_order = ("message", "uploads", "name")

    message = MessageText(
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write a message first.")},
    )
