"""``{% engage_call conversation as call %}``: what the page of a call shows of it to whoever looks."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils import timezone

from oscar_engage.dashboard.calls.shown import CallShown, show_call
from oscar_engage.desk.models import Conversation

register = template.Library()


@register.simple_tag(takes_context=True)
def engage_call(context: Mapping[str, Any], conversation: Conversation) -> CallShown | None:
    """Return the call of ``conversation`` as the request's user may see it."""
    return show_call(conversation, context["request"].user, now=timezone.now())
