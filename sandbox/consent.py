"""The shop's own consent banner: one cookie, three answers, and how the engine reads them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from oscar_engage.visitors.consent import ConsentLevel

COOKIE = "shop_consent"
#: Half a year, then the shop asks again.
COOKIE_SECONDS = 180 * 24 * 3600
LEVELS = {
    "all": ConsentLevel.PERSONALISATION,
    "statistics": ConsentLevel.STATISTICS,
    "needed": ConsentLevel.FUNCTIONAL,
}


def chosen_answer(request: HttpRequest) -> str | None:
    """The visitor's answer (a key of ``LEVELS``), or ``None`` while the banner is unanswered."""
    answer = request.COOKIES.get(COOKIE)
    return answer if answer in LEVELS else None


def consent_level(request: HttpRequest) -> ConsentLevel:
    """What this visitor agreed to; nothing until they answered. Named by ``OSCAR_ENGAGE["CONSENT"]``."""
    answer = chosen_answer(request)
    return LEVELS[answer] if answer else ConsentLevel.NONE


def consent_banner(request: HttpRequest) -> dict[str, Any]:
    """Template context: whether the banner has to ask."""
    return {"consent_answer": chosen_answer(request), "consent_asks": chosen_answer(request) is None}


class ConsentView(View):
    """Show the cookie choices (GET) and keep an answer (POST), with no script needed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page behind "Cookie choices" in the footer."""
        return TemplateResponse(request, "sandbox/consent.html", {"consent_asks": False})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the answer and go back to the page it was given on; an unknown answer asks again."""
        answer = request.POST.get("answer", "")
        if answer not in LEVELS:
            return redirect("consent")
        response = redirect(_safe_next(request))
        response.set_cookie(
            COOKIE,
            answer,
            max_age=COOKIE_SECONDS,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
        patch_vary_headers(response, ["Cookie"])
        return response


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return target if is_ours else reverse("home")
