"""What do our templates ask about proposals? Whether the shopper can still answer one."""

from django import template
from django.utils import timezone

from oscar_engage.desk.acts.models import Proposal
from oscar_engage.desk.acts.queries import is_waiting

register = template.Library()


@register.filter
def waits(proposal: Proposal) -> bool:
    """Whether its buttons still do something."""
    return is_waiting(proposal, now=timezone.now())
