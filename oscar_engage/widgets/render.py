"""How does an offer become HTML? Through its widget's template, everything in it escaped."""

from django.template.loader import render_to_string

from oscar_engage.decisions.models import Decision
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS


def render_offer(decision: Decision, engagement: Engagement) -> str:
    """Return the fragment of ``engagement`` for ``decision``; a widget nobody registered raises ``UnknownEntryError``."""
    widget = WIDGETS.get(engagement.widget)
    return render_to_string(widget.template, widget.get_context(decision, engagement))
