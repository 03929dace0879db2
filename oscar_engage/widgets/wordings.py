"""Which words has this engagement? Its wordings, the one that a visitor is given, and its words in a language."""

from uuid import UUID

from django.conf import settings

from oscar_engage.core.hashing import bucket
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.words import FIRST, WHOLE, Wording, Words, draw, find_language


def own_language() -> str:
    """Return the code of the shop's own language, in which every wording has words."""
    return str(settings.LANGUAGE_CODE).lower()


def wordings_of(engagement: Engagement) -> tuple[Wording, ...]:
    """Return the wordings of ``engagement``; the first has the share that the others leave."""
    others = tuple(
        Wording(variant["name"], variant["share"], {code: Words(**texts) for code, texts in variant["texts"].items()})
        for variant in engagement.variants
    )
    translated = {code: Words(**texts) for code, texts in engagement.translations.items()}
    own = {own_language(): Words(engagement.title, engagement.body, engagement.button)}
    return (Wording(FIRST, WHOLE - sum(wording.share for wording in others), {**translated, **own}), *others)


def language_shown(engagement: Engagement, language: str, variant: str = "") -> str:
    """Return the language in which :func:`words_of` speaks."""
    return find_language(_wording(engagement, variant).texts, language, own=own_language())


def words_of(engagement: Engagement, language: str, variant: str = "") -> Words:
    """Return the words for who reads ``language`` and was given ``variant``; one that is gone is the first.

    The one place where an offer gets its words, as they were written; ``widgets.filling`` fills them in.
    """
    texts = _wording(engagement, variant).texts
    return texts[find_language(texts, language, own=own_language())]


def draw_variant(engagement: Engagement, unit_id: UUID, *, salt: str) -> str:
    """Return the wording that a visitor is given, the same each time; ``""`` where there is only one.

    ``unit_id`` is ``Visitor.unit_id``, as for the arms of a rule: a customer with two devices reads the same on both.
    Nothing is stored, and no browser can choose: it is a keyed hash.
    """
    wordings = wordings_of(engagement)
    return draw(wordings, bucket(salt=f"{salt}:engagement:{engagement.pk}", key=str(unit_id)))


def _wording(engagement: Engagement, variant: str) -> Wording:
    wordings = wordings_of(engagement)
    return next((wording for wording in wordings if wording.name == variant), wordings[0])
