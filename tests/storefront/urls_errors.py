"""Addresses that end in each error page of Django: found by a view or before one, refused, and broken."""

from typing import NoReturn

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from tests.urls import urlpatterns as shop


def missing(request: HttpRequest) -> NoReturn:
    """Find nothing."""
    raise Http404("nothing")


def refused(request: HttpRequest) -> NoReturn:
    """Let nobody in."""
    raise PermissionDenied


def broken(request: HttpRequest) -> NoReturn:
    """Fail as a shop's own view can."""
    raise RuntimeError("the shop's own fault")


@require_POST
def posted(request: HttpRequest) -> HttpResponse:
    """Take a form; without its token Django refuses it before."""
    return HttpResponse("taken")


urlpatterns = [
    path("missing/", missing),
    path("refused/", refused),
    path("broken/", broken),
    path("posted/", posted),
    *shop,
]
