"""What does a shopper say who wants to be called? A number, now or when, and what it is about."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.desk.calls.number import Fault, WrongNumberError, example_of, read_number
from oscar_engage.desk.calls.offered import Offered, opening_for
from oscar_engage.desk.calls.slots import Slot
from oscar_engage.desk.calls.words import say_day
from oscar_engage.desk.models import ConversationKind
from oscar_engage.storefront.forms import AskForm, MessageText

NOW = "now"
_FORMAT = "%Y%m%dT%H%MZ"


class CallForm(AskForm):
    """A call: ``offered`` is what can be asked for, ``regions`` the countries that we call, the shopper's own first."""

    kind = ConversationKind.CALL
    question_field = "about"
    id_prefix = "engage-call"
    field_order = ("number", "when", "about", "name", "email")
    uploads = None  # type: ignore[assignment]  # Django's way to leave out a field of the parent

    number = forms.CharField(
        label=gettext_lazy("Your telephone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": gettext_lazy("Type the number under which we can call you.")},
    )
    when = forms.ChoiceField(
        label=gettext_lazy("When shall we call?"),
        error_messages={
            "required": gettext_lazy("Choose when we shall call."),
            "invalid_choice": gettext_lazy("This time is not free any more. Choose another one."),
        },
    )
    about = MessageText(
        label=gettext_lazy("What is it about? (optional)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address (optional)"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("For a receipt, a reminder, and a link to call it off."),
    )

    def __init__(self, *args: Any, offered: Offered, regions: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._regions = regions
        self.zone = opening_for(offered.terms).zone
        self.fields["when"].choices = list(self._choices(offered))  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["number"].help_text = _("Such as %(number)s.") % {"number": example_of(regions)}
        if len(offered.slots) and not self.is_current_zone():
            self.fields["when"].help_text = _("Times by the clock of %(zone)s.") % {"zone": self.zone.key.replace("_", " ")}

    def is_current_zone(self) -> bool:
        """Whether the page's times are by the queue's clock."""
        return self.zone.key == timezone.get_current_timezone_name()

    def clean_number(self) -> str:
        """Return the number in E.164, or say what to type."""
        try:
            return read_number(self.cleaned_data["number"], self._regions)
        except WrongNumberError as error:
            raise forms.ValidationError(explain(error.fault, self._regions)) from None

    def starts_at(self) -> datetime | None:
        """Return when the chosen slot begins; ``None``: as soon as possible."""
        chosen: str = self.cleaned_data["when"]
        return None if chosen == NOW else datetime.strptime(chosen, _FORMAT).replace(tzinfo=UTC)

    def _choices(self, offered: Offered) -> Iterator[tuple[str, Any]]:
        if offered.is_open:
            yield NOW, _("As soon as somebody is free")
        for day, slots in groupby(offered.slots, key=lambda slot: say_day(slot.starts_at, self.zone)):
            yield day, [(value_of(slot), self._time(slot)) for slot in slots]

    def _time(self, slot: Slot) -> str:
        begins, ends = (date_format(timezone.localtime(at, self.zone), "H:i") for at in (slot.starts_at, slot.ends_at))
        return _("%(from)s to %(to)s") % {"from": begins, "to": ends}


def value_of(slot: Slot) -> str:
    """Return how a form names ``slot``."""
    return slot.starts_at.astimezone(UTC).strftime(_FORMAT)


def explain(fault: Fault, regions: Sequence[str]) -> str:
    """Return what was wrong with a number, and what to type."""
    words = {
        Fault.UNREADABLE: _("This is no telephone number. Type digits, such as %(example)s."),
        Fault.NO_COUNTRY: _("Begin with + and the code of your country, such as %(example)s."),
        Fault.ABROAD: _("We do not call this country. Type a number such as %(example)s."),
        Fault.INVALID: _("There is no such number. Look for a missing or wrong digit; it is written such as %(example)s."),
        Fault.KIND: _("We call fixed and mobile lines only, no service numbers. Type a number such as %(example)s."),
        Fault.EXTENSION: _("We cannot dial extensions. Type the whole number, such as %(example)s."),
    }
    return words[fault] % {"example": example_of(regions)}
