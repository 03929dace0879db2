"""How do engagements travel in a bundle of rules? Out of the shop's rows, and into new ones."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from oscar_engage.core.placeholders import PlaceholderError
from oscar_engage.rules.bundles.shape import BundleEngagement, BundleWording, Texts
from oscar_engage.widgets.contents.registry import CONTENTS
from oscar_engage.widgets.life.parts import PARTS, keep_part, read_part
from oscar_engage.widgets.live import forget_engagements
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.placeholders import check_words
from oscar_engage.widgets.registry import WIDGETS
from oscar_engage.widgets.wordings import own_language, wordings_of
from oscar_engage.widgets.words import Wording

_WORDS = {"title": 80, "body": 400, "button": 40}
"""The fields that hold words, with their lengths."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


def engagement_kinds() -> dict[str, str]:
    """Return the shop's active engagements, slug to kind of widget; one query."""
    return dict(Engagement.objects.filter(is_active=True).order_by("slug").values_list("slug", "widget"))


def read_engagements(slugs: Iterable[str]) -> list[BundleEngagement]:
    """Return the engagements with these slugs as they travel: as shoppers read them now, in every wording and language."""
    return [_read(row) for row in Engagement.objects.filter(slug__in=list(slugs)).order_by("slug")]


def _read(row: Engagement) -> BundleEngagement:
    first, *others = wordings_of(row)
    return BundleEngagement(
        slug=row.slug,
        widget=row.widget,
        anchor=row.anchor,
        content=row.content,
        settings=row.settings,
        texts=_as_texts(first),
        wordings=[BundleWording(name=one.name, share=one.share, texts=_as_texts(one)) for one in others],
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        part=read_part(row) or {},
    )


def _as_texts(wording: Wording) -> dict[str, dict[str, str]]:
    return {language: asdict(words) for language, words in wording.texts.items()}


def is_creatable(engagement: BundleEngagement) -> bool:
    """Whether an engagement that came in a bundle can be made here: what it names is known, and it has words that fit.

    What it names is its widget, its placeholders and its content, whose settings have to be possible in this shop.

    A slug that is taken by an engagement that is switched off is not: its own words stay.
    """
    texts = [engagement.texts, *(one.texts for one in engagement.wordings)]
    return (
        engagement.widget in WIDGETS
        and all(_are_sayable(one, engagement.widget) for one in texts)
        and _settings_for_us(engagement) is not None
        and (not engagement.part or _part_for_us(engagement) is not None)
        and not Engagement.objects.filter(slug=engagement.slug).exists()
    )


def create_engagements(engagements: Sequence[BundleEngagement]) -> None:
    """Write them; they show nothing before a rule that is live says so."""
    for engagement in engagements:
        words = _words_for_us(engagement.texts)
        made = Engagement.objects.create(
            slug=engagement.slug,
            widget=engagement.widget,
            anchor=engagement.anchor,
            title=words["title"],
            body=words.get("body", ""),
            button=words.get("button", ""),
            translations=_translations(engagement.texts),
            content=engagement.content,
            settings=_settings_for_us(engagement) or {},
            variants=[{"name": one.name, "share": one.share, "texts": _all_for_us(one.texts)} for one in engagement.wordings],
            starts_at=engagement.starts_at,
            ends_at=engagement.ends_at,
        )
        made.drafted_part = _part_for_us(engagement)
        keep_part(made)
    forget_engagements()


def _translations(texts: Texts) -> dict[str, dict[str, str]]:
    """Return the words in other languages than the shop's own; what names no language, or has no title, stays behind."""
    return {
        language.lower(): {name: words.get(name, "") for name in _WORDS}
        for language, words in texts.items()
        if _LANGUAGE.fullmatch(language.lower()) and language.lower() != own_language() and words.get("title")
    }


def _all_for_us(texts: Texts) -> dict[str, dict[str, str]]:
    """Return the words of another wording, the shop's own language among them."""
    own = {name: _words_for_us(texts).get(name, "") for name in _WORDS}
    return {own_language(): own, **_translations(texts)}


def _are_sayable(texts: Texts, widget: str) -> bool:
    """Whether a wording has a title for us, nothing that is too long, and no placeholder that is none here."""
    return (
        bool(_words_for_us(texts).get("title"))
        and all(len(words.get(name, "")) <= longest for words in texts.values() for name, longest in _WORDS.items())
        and not any(_is_refused(text, widget) for words in texts.values() for text in words.values())
    )


def _part_for_us(engagement: BundleEngagement) -> dict[str, Any] | None:
    """Return what its widget says beside the words, if that is what it can say here."""
    return PARTS.get(engagement.widget).check(engagement.part) if engagement.part and engagement.widget in PARTS else None


def _is_refused(text: str, widget: str) -> bool:
    """Whether it has placeholders that are none here: of a shop that registered some of its own, or of somebody hostile."""
    try:
        check_words(text, is_for_all=WIDGETS.get(widget).is_for_all)
    except PlaceholderError:
        return True
    return False


def _settings_for_us(engagement: BundleEngagement) -> dict[str, Any] | None:
    """Return the content's settings as its own form takes them; ``None`` for a content, or settings, that this shop lacks."""
    if engagement.content not in CONTENTS or not CONTENTS.get(engagement.content).is_available():
        return None
    form = CONTENTS.get(engagement.content).form_class(dict(engagement.settings))
    return form.cleaned_data if form.is_valid() else None


def _words_for_us(texts: Texts) -> Mapping[str, str]:
    """Return the words in the shop's language, in one like it, or in whatever language there is."""
    wanted = own_language()
    near = [language for language in texts if language.partition("-")[0] == wanted.partition("-")[0]]
    chosen = next((language for language in (wanted, *near, *texts) if language in texts), None)
    return {} if chosen is None else texts[chosen]
