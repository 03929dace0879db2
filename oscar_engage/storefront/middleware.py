"""The one middleware of the package."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class EngageMiddleware:
    """First in ``MIDDLEWARE``: serves our own fast requests, senses the others, adds our snippet to the shop's pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)
