"""How does an offer become HTML? Through its widget's template, everything in it escaped."""

from contextlib import nullcontext
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from oscar_engage.decisions.models import Decision
from oscar_engage.widgets.filling import Filled
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS


def render_offer(decision: Decision, engagement: Engagement, filled: Filled | None = None, *, language: str = "") -> str:
    """Return the fragment of ``engagement`` for ``decision``; a widget nobody registered raises ``UnknownEntryError``.

    ``filled`` is what it says and holds here and now; without it, its words as they were written. ``language`` is that of the
    page which it will stand in; empty: the one that is active.
    """
    widget = WIDGETS.get(engagement.widget)
    with translation.override(language) if language else nullcontext():
        context = widget.get_context(decision, engagement)
        if filled is not None and not widget.has_own_words:
            context.update(_filled_context(decision, filled))
        return render_to_string(widget.template, context)


def _filled_context(decision: Decision, filled: Filled) -> dict[str, Any]:
    """Return the words and the content for the template; a content may bring a button with its own aim."""
    content, words = filled.content, filled.words
    if content is None:
        return {"words": words}
    told: dict[str, Any] = {"words": words, "content_template": content.template, "content": filled.facts}
    if content.button and not words.button:
        told["words"] = replace(words, button=str(content.button))
    if content.opens:
        told["open_url"] = f"{reverse(content.opens)}?{urlencode({'decision': str(decision.pk)})}"
    return told
