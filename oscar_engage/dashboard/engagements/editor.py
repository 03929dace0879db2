"""What does the editor hold? The forms of an engagement, one for each concern, gathered into what is typed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from string import ascii_uppercase
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from oscar_engage.dashboard.engagements.forms import PeriodForm, PlaceForm, ShareForm, WordsForm
from oscar_engage.widgets.languages import language_name, shop_languages, wanted_languages
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.wordings import own_language, wordings_of
from oscar_engage.widgets.words import FIRST, WHOLE

MOST_WORDINGS = 4
_MOST_LANGUAGES = 40
_NAME = re.compile(r"[A-Z]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageForm:
    """The words in one language."""

    code: str
    name: str
    form: WordsForm
    is_own: bool

    @property
    def is_missing(self) -> bool:
        """Whether nothing is typed in it: a like language, or the shop's own, is read instead."""
        return not self.form.words().title


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingForms:
    """One wording: its share where it is not the first, and its languages."""

    name: str
    share: ShareForm | None
    languages: Sequence[LanguageForm]

    @property
    def missing(self) -> Sequence[str]:
        """The languages in which nothing is typed."""
        return [language.name for language in self.languages if language.is_missing]

    @property
    def is_removed(self) -> bool:
        """Whether it is to go."""
        return self.share is not None and bool(getattr(self.share, "cleaned_data", {}).get("remove"))


class Editor:
    """The forms of ``engagement``, filled from it or from what was posted; :attr:`typed` is what they say."""

    def __init__(self, engagement: Engagement, data: Mapping[str, Any] | None = None) -> None:
        self.before = engagement
        self._data = data
        wordings = wordings_of(engagement)
        kept = {wording.name: wording for wording in wordings}
        written = {code for wording in wordings for code in wording.texts}
        names = self._listed("wordings", _NAME, list(kept))[:MOST_WORDINGS]
        codes = self._listed("languages", _LANGUAGE, wanted_languages(written))[:_MOST_LANGUAGES]
        if data is not None and "add-wording" in data:
            names = [*names, _next_name(names)][:MOST_WORDINGS]
        if data is not None and "add-language" in data and data.get("language") in shop_languages():
            codes = list(dict.fromkeys([*codes, data["language"]]))
        self.languages = list(dict.fromkeys([own_language(), *codes]))
        self.place = PlaceForm(data, instance=copy(engagement))
        times = {"starts_at": engagement.starts_at, "ends_at": engagement.ends_at}
        self.period = PeriodForm(data, initial=times)
        self.wordings = [self._wording(name, kept.get(name)) for name in dict.fromkeys([FIRST, *names])]
        self.errors_of_shares: list[str] = []
        for form in self._forms() if data is not None else ():
            form.is_valid()

    def is_valid(self) -> bool:
        """Whether all of it can be saved."""
        shares = [wording.share.cleaned_data.get("share") or 0 for wording in self._others() if wording.share]
        if sum(shares) >= WHOLE:
            self.errors_of_shares = [
                _("Leave at least one per cent for wording A: the shares are %(sum)d.") % {"sum": sum(shares)}
            ]
        removed = {wording.share for wording in self.wordings if wording.is_removed}
        gone = {id(language.form) for wording in self.wordings if wording.share in removed for language in wording.languages}
        forms_left = [form for form in self._forms() if form not in removed and id(form) not in gone]
        return all(form.is_valid() for form in forms_left) and not self.errors_of_shares

    def errors(self) -> Iterator[tuple[str, str, str]]:
        """Give every mistake: the id of its field, the field's label, and what is wrong."""
        for place, form in self._placed_forms():
            for field in form:
                for error in field.errors:
                    yield field.id_for_label, f"{place}{field.label}", str(error)
        for error in self.errors_of_shares:
            yield "engage-wordings", _("Wordings"), error

    @property
    def typed(self) -> Engagement:
        """The engagement as it is typed, not saved; what is wrong in it is as it was."""
        typed: Engagement = copy(self.place.instance)
        own, (first, *_others) = own_language(), self.wordings
        words = {language.code: language.form.words() for language in first.languages}
        typed.title, typed.body, typed.button = words[own].title, words[own].body, words[own].button
        typed.translations = {code: asdict(one) for code, one in words.items() if code != own and one.title}
        typed.variants = [
            {
                "name": wording.name,
                "share": (wording.share and wording.share.cleaned_data.get("share")) or 1,
                "texts": {one.code: asdict(one.form.words()) for one in wording.languages if not one.is_missing or one.is_own},
            }
            for wording in self._others()
        ]
        if self.period.is_bound:
            typed.starts_at = self.period.cleaned_data.get("starts_at")
            typed.ends_at = self.period.cleaned_data.get("ends_at")
        return typed

    @property
    def first_share(self) -> int:
        """The per cent that the first wording has, as far as the others are typed."""
        shares = [wording.share["share"].value() for wording in self.wordings if wording.share]
        return max(0, WHOLE - sum(int(share) for share in shares if str(share).isdecimal()))

    @property
    def can_add_wording(self) -> bool:
        """Whether one more may stand against the others."""
        return len(self.wordings) < MOST_WORDINGS

    @property
    def other_languages(self) -> Sequence[tuple[str, str]]:
        """The shop's languages that have no place in the form yet."""
        return [(code, language_name(code)) for code in shop_languages() if code not in self.languages]

    def _listed(self, field: str, pattern: re.Pattern[str], default: list[str]) -> list[str]:
        given = (self._data or {}).get(field)
        return default if given is None else [part for part in str(given).split(",") if pattern.fullmatch(part)]

    def _wording(self, name: str, kept: Any) -> WordingForms:
        share = None
        if name != FIRST:
            is_new = self._data is not None and f"{name}-share" not in self._data
            data = None if self._data is None else {f"{name}-share": "50", **self._data} if is_new else self._data
            share = ShareForm(data, prefix=name, initial={"share": kept.share if kept else 50})
        return WordingForms(name=name, share=share, languages=[self._language(name, code, kept) for code in self.languages])

    def _language(self, name: str, code: str, kept: Any) -> LanguageForm:
        is_own = code == own_language()
        words = kept.texts.get(code) if kept else None
        form = WordsForm(
            self._data,
            prefix=None if name == FIRST and is_own else f"{name}-{code}",
            initial=asdict(words) if words else {},
            is_needed=is_own,
            kind=(self._data or {}).get("widget") or self.before.widget,
            language=code,
        )
        return LanguageForm(code=code, name=language_name(code), form=form, is_own=is_own)

    def _others(self) -> Sequence[WordingForms]:
        return [wording for wording in self.wordings if wording.name != FIRST and not wording.is_removed]

    def _placed_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield "", self.place
        yield "", self.place.settings_form
        for wording in self.wordings:
            place = _("Wording %(name)s") % {"name": wording.name} + ", " if len(self.wordings) > 1 else ""
            if wording.share is not None:
                yield place, wording.share
            for language in wording.languages:
                yield place if language.is_own and not place else f"{place}{language.name}: ", language.form
        yield "", self.period

    def _forms(self) -> list[forms.BaseForm]:
        return [form for _place, form in self._placed_forms()]


def _next_name(names: Sequence[str]) -> str:
    """Return the letter after the last: one that was taken away is not used again while a later one stands."""
    last = max([FIRST, *names])
    return ascii_uppercase[min(ascii_uppercase.index(last) + 1, len(ascii_uppercase) - 1)]
