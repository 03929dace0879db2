"""What is this widget called? The name a merchandiser knows, for templates; and how a sentence ends with a time."""

from django import template

from oscar_engage.core.sentences import before_full_stop
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS

register = template.Library()
register.filter(before_full_stop)


@register.filter
def widget_label(engagement: Engagement) -> str:
    """Return the label of the engagement's widget, or the stored name of one that is not registered any more."""
    name = engagement.widget
    return str(WIDGETS.get(name).label) if name in WIDGETS else name
