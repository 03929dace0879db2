"""Which languages is an article there in, and which is older than what it was translated from?"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings as django_settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from oscar_engage.helpcenter.models import HelpArticle, languages


class Standing(TextChoices):
    """How a translation stands beside the original."""

    ORIGINAL = "original", _("original")
    THERE = "there", _("there")
    OLDER = "older", _("older than the original")
    DRAFT = "draft", _("not published")
    MISSING = "missing", _("missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class InLanguage:
    """An article in one of the shop's languages, or that it is missing there."""

    code: str
    language: str
    article: HelpArticle | None
    standing: Standing


def original_of(versions: Iterable[HelpArticle]) -> HelpArticle | None:
    """Return the version in the shop's own language, else the oldest."""
    ordered = sorted(versions, key=lambda version: (version.language != django_settings.LANGUAGE_CODE, version.pk))
    return ordered[0] if ordered else None


def in_languages(versions: Iterable[HelpArticle]) -> tuple[InLanguage, ...]:
    """Return the state in each of the shop's languages, of one article's versions."""
    known = {version.language: version for version in versions}
    original = original_of(known.values())
    return tuple(
        InLanguage(code=code, language=name, article=known.get(code), standing=_standing(known.get(code), original))
        for code, name in languages()
    )


def _standing(version: HelpArticle | None, original: HelpArticle | None) -> Standing:
    if version is None or original is None:
        return Standing.MISSING
    if version.pk == original.pk:
        return Standing.ORIGINAL
    if not version.live or version.last_published_at is None:
        return Standing.DRAFT
    newer = original.live and original.last_published_at and original.last_published_at > version.last_published_at
    return Standing.OLDER if newer else Standing.THERE
