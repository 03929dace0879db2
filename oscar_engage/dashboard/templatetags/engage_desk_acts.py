"""What does the conversation's page ask about acts? Read here, so that its view need not know of them."""

import uuid

from django import template
from django.template import Context
from django.utils import timezone

from oscar_engage.dashboard.acts.forms import ResetMailForm
from oscar_engage.dashboard.acts.reading import Acts, read_acts

register = template.Library()

PERMISSION = "oscar_engage.act_for_shopper"


@register.simple_tag(takes_context=True)
def acts_of_page(context: Context) -> Acts | None:
    """Return the acts of the page's conversation and agent; ``None`` for who may not act."""
    if not context["request"].user.has_perm(PERMISSION):
        return None
    return read_acts(context["conversation"], context["agent"], now=timezone.now())


@register.simple_tag
def new_client_id() -> str:
    """Return the id that makes a form's repeated submit harmless."""
    return str(uuid.uuid4())


@register.simple_tag(takes_context=True)
def reset_mail_form(context: Context) -> ResetMailForm:
    """Return the form of the mail, with the address that the shopper left."""
    return ResetMailForm(initial={"email": context["conversation"].email}, auto_id="engage-reset-%s")
