"""What may a merchandiser ask? A question in each language, its choices a line each, and where and how often."""

from copy import copy
from typing import Any

from django import forms
from django.conf import settings as django_settings
from django.utils.translation import gettext_lazy as _

from oscar_engage.dashboard.anchors.inputs import PlaceInput
from oscar_engage.dashboard.engagements.forms import PeriodForm
from oscar_engage.surveys.models import OTHER, Survey, SurveyKind, survey_of
from oscar_engage.surveys.part import (
    FEWEST_CHOICES,
    KEY,
    LONGEST,
    LONGEST_KEY,
    LONGEST_LABEL,
    MOST_CHOICES,
    MOST_DAYS,
    part_of,
)
from oscar_engage.surveys.words import Choices, Words
from oscar_engage.widgets.life.publish import is_unborn
from oscar_engage.widgets.models import Engagement

_PARTS = ("question", "choices", "low", "high", "thanks")


def _line(longest: int) -> forms.CharField:
    return forms.CharField(required=False, max_length=longest, widget=forms.TextInput(attrs={"class": "form-control"}))


class SurveyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """The survey and its engagement in one: whoever asks should not have to make two things."""

    slug = forms.SlugField(
        label=_("Short name"),
        max_length=Engagement._meta.get_field("slug").max_length,
        help_text=_("Rules call it by this name, e.g. what-stopped-you."),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    anchor = forms.SlugField(
        label=_("Page element"),
        max_length=64,
        required=False,
        help_text=_(
            "Beside what it stands, e.g. shipping-method; on pages without that it is not asked. Empty: in the corner."
        ),
        widget=PlaceInput(attrs={"class": "form-control"}),
    )
    wait_days = forms.IntegerField(
        label=_("Days until the same shopper is asked again"),
        min_value=0,
        max_value=MOST_DAYS,
        help_text=_("After an answer or a “no” alike, on all devices of a customer."),
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
    field_order = ("slug", "anchor", "kind", "has_other", "wait_days")

    class Meta:
        model = Survey
        fields = ("kind", "has_other", "wait_days")
        widgets = {
            "kind": forms.Select(attrs={"class": "form-control"}),
            "has_other": forms.CheckboxInput(attrs={"class": "form-check-input"}),
        }

    def __init__(self, data: Any = None, *, engagement: Engagement) -> None:
        super().__init__(data, instance=survey_of(engagement) if engagement.slug else Survey())
        self.before = engagement
        self.initial.update(slug=engagement.slug, anchor=engagement.anchor)
        self.period = PeriodForm(data, initial={"starts_at": engagement.starts_at, "ends_at": engagement.ends_at})
        if engagement.pk and not is_unborn(engagement):
            self.fields["slug"].disabled = True
            self.fields["slug"].help_text = _("Rules call it by this name; now that it was published, it stays.")
        self.shop = django_settings.LANGUAGE_CODE
        known = {code: str(name) for code, name in django_settings.LANGUAGES}
        others = [code for code in (*known, *self.instance.words) if code != self.shop]
        self.languages = {code: known.get(code, code) for code in (self.shop, *others)}
        for code, name in self.languages.items():
            self._add_language(code, name)

    def _add_language(self, code: str, name: str) -> None:
        is_shop, stored = code == self.shop, self.instance.words.get(code, {})
        made = {
            "question": (_("Question: %(language)s"), _line(LONGEST["question"])),
            "choices": (_("Answers: %(language)s"), self._lines()),
            "low": (_("What the lowest score means: %(language)s"), _line(LONGEST["low"])),
            "high": (_("What the highest score means: %(language)s"), _line(LONGEST["high"])),
            "thanks": (_("Thanks: %(language)s"), _line(LONGEST["thanks"])),
        }
        for part, (label, field) in made.items():
            value = stored.get(part, "")
            field.label = label % {"language": name}
            field.initial = "\n".join(f"{key} = {text}" for key, text in value) if part == "choices" else value
            field.required = part == "question" and is_shop
            self.fields[f"{part}_{code}"] = field
        if is_shop:
            self.fields[f"question_{code}"].initial = self.before.title
        self.fields[f"choices_{code}"].help_text = _(
            "One a line: a short name for rules and reports, then what shoppers read, such as price = Too expensive"
        )

    def _lines(self) -> forms.CharField:
        return forms.CharField(required=False, widget=forms.Textarea(attrs={"class": "form-control", "rows": 5}))

    def clean_slug(self) -> str:
        """Refuse the name of another engagement."""
        slug: str = self.cleaned_data["slug"]
        if Engagement.objects.exclude(pk=self.before.pk).filter(slug=slug).exists():
            raise forms.ValidationError(_("Another engagement has this short name."))
        return slug

    def is_valid(self) -> bool:
        """Whether all of it can be saved, its times too."""
        return super().is_valid() & self.period.is_valid()

    def clean(self) -> dict[str, Any]:
        """Read the choices of each language; in the shop's there have to be at least two where one is chosen."""
        cleaned: dict[str, Any] = super().clean() or {}
        for code in self.languages:
            name = f"choices_{code}"
            try:
                cleaned[name] = read_choices(cleaned.get(name) or "")
            except forms.ValidationError as error:
                self.add_error(name, error)
                cleaned[name] = ()
        own = f"choices_{self.shop}"
        if cleaned.get("kind") == SurveyKind.CHOICE and len(cleaned[own]) < FEWEST_CHOICES and own not in self.errors:
            self.add_error(own, _("Write at least two answers, one a line."))
        return cleaned

    def place(self) -> list[forms.BoundField]:
        """Return the fields that belong to no language."""
        return [self[name] for name in self.fields if name in self.field_order]

    def by_language(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the name of each language with its fields."""
        return [(name, [self[f"{part}_{code}"] for part in _PARTS]) for code, name in self.languages.items()]

    def words(self) -> dict[str, Any]:
        """Return what is stored for each language that has any words; the shop's own question is the engagement's title."""
        read = {code: self._words_in(code) for code in self.languages}
        return {code: told for code, words in read.items() if (told := words.as_json())}

    def _words_in(self, code: str) -> Words:
        read: dict[str, Any] = {part: self.cleaned_data.get(f"{part}_{code}") or "" for part in _PARTS}
        question = "" if code == self.shop else read["question"]
        return Words(**{**read, "question": question, "choices": read["choices"] or ()})

    def typed(self) -> Engagement:
        """Return the engagement as it is typed, its survey as the drafted part; nothing is saved."""
        cleaned, typed = self.cleaned_data, copy(self.before)
        typed.widget, typed.slug, typed.anchor = "survey", cleaned["slug"], cleaned["anchor"]
        typed.title = cleaned[f"question_{self.shop}"]
        typed.starts_at, typed.ends_at = self.period.cleaned_data["starts_at"], self.period.cleaned_data["ends_at"]
        self.instance.words = self.words()
        typed.drafted_part = part_of(self.instance)
        return typed

    def shown(self) -> Engagement:
        """Return what is typed, as far as it fits, for a preview alone: a field that is wrong is as if it were empty."""
        self.is_valid()
        cleaned, shown = self.cleaned_data, copy(self.before)
        shown.widget, shown.slug, shown.anchor = "survey", cleaned.get("slug") or "preview", cleaned.get("anchor") or ""
        shown.title = cleaned.get(f"question_{self.shop}") or ""
        for code in self.languages:
            cleaned.setdefault(f"choices_{code}", ())
        self.instance.kind = cleaned.get("kind") or self.instance.kind
        self.instance.words = self.words()
        shown.drafted_part = part_of(self.instance)
        return shown


def read_choices(text: str) -> Choices:
    """Return the choices written in ``text``, a line each; a line that is none raises ``ValidationError`` with what to type."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_CHOICES:
        raise forms.ValidationError(_("Write %(most)s answers at most: nobody reads more.") % {"most": MOST_CHOICES})
    choices = tuple(_read_choice(line) for line in lines)
    keys = [key for key, _label in choices]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise forms.ValidationError(_("“%(key)s” stands there twice: give each answer its own short name.") % {"key": twice})
    return choices


def _read_choice(line: str) -> tuple[str, str]:
    key, _equals, label = (part.strip() for part in line.partition("="))
    if not KEY.fullmatch(key) or not label or len(key) > LONGEST_KEY or len(label) > LONGEST_LABEL:
        raise forms.ValidationError(
            _(
                "“%(line)s”: write a short name of small letters, digits and hyphens, an equals sign and up to %(longest)s "
                "characters, such as price = Too expensive"
            )
            % {"line": line[:80], "longest": LONGEST_LABEL}
        )
    if key == OTHER:
        raise forms.ValidationError(_("“other” is the name of “Something else”: tick that instead, or choose another name."))
    return key, label
