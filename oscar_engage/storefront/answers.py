"""How do our pages answer? As a whole page of the shop, or as the panel in it; private and never stored in either form."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from oscar_engage.storefront.identity import hand_over
from oscar_engage.storefront.snippet import insert_snippet
from oscar_engage.storefront.uploads import allowed
from oscar_engage.switch.state import is_on

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

_PAGE = "oscar_engage/storefront/page.html"
_ACCOUNT = "oscar_engage/storefront/account.html"
_FRAGMENT = "oscar_engage/storefront/fragment.html"


def private(view: "View[P]") -> "View[P]":
    """Protect ``view`` against forged posts and keep its answers out of every cache, its address in the shop."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response: HttpResponse = csrf_protect(view)(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response.setdefault("Referrer-Policy", "same-origin")
        hand_over(request, response)
        return response

    return cast("View[P]", answer)


def is_fragment(request: HttpRequest) -> bool:
    """Whether only the panel is asked for: by our script, by htmx, or by ``?fragment=1``."""
    asked = request.headers.get("HX-Request") == "true" or "X-Engage-Fragment" in request.headers
    return asked or request.GET.get("fragment") == "1"


def render_panel(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    page_status: int = 200,
    is_account: bool = False,
    folder: str = "oscar_engage/storefront",
) -> HttpResponse:
    """Answer with ``<folder>/<template>.html``.

    ``page_status`` tells of a refusal; to htmx alone it is 200, because htmx shows nothing else.
    ``is_account``: as a whole page it stands in the customer's account, beside its menu.
    """
    fragment = is_fragment(request)
    is_htmx_alone = fragment and "X-Engage-Fragment" not in request.headers
    response = render(
        request,
        f"{folder}/{template}.html",
        {**context, "layout": _FRAGMENT if fragment else _ACCOUNT if is_account else _PAGE, "is_fragment": fragment},
        status=200 if is_htmx_alone else page_status,
    )
    if not fragment and is_on():
        insert_snippet(request, response)  # a chat on a page of its own goes on by itself, too
    return vary(response)


def vary(response: HttpResponse) -> HttpResponse:
    """Tell caches what ``response`` hangs on: whose it is, and whether a page or a part of one was asked for."""
    patch_vary_headers(response, ("HX-Request", "X-Engage-Fragment", "Cookie"))
    return response


def render_refused_upload(request: HttpRequest, *, is_flood: bool) -> HttpResponse:
    """Answer that what was sent was not read: it is too long, or one too many."""
    title = _("Too many files") if is_flood else _("Too large")
    context = {"title": title, "is_flood": is_flood, "allowed": allowed()}
    response = render_panel(request, "refused_upload", context, page_status=429 if is_flood else 413)
    response["Cache-Control"] = "private, no-store"
    return response


def render_gone(request: HttpRequest, *, status: int = 404) -> HttpResponse:
    """Answer that there is no such conversation: the same bytes whether it never was, or is another shopper's."""
    return render(request, "oscar_engage/storefront/gone.html", status=status)
