"""The one middleware of the package."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse

from oscar_engage.storefront.capture import capture, prepare_nonce, prepare_page
from oscar_engage.storefront.fastpath import serve_fast
from oscar_engage.storefront.switch import expect_requests, follow_after, is_switched_on


class EngageMiddleware:
    """First in ``MIDDLEWARE``: serves our own fast requests, senses the others, adds our snippet to the shop's pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        expect_requests()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer our own requests; pass all others on unchanged and note what happens."""
        if is_switched_on():
            return serve_fast(request) or capture(request, self.get_response)
        response = self.get_response(request)
        follow_after(response)  # or nobody would notice that it is on again
        return response

    def process_view(self, request: HttpRequest, *view: object) -> None:
        """Have a nonce made for our scripts, whatever stands between us and the view."""
        prepare_nonce(request)

    def process_template_response(self, request: HttpRequest, response: SimpleTemplateResponse) -> SimpleTemplateResponse:
        """Have the snippet added once the page is rendered, whatever stands between us and the view."""
        prepare_page(request, response)
        return response
