"""How will it look? An engagement that may not be saved yet, rendered by the very template that shoppers get."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from oscar_engage.decisions.models import Decision
from oscar_engage.widgets.filling import fill_example
from oscar_engage.widgets.languages import language_name
from oscar_engage.widgets.life.parts import languages_of
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS
from oscar_engage.widgets.render import render_offer
from oscar_engage.widgets.wordings import own_language, wordings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One wording in one language, on a phone and on a large screen; ``label`` is empty where it is the only one."""

    label: str
    phone: SafeString
    desktop: SafeString


def read_previews(engagement: Engagement) -> Sequence[Preview]:
    """Return how each wording looks in each language that it has; nothing for a widget that is not known."""
    own, wordings = own_language(), wordings_of(engagement)
    more = languages_of(engagement)
    places = [(one, code) for one in wordings for code in sorted({*one.texts, *more}, key=lambda code: (code != own, code))]
    return [
        Preview(
            label="" if len(places) == 1 else _label(wording.name if len(wordings) > 1 else "", code),
            phone=phone,
            desktop=render_preview(engagement, language=code, variant=wording.name),
        )
        for wording, code in places
        if (phone := render_preview(engagement, language=code, variant=wording.name))
    ]


def render_preview(engagement: Engagement, *, language: str = "", variant: str = "") -> SafeString:
    """Return the widget's fragment for a decision that never was; empty for an unknown widget or an unmounted storefront.

    Every call makes its own ids, so two previews may stand on one page.
    """
    if engagement.widget not in WIDGETS:
        return SafeString("")
    try:
        filled = fill_example(engagement, language, variant)
        offer = render_offer(Decision(variant=variant), engagement, filled, language=language)
        return mark_safe(offer)  # noqa: S308 - the output of a template, escaped there
    except NoReverseMatch:
        return SafeString("")


def _label(name: str, code: str) -> str:
    if not name:
        return language_name(code)
    return _("wording %(name)s, %(language)s") % {"name": name, "language": language_name(code)}
