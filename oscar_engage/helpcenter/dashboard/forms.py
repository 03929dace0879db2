"""What may be written as an article, and as a topic?"""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oscar_engage.helpcenter.files import WrongFileError, check_slug
from oscar_engage.helpcenter.models import HelpArticle, HelpTopic, languages

_TEXT = forms.TextInput(attrs={"class": "form-control"})
_TIME = "%Y-%m-%dT%H:%M"


def _when() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"class": "form-control", "type": "datetime-local"}, format=_TIME)


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """An article in one language. ``revision`` is what the form was filled from: a colleague's newer draft is not lost."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    language = forms.ChoiceField(label=_("Language"), widget=forms.Select(attrs={"class": "form-control"}))

    class Meta:
        model = HelpArticle
        fields = ("title", "slug", "topic", "summary", "body", "words", "asked", "anchors", "go_live_at", "expire_at")
        widgets = {
            "title": _TEXT,
            "slug": _TEXT,
            "topic": forms.Select(attrs={"class": "form-control"}),
            "summary": forms.Textarea(attrs={"class": "form-control", "rows": 2}),
            "body": forms.Textarea(attrs={"class": "form-control engage-writing", "rows": 18}),
            "words": _TEXT,
            "asked": forms.Textarea(attrs={"class": "form-control", "rows": 5}),
            "anchors": _TEXT,
            "go_live_at": _when(),
            "expire_at": _when(),
        }
        labels = {"go_live_at": _("Live from"), "expire_at": _("Live until")}
        help_texts = {
            "slug": _("Small letters, digits and hyphens, such as return-an-item. The same in all languages."),
            "summary": _("One or two sentences: the answer itself, if it is short."),
            "words": _("What shoppers call it, with commas between: send back, wrong size, refund."),
            "asked": _("Whole questions that it answers, one in each line, as shoppers type them: my shoes are too tight."),
            "anchors": _("Names of places in the shop that it explains, with commas between, such as size-table."),
            "go_live_at": _("Empty: as soon as it is published."),
            "expire_at": _("Empty: until it is taken back."),
        }

    def __init__(self, *args: Any, language: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages()  # type: ignore[attr-defined]  # a ChoiceField's
        self.fields["language"].initial = language or (self.instance.language if self.instance.locale_id else "")
        self.fields["revision"].initial = self.instance.latest_revision_id
        for name in ("go_live_at", "expire_at"):
            self.fields[name].input_formats = [_TIME, "%Y-%m-%d %H:%M"]  # type: ignore[attr-defined]  # a DateTimeField's
        if self.instance.pk or language:
            self.fields["language"].widget = forms.HiddenInput()
            self.fields["language"].disabled = True
        if self.instance.slug:
            self.fields["slug"].disabled = True

    def clean_slug(self) -> str:
        """Refuse what an address cannot hold."""
        slug: str = self.cleaned_data["slug"]
        try:
            return check_slug(slug, name="")
        except WrongFileError:
            raise forms.ValidationError(
                gettext("Write small letters, digits and single hyphens, such as return-an-item.")
            ) from None

    def clean(self) -> dict[str, Any]:
        """Check what only makes sense together."""
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("go_live_at"), cleaned.get("expire_at")
        if ends and ends <= (begins or timezone.now()):
            self.add_error("expire_at", gettext("Choose a time after the beginning, and not one that is over."))
        taken = HelpArticle.objects.filter(slug=cleaned.get("slug"), locale__language_code=cleaned.get("language"))
        if taken.exclude(pk=self.instance.pk).exists():
            self.add_error("slug", gettext("There is an article of this name in this language. Choose another name."))
        return cleaned


class HelpTopicForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Name in addresses, place, and what the topic is called in each of the shop's languages; one is enough."""

    class Meta:
        model = HelpTopic
        fields = ("slug", "order")
        widgets = {"slug": _TEXT, "order": forms.NumberInput(attrs={"class": "form-control"})}
        help_texts = {"order": _("Small numbers stand first.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = {f"name_{code}": code for code, _name in languages()}
        for (name, code), (_code, language) in zip(self.languages.items(), languages(), strict=True):
            self.fields[name] = forms.CharField(
                label=gettext("Name: %(language)s") % {"language": language},
                required=False,
                max_length=60,
                initial=self.instance.names.get(code, ""),
                widget=_TEXT,
            )

    def clean(self) -> dict[str, Any]:
        """There has to be a name."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(name) for name in self.languages):
            self.add_error(next(iter(self.languages)), gettext("Write the name in at least one language."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save the topic with its names; those in languages that the shop has no more stay."""
        kept = {code: name for code, name in self.instance.names.items() if code not in self.languages.values()}
        given = {code: self.cleaned_data[name] for name, code in self.languages.items() if self.cleaned_data.get(name)}
        self.instance.names = {**kept, **given}
        return super().save(commit)
