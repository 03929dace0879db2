"""What can be made of an agent's reply, or of a question? Links that other apps have joined, for who may follow them."""

from django import template
from django.template import Context

from oscar_engage.dashboard.joined import QUESTION_LINKS, REPLY_LINKS, QuestionLink, ReplyLink

register = template.Library()


@register.simple_tag(takes_context=True)
def reply_links(context: Context) -> list[ReplyLink]:
    """Return the links for the user of the request; none where a part is rendered without a request."""
    request = context.get("request")
    return [link for link in REPLY_LINKS if request is not None and request.user.has_perm(link.permission)]


@register.simple_tag(takes_context=True)
def question_links(context: Context) -> list[QuestionLink]:
    """Return the links at a question for the user of the request."""
    user = context["request"].user
    return [link for link in QUESTION_LINKS if user.has_perm(link.permission)]
