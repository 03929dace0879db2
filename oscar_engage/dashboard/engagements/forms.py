"""What may a merchandiser write into an engagement? One form for each concern: place, words, share, times."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.dashboard.anchors.inputs import PlaceInput
from oscar_engage.dashboard.engagements.contents import content_choices, content_field, refusal_of, settings_form
from oscar_engage.dashboard.rules.forms import LocalDateTimeInput
from oscar_engage.modules import is_there
from oscar_engage.surveys.widget import SurveyWidget
from oscar_engage.widgets.field_help import FieldHelp
from oscar_engage.widgets.life.document import PLAIN
from oscar_engage.widgets.life.publish import is_unborn
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS
from oscar_engage.widgets.words import Words

_LARGEST_SHARE = 99


def _text(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", **attrs})


class PlaceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """What kind of widget it is, where it points to, and what rules call it; that stays once it was published."""

    content = content_field()
    widget = forms.ChoiceField(label=_("Widget"), widget=forms.Select(attrs={"class": "form-control"}))

    class Meta:
        model = Engagement
        fields = ("slug", "widget", "anchor", "content")
        widgets = {"slug": _text(), "anchor": PlaceInput(attrs={"class": "form-control"})}
        help_texts = {"slug": _("Rules call it by this name, e.g. delivery-times.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A survey has a form of its own: its question and its choices are more than these words.
        choices = [
            (widget.name, widget.label)
            for widget in WIDGETS
            if widget.name != SurveyWidget.name and (widget.name == self.instance.widget or is_there("widgets", widget.name))
        ]
        known = {name for name, _label in choices}
        if self.instance.widget and self.instance.widget not in known:
            choices.append((self.instance.widget, self.instance.widget))
        chooser = self.fields["widget"]
        chooser.choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["content"].choices = content_choices(self.instance)  # type: ignore[attr-defined]  # the same
        chosen = self.data.get("content") if self.is_bound else self.instance.content
        self.settings_form = settings_form(chosen or PLAIN, self.instance, self.data if self.is_bound else None)
        if self.instance.pk and not is_unborn(self.instance):
            self.fields["slug"].disabled = True
            self.fields["slug"].help_text = _("Rules call it by this name; now that it was published, it stays.")

    def clean_content(self) -> str:
        """Return the kind; a form without the field leaves the words alone."""
        return self.cleaned_data["content"] or PLAIN

    def clean(self) -> dict[str, Any]:
        """Check that help with a field names one, and the settings of the content."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("widget") == FieldHelp.name and not cleaned.get("anchor"):
            self.add_error("anchor", _("Name the field: its mark, or the name it has in the form, such as postcode."))
        if self.settings_form.is_valid():
            self.instance.settings = self.settings_form.cleaned_data
        else:
            self.add_error("content", _("Say what this content needs."))
        return cleaned


class WordsForm(forms.Form):
    """The words of one wording in one language; ``is_needed``: a title has to be there.

    ``kind`` is the widget that says them: it decides which values can be filled in.
    """

    title = forms.CharField(label=_("Title"), max_length=80, required=False, widget=_text())
    body = forms.CharField(
        label=_("Text"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 4, "maxlength": 400}),
    )
    button = forms.CharField(
        label=_("Button"),
        max_length=40,
        required=False,
        widget=_text(),
        help_text=_("A balloon without a button only informs; other widgets have a standard one."),
    )

    def __init__(self, *args: Any, is_needed: bool, language: str, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kind, self._typed = kind, dict[str, str]()
        self.fields["title"].required = is_needed
        if not is_needed:
            self.fields["button"].help_text = ""  # said once is enough
        for field in self.fields.values():
            field.widget.attrs["lang"] = language

    def clean(self) -> dict[str, Any]:
        """Refuse a text without a title (a language is empty, or it has one), and what cannot be filled in."""
        cleaned: dict[str, Any] = super().clean() or {}
        self._typed = {name: cleaned.get(name) or "" for name in self.fields}
        if not cleaned.get("title") and not self.errors and (cleaned.get("body") or cleaned.get("button")):
            self.add_error("title", _("Type a title too, or leave this language empty."))
        for name, text in self._typed.items():
            if refusal := refusal_of(text, self._kind):
                self.add_error(name, refusal)
        return cleaned

    def words(self) -> Words:
        """Return what is typed, as far as it fits; with placeholders that are wrong, too: a preview shows half typed ones."""
        typed = self._typed if self.is_bound and hasattr(self, "cleaned_data") else self.initial
        return Words(**{name: typed.get(name) or "" for name in self.fields})


class ShareForm(forms.Form):
    """How many of the shoppers read another wording than the first."""

    share = forms.IntegerField(
        label=_("Share in per cent"),
        min_value=1,
        max_value=_LARGEST_SHARE,
        widget=forms.NumberInput(attrs={"class": "form-control engage-narrow"}),
    )
    remove = forms.BooleanField(
        label=_("Remove this wording"), required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )


class PeriodForm(forms.Form):
    """From when on, and until when."""

    starts_at = forms.DateTimeField(label=_("Starts at"), required=False, widget=LocalDateTimeInput())
    ends_at = forms.DateTimeField(label=_("Ends at"), required=False, widget=LocalDateTimeInput())

    def clean(self) -> dict[str, Any]:
        """Check that there is a beginning before the end."""
        cleaned: dict[str, Any] = super().clean() or {}
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("Choose an end after the start."))
        return cleaned
