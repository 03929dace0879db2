"""Where is my basket? The one that went to the bank and did not come back, and the button that fills it again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from oscar_engage.shop.frozen import FrozenBasket, PutBack, find_frozen, put_back
from oscar_engage.storefront.answers import private, render_panel
from oscar_engage.storefront.identity import recognise
from oscar_engage.visitors.left_behind import claim_restoring, get_restorable


@private
@require_safe
def kept_basket(request: HttpRequest) -> HttpResponse:
    """Show what is in the basket that was left at the bank."""
    title = pgettext("panel", "Your basket")
    return render_panel(request, "kept_basket", {"title": title, "kept": _find(request)})


@private
@require_POST
def restore_basket(request: HttpRequest) -> HttpResponse:
    """Put it back, once, and go to the basket."""
    kept, visitor = _find(request), recognise(request)
    if kept is None or visitor is None or not claim_restoring(visitor.pk, kept.basket_id):
        messages.info(request, _("There is no basket to put back: it was ordered, or you have it already."))
    else:
        tell(request, put_back(request, kept.basket_id))
    return redirect("basket:summary")


def _find(request: HttpRequest) -> FrozenBasket | None:
    visitor = recognise(request)
    return find_frozen(get_restorable(visitor.pk)) if visitor else None


def tell(request: HttpRequest, done: PutBack) -> None:
    """Say to the shopper what came back into the basket, and what could not."""
    if done.pieces:
        words = ngettext("%(pieces)s piece is back in your basket.", "%(pieces)s pieces are back in your basket.", done.pieces)
        messages.success(request, words % {"pieces": done.pieces})
    for title in done.refused:
        messages.warning(request, _("“%(title)s” cannot be had in that quantity any more.") % {"title": title})
