"""What may be answered to a survey? One of its choices, one of its scores, or some words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.storefront.forms import EngageForm, MessageText
from oscar_engage.surveys.answer import clean_words
from oscar_engage.surveys.models import LONGEST_TEXT, OTHER, SCORES, Survey, SurveyKind
from oscar_engage.surveys.widget import read_words

_CHOOSE = {"required": _("Please choose one."), "invalid_choice": _("Please choose one.")}


class SurveyForm(EngageForm):
    """Has the fields that its survey needs."""

    id_prefix = "engage-survey"

    def __init__(self, survey: Survey, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words, kind = read_words(survey), survey.kind
        question = words.question or survey.engagement.title
        if kind == SurveyKind.CHOICE:
            choices = [*words.choices, *([(OTHER, _("Something else"))] if survey.has_other else [])]
            self.fields["choice"] = forms.ChoiceField(
                label=question, choices=choices, widget=forms.RadioSelect, error_messages=_CHOOSE
            )
        elif kind in SCORES:
            scores = [(score, str(score)) for score in SCORES[kind]]
            self.fields["score"] = forms.TypedChoiceField(
                label=question, choices=scores, coerce=int, widget=forms.RadioSelect, error_messages=_CHOOSE
            )
        if kind == SurveyKind.TEXT or (kind == SurveyKind.CHOICE and survey.has_other):
            is_text = kind == SurveyKind.TEXT
            self.fields["text"] = MessageText(
                label=question if is_text else _("In your own words (optional)"),
                max_length=LONGEST_TEXT,
                required=is_text,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": _("Write a few words first.")},
            )

    @property
    def radios(self) -> forms.BoundField | None:
        """The field of the choice or the score, where there is one."""
        return next((self[name] for name in ("choice", "score") if name in self.fields), None)

    @property
    def words(self) -> forms.BoundField | None:
        """The field of own words, where there is one."""
        return self["text"] if "text" in self.fields else None

    def clean_text(self) -> str:
        """Return the words as they are kept; an answer of nothing but what cannot be seen is none."""
        told = clean_words(self.cleaned_data["text"])
        if self.fields["text"].required and not told:
            raise forms.ValidationError(_("Write a few words first."))
        return told

    def answer(self) -> dict[str, Any]:
        """Return what was answered, for ``surveys.answer.answer``."""
        return {name: self.cleaned_data[name] for name in ("choice", "score", "text") if name in self.cleaned_data}
