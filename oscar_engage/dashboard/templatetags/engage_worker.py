"""What each page of the dashboard says when nobody does the work in the background."""

from django import template
from django.utils import timezone

from oscar_engage.dashboard.health.worker import is_worker_missing

register = template.Library()


@register.simple_tag
def engage_worker_is_missing() -> bool:
    """Return whether no worker was seen for too long."""
    return is_worker_missing(now=timezone.now())
