"""What does a balloon show of an article? Its title, how it begins, and the way to it; from whatever source registered it."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings as django_settings
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.answers.passage import Passage
from oscar_engage.answers.sources import SOURCES
from oscar_engage.widgets.contents.base import Content, Settings
from oscar_engage.widgets.contents.registry import CONTENTS
from oscar_engage.widgets.scene import Scene

SUMMARY = 180
"""Characters of an article that a balloon shows, at most; it ends with a whole word."""


class ArticleForm(forms.Form):
    """Which article: all that there are in the shop's own language."""

    article = forms.ChoiceField(label=gettext_lazy("Article"), widget=forms.Select(attrs={"class": "form-control"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {passage.article: passage.title for passage in all_first(django_settings.LANGUAGE_CODE)}
        chosen = (self.initial or {}).get("article")
        if chosen and chosen not in titles:
            titles[chosen] = _("%(article)s (not there any more)") % {"article": chosen}
        field: Any = self.fields["article"]
        field.choices = sorted(titles.items(), key=lambda one: one[1].casefold())


class Article(Content):
    """The beginning of an article, in the shopper's language; one that is not there in it is not offered."""

    name = "article"
    label = gettext_lazy("An article")
    template = "oscar_engage/widgets/contents/article.html"
    form_class = ArticleForm
    asks = True

    def is_available(self) -> bool:
        """Whether anything registered articles."""
        return len(SOURCES) > 0

    def read(self, settings: Settings, scene: Scene) -> Mapping[str, Any] | None:
        """Return title, summary and address; a query at most for each source."""
        language = scene.language or django_settings.LANGUAGE_CODE
        found = next((one for one in all_first(language) if one.article == settings.get("article")), None)
        return None if found is None else _show(found)

    def example(self, settings: Settings) -> Mapping[str, Any]:
        """Return the chosen article as it is."""
        chosen = settings.get("article")
        found = next((one for one in all_first(django_settings.LANGUAGE_CODE) if one.article == chosen), None)
        return {"title": _("Article"), "summary": "", "url": "#"} if found is None else _show(found)


def all_first(language: str) -> Iterator[Passage]:
    """Give the first passage of every article in ``language``; a source is read anew when its version changed."""
    for source in SOURCES:
        yield from _first(source.name, source.version(), language)


@lru_cache(maxsize=16)
def _first(source: str, version: str, language: str) -> tuple[Passage, ...]:
    first: dict[str, Passage] = {}
    for passage in SOURCES.get(source).read(language):
        first.setdefault(passage.article, passage)
    return tuple(first.values())


def _show(passage: Passage) -> dict[str, str]:
    summary = Truncator(" ".join(passage.text.split())).chars(SUMMARY)
    return {"title": passage.title, "summary": summary, "url": passage.url}


CONTENTS.register(Article.name, Article())
