"""The one middleware of the package."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse

from oscar_engage.storefront.capture import capture, is_enabled, prepare_page
from oscar_engage.storefront.fastpath import serve_fast


class EngageMiddleware:
    """First in ``MIDDLEWARE``: serves our own fast requests, senses the others, adds our snippet to the shop's pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer our own requests; pass all others on unchanged and note what happens."""
        if not is_enabled():
            return self.get_response(request)
        return serve_fast(request) or capture(request, self.get_response)

    def process_template_response(self, request: HttpRequest, response: SimpleTemplateResponse) -> SimpleTemplateResponse:
        """Have the snippet added once the page is rendered, whatever stands between us and the view."""
        prepare_page(request, response)
        return response
