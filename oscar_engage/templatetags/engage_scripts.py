"""Tags for our own pages: scripts that carry the nonce of the shop's content security policy, if it has one."""

from django import template
from django.template import Context
from django.utils.html import format_html
from django_htmx.jinja import htmx_script

from oscar_engage.storefront.nonce import read_nonce

register = template.Library()


def nonce_of(context: Context) -> str:
    """Return the nonce of the page that is being rendered, ``""`` without a request or a nonce."""
    request = context.get("request")
    return "" if request is None else read_nonce(request)


@register.simple_tag(takes_context=True)
def engage_nonce(context: Context) -> str:
    """Write the attribute that a strict policy asks of a script: ``<script{% engage_nonce %} src="…" defer></script>``."""
    nonce = nonce_of(context)
    return format_html(' nonce="{}"', nonce) if nonce else ""


@register.simple_tag(takes_context=True)
def engage_htmx(context: Context) -> str:
    """Write the script of htmx, with the nonce of Django 6's policy and of django-csp's."""
    return htmx_script(nonce=nonce_of(context) or None)
