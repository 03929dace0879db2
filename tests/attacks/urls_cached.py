"""The test shop with pages that any cache may keep."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.cache import cache_page

from tests.urls import urlpatterns as shop

PAGE = "<!doctype html><html><body>Boots</body></html>"


def template(request: HttpRequest) -> HttpResponse:
    """A page without a session, a form or a user in it."""
    return TemplateResponse(request, engines["django"].from_string(PAGE), {})


def plain(request: HttpRequest) -> HttpResponse:
    """The same, by a view that renders by itself."""
    return HttpResponse(PAGE)


urlpatterns = [
    path("plain/", template),
    path("plain-by-hand/", plain),
    path("cached/template/", cache_page(60)(template)),
    path("cached/plain/", cache_page(60)(plain)),
    *shop,
]
