"""Which languages does the shop speak? Its own first, then the others of ``LANGUAGES``, with their names for people."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext

from oscar_engage.widgets.wordings import own_language

FEW = 6
"""So many languages, at most, are asked for everywhere; Django's own list, which a shop has that never chose, is longer."""


def shop_languages() -> dict[str, str | Promise]:
    """Return the languages, code to name, the shop's own first."""
    named = {code.lower(): name for code, name in settings.LANGUAGES}
    own = own_language()
    return {own: named.get(own, own), **named}


def wanted_languages(written: Iterable[str] = ()) -> list[str]:
    """Return the languages that words are asked for in: all of the shop's if few, else its own and those ``written``."""
    known = shop_languages()
    if len(known) <= FEW:
        return [*known, *(code for code in sorted(written) if code not in known)]
    own, used = own_language(), set(written)
    return [own, *(code for code in known if code in used and code != own), *sorted(used - set(known))]


def missing_languages(written: Iterable[str]) -> Sequence[str]:
    """Return the names of the languages that words are asked for in and that have none."""
    has = set(written)
    return [language_name(code) for code in wanted_languages(has) if code not in has]


def language_name(code: str) -> str:
    """Return what people call the language: as the shop does, or its code."""
    return gettext(str(shop_languages().get(code, code)))
