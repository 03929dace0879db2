"""Tags for the shop's templates: our snippet where the shop wants it, and names for page elements."""

from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html

from oscar_engage.signals.faults import note_fault
from oscar_engage.storefront.account_tab import build_account_tab
from oscar_engage.storefront.nonce import asks_for_nonce, read_nonce, write_nonce
from oscar_engage.storefront.payment_help import build_payment_help
from oscar_engage.storefront.personal_part import compile_segment
from oscar_engage.storefront.preview import is_preview
from oscar_engage.storefront.snippet import build_snippet_for
from oscar_engage.switch.state import is_on

register = template.Library()
register.tag("engage_segment", compile_segment)


@register.simple_tag(takes_context=True)
def engage_widgets(context: Context) -> str:
    """Write our snippet here; the middleware then adds none. Nothing when we are switched off, or staff look at a draft."""
    request = context.get("request")
    if request is None:
        return ""
    try:
        if not is_on() or is_preview(request):
            return ""
        return write_nonce(build_snippet_for(request), read_nonce(request) if asks_for_nonce() else "")
    except Exception:  # noqa: BLE001 - part of the shop's page, which must render without us
        note_fault("engage_widgets")
        return ""


@register.simple_tag(takes_context=True)
def engage_payment_help(context: Context) -> str:
    """Write the help block here when a payment or an order went wrong; on the payment pages it is then not added elsewhere."""
    request = context.get("request")
    try:
        told = {"error": context.get("error")}
        return build_payment_help(request, told) if request is not None and is_on() else ""
    except Exception:  # noqa: BLE001 - part of the shop's page, which must render without us
        note_fault("engage_payment_help")
        return ""


@register.simple_tag
def engage_anchor(thing: Any, slot: str) -> str:
    """Write the attributes that name this element: ``<table {% engage_anchor product "size-table" %}>``.

    Rules point to the slot; ``thing`` (any model instance, or ``""``) groups reports and survives redesigns.
    """
    if not thing:
        return format_html('data-engage-id="{}"', slot)
    meta = getattr(thing, "_meta", None)
    name = f"{meta.model_name}:{thing.pk}" if meta else str(thing)
    return format_html('data-engage-id="{}" data-engage-object="{}"', slot, name)


@register.simple_tag(takes_context=True)
def engage_account_tab(context: Context) -> str:
    """Write the entry "My questions" for the menu of the customer's account, with how many have news; one query."""
    request = context.get("request")
    try:
        told = {"active_tab": context.get("active_tab")}
        return build_account_tab(request, told) if request is not None and is_on() else ""
    except Exception:  # noqa: BLE001 - part of the shop's page, which must render without us
        note_fault("engage_account_tab")
        return ""
