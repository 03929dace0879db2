"""What may a supervisor write as a ready-made reply?"""

from typing import Any

from django import forms
from django.conf import settings as django_settings
from django.utils.translation import gettext_lazy as _

from oscar_engage.dashboard.canned.words import why_refused
from oscar_engage.desk.carry.models import CannedReply
from oscar_engage.desk.carry.placeholders import PlaceholderError, check_placeholders
from oscar_engage.desk.text import InvalidMessageError, clean_message
from oscar_engage.storefront.forms import MessageText

_TEXT = forms.TextInput(attrs={"class": "form-control"})


class CannedReplyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Title, shortcut, queue, and a text for each of the shop's languages; one is enough."""

    class Meta:
        model = CannedReply
        fields = ("title", "shortcut", "queue")
        widgets = {"title": _TEXT, "shortcut": _TEXT, "queue": forms.Select(attrs={"class": "form-control"})}
        help_texts = {
            "shortcut": _("What an agent types after the slash: small letters, digits and hyphens, such as returns."),
            "queue": _("Offered for what waits there. None: everywhere."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {code: str(name) for code, name in django_settings.LANGUAGES}
        kept = {code: code for code in self.instance.texts if code not in known}
        self.languages = {f"text_{code}": code for code in (*known, *kept)}
        for name, code in self.languages.items():
            self.fields[name] = MessageText(
                label=_("Text: %(language)s") % {"language": {**known, **kept}[code]},
                required=False,
                initial=self.instance.texts.get(code, ""),
                widget=forms.Textarea(attrs={"class": "form-control", "rows": 6}),
            )

    def clean(self) -> dict[str, Any]:
        """Check each text; there has to be one."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in self.languages:
            if cleaned.get(name):
                self._clean_text(name, cleaned)
        if not any(cleaned.get(name) for name in self.languages) and not any(name in self.errors for name in self.languages):
            self.add_error(next(iter(self.languages)), _("Write the text in at least one language."))
        return cleaned

    def _clean_text(self, name: str, cleaned: dict[str, Any]) -> None:
        try:
            cleaned[name] = clean_message(cleaned[name])
            check_placeholders(cleaned[name])
        except PlaceholderError as error:
            self.add_error(name, why_refused(error))
        except InvalidMessageError:
            cleaned[name] = ""

    def texts(self) -> dict[str, str]:
        """Return the texts that there are, by language code."""
        return {code: self.cleaned_data[name] for name, code in self.languages.items() if self.cleaned_data.get(name)}

    def save(self, commit: bool = True) -> Any:
        """Save the reply with its texts."""
        self.instance.texts = self.texts()
        return super().save(commit)
