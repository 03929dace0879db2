"""What may a supervisor say of a mailbox?"""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.conf import get_settings
from oscar_engage.desk.mailbox.check import LONGEST_NAME
from oscar_engage.desk.mailbox.imap import PASSWORD_VARIABLE
from oscar_engage.desk.mailbox.letter import normalise_address
from oscar_engage.desk.mailbox.models import Mailbox, Way
from oscar_engage.desk.models import Queue

_TEXT = forms.TextInput(attrs={"class": "form-control"})
_SELECT = forms.Select(attrs={"class": "form-control"})
_TICK = forms.CheckboxInput(attrs={"class": "form-check-input"})


class MailboxForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Address, queue and language; and for IMAP where the mails are. No password: only the name of where it is kept."""

    class Meta:
        model = Mailbox
        fields = (
            *("address", "slug", "queue", "language", "takes_plus", "sends_receipts", "is_active"),
            *("way", "host", "port", "user", "password_variable", "folder"),
        )
        widgets = {
            "address": forms.EmailInput(attrs={"class": "form-control"}),
            "way": _SELECT,
            "port": forms.NumberInput(attrs={"class": "form-control", "min": 1, "max": 65535}),
            **dict.fromkeys(("slug", "user", "password_variable", "folder"), _TEXT),
            **dict.fromkeys(("takes_plus", "sends_receipts", "is_active"), _TICK),
        }
        help_texts = {
            "address": _("Answers come from this address."),
            "slug": _("Small letters, digits and hyphens, such as support: the pipe calls the mailbox by it."),
            "takes_plus": _("The server delivers support+anything@… like support@…; most do. Replies find their way by it."),
            "sends_receipts": _("Once a day for a sender: reference, promised time, and an automatic answer if there is one."),
            "is_active": _("Out of use, mails are not fetched, and the pipe asks the mail server to bring them later."),
            "password_variable": _(
                "An environment variable of the worker; it begins with ENGAGE_MAIL_. Never the password itself."
            ),
        }

    queue = forms.ModelChoiceField(
        label=_("Queue"),
        queryset=Queue.objects.none(),
        required=False,
        widget=_SELECT,
        help_text=_("Where its mails wait. None: in the default one."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        widget=_SELECT,
        help_text=_("Which agents answer, and the language of our own words. None: any."),
    )
    host = forms.ChoiceField(
        label=_("Server"),
        required=False,
        widget=_SELECT,
        help_text=_("Only servers named in the setting IMAP_HOSTS can be chosen."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: dict[str, Any] = {name: self.fields[name] for name in ("queue", "language", "host")}
        chosen["queue"].queryset = Queue.objects.order_by("name", "pk")
        chosen["language"].choices = [("", pgettext_lazy("language", "any")), *settings.LANGUAGES]
        chosen["host"].choices = [
            ("", pgettext_lazy("mail server", "none")),
            *((host, host) for host in get_settings().imap_hosts),
        ]

    def clean_address(self) -> str:
        """Return the address as it is compared; one that cannot carry a token before its @ is refused."""
        address = normalise_address(self.cleaned_data["address"])
        local = address.rpartition("@")[0]
        if len(local) > LONGEST_NAME or "+" in local:
            raise forms.ValidationError(_("At most 28 characters before the @, and no plus among them."))
        return address

    def clean_password_variable(self) -> str:
        """Return the name of a variable that may hold a password, or nothing."""
        name: str = self.cleaned_data["password_variable"]
        if name and not PASSWORD_VARIABLE.fullmatch(name):
            raise forms.ValidationError(_("Begin with ENGAGE_MAIL_, then capitals, digits and underscores."))
        return name

    def clean_port(self) -> int:
        """Return a port that there is."""
        port: int = self.cleaned_data["port"]
        if not 1 <= port <= 65535:  # noqa: PLR2004 - TCP's
            raise forms.ValidationError(_("A number from 1 to 65535; usually 993."))
        return port

    def clean(self) -> dict[str, Any]:
        """Ask for all that fetching needs."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("way") == Way.IMAP:
            for name in ("host", "user", "password_variable"):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("Needed to fetch mails."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save. Another folder has other numbers: what is there already is left alone anew."""
        if {"way", "host", "user", "folder"} & set(self.changed_data):
            self.instance.uid_validity, self.instance.from_uid, self.instance.since = None, 0, None
        self.instance.lease_until = self.instance.failed_at = None
        self.instance.last_error = ""
        return super().save(commit)
