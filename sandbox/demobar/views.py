"""The demo bar's fragment and its "fresh visitor" button."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from oscar.defaults import OSCAR_BASKET_COOKIE_OPEN as BASKET_COOKIE
from oscar.defaults import OSCAR_RECENTLY_VIEWED_COOKIE_NAME as HISTORY_COOKIE

from oscar_engage.visitors.token import COOKIE_NAME
from sandbox.demobar.facts import describe_visitor


@method_decorator(never_cache, name="dispatch")
class DemoBarView(View):
    """The bar's contents as a fragment, fetched every three seconds."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render what is known now."""
        return render(request, "sandbox/demobar_facts.html", describe_visitor(request, timezone.now()))


class FreshVisitorView(View):
    """Forget this browser: session, basket and visitor cookies. The consent answer stays."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start over on the front page as someone the shop has never seen."""
        request.session.flush()
        response = redirect("home")
        for cookie in (
            COOKIE_NAME,
            settings.SESSION_COOKIE_NAME,
            BASKET_COOKIE,
            HISTORY_COOKIE,
        ):
            response.delete_cookie(cookie)
        return response
