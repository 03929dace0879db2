"""How do engagements travel in a bundle of rules? Out of the shop's rows, and into new ones."""

from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings

from oscar_engage.rules.bundles.shape import BundleEngagement
from oscar_engage.widgets.live import forget_engagements
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS

_WORDS = {"title": 80, "body": 400, "button": 40}
"""The fields that hold words, with their lengths."""


def engagement_kinds() -> dict[str, str]:
    """Return the shop's active engagements, slug to kind of widget; one query."""
    return dict(Engagement.objects.filter(is_active=True).order_by("slug").values_list("slug", "widget"))


def read_engagements(slugs: Iterable[str]) -> list[BundleEngagement]:
    """Return the engagements with these slugs as they travel; the shop has one set of words, in its own language."""
    rows = Engagement.objects.filter(slug__in=list(slugs)).order_by("slug")
    return [
        BundleEngagement(
            slug=row.slug,
            widget=row.widget,
            anchor=row.anchor,
            texts={settings.LANGUAGE_CODE: {"title": row.title, "body": row.body, "button": row.button}},
        )
        for row in rows
    ]


def is_creatable(engagement: BundleEngagement) -> bool:
    """Whether an engagement that came in a bundle can be made here: its widget is known, and it has words that fit.

    A slug that is taken by an engagement that is switched off is not: its own words stay.
    """
    words = _words_for_us(engagement.texts)
    return (
        engagement.widget in WIDGETS
        and bool(words.get("title"))
        and all(len(words.get(name, "")) <= longest for name, longest in _WORDS.items())
        and not Engagement.objects.filter(slug=engagement.slug).exists()
    )


def create_engagements(engagements: Sequence[BundleEngagement]) -> None:
    """Write them; they show nothing before a rule that is live says so."""
    for engagement in engagements:
        words = _words_for_us(engagement.texts)
        Engagement.objects.create(
            slug=engagement.slug,
            widget=engagement.widget,
            anchor=engagement.anchor,
            title=words["title"],
            body=words.get("body", ""),
            button=words.get("button", ""),
        )
    forget_engagements()


def _words_for_us(texts: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """Return the words in the shop's language, in one like it, or in whatever language there is."""
    wanted = settings.LANGUAGE_CODE
    near = [language for language in texts if language.partition("-")[0] == wanted.partition("-")[0]]
    chosen = next((language for language in (wanted, *near, *texts) if language in texts), None)
    return {} if chosen is None else texts[chosen]
