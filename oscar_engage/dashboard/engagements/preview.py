"""How will it look? An engagement that may not be saved yet, rendered by the very template that shoppers get."""

from django.urls import NoReverseMatch
from django.utils.safestring import SafeString, mark_safe

from oscar_engage.decisions.models import Decision
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS
from oscar_engage.widgets.render import render_offer


def render_preview(engagement: Engagement) -> SafeString:
    """Return the widget's fragment for a decision that never was; empty for an unknown widget or an unmounted storefront.

    Every call makes its own ids, so two previews may stand on one page.
    """
    if engagement.widget not in WIDGETS:
        return SafeString("")
    try:
        return mark_safe(render_offer(Decision(), engagement))  # noqa: S308 - the output of a template, escaped there
    except NoReverseMatch:
        return SafeString("")
