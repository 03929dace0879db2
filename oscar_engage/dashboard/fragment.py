"""Does the browser want a page or a part of it?"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.context_processors import csrf
from django.template.loader import render_to_string
from django.urls import reverse


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a fragment; without it, the same address answers with a whole page."""
    return request.headers.get("HX-Request") == "true"


def render_part(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """Answer with a part of a page; its template knows ``context``, ``request`` and the token of its forms.

    The shop's context processors are for whole pages: Oscar's alone cost a part a query and a quarter of its CPU.
    """
    return HttpResponse(render_to_string(template, {"request": request, **csrf(request), **context}))


def refuse_strangers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Have ``view`` answer a fragment's request with 403 when nobody is logged in, and the browser open the page of the login.

    A redirect would be followed unseen, and the page of the login would stand where the poll's answer belongs.
    """

    @wraps(view)
    def refusing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_htmx(request) and not request.user.is_authenticated:
            return HttpResponse(status=403, headers={"HX-Redirect": reverse("dashboard:login")})
        return view(request, *args, **kwargs)

    return refusing
