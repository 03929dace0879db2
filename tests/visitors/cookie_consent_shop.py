"""Run as a program: a shop with django-cookie-consent, its cookie as the library writes it, and what we read from it."""

import json
import os
import sys

import django
from django.http import HttpResponse
from django.test import RequestFactory

from tests.tables import make_tables

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.visitors.cookie_consent_settings"


def main() -> None:
    """Print as JSON the level after each answer to the banner."""
    django.setup()
    make_tables()
    from cookie_consent.models import Cookie, CookieGroup  # noqa: PLC0415 - once Django is set up
    from cookie_consent.processor import CookiesProcessor  # noqa: PLC0415 - the same

    from oscar_engage.visitors.consent import get_consent  # noqa: PLC0415 - the same

    groups = {name: CookieGroup.objects.create(varname=name, name=name) for name in ("chat", "analytics", "marketing")}
    for group in groups.values():
        Cookie.objects.create(cookiegroup=group, name=f"{group.varname}_id")

    def answer(accepted: list[str]) -> str:
        request, response = RequestFactory().get("/"), HttpResponse()
        for name, group in groups.items():
            CookiesProcessor(request, response).process([group], "accept" if name in accepted else "decline")
            request.COOKIES["cookie_consent"] = response.cookies["cookie_consent"].value
        return str(response.cookies["cookie_consent"].value)

    def level(cookie: str | None) -> str:
        request = RequestFactory().get("/")
        if cookie is not None:
            request.COOKIES["cookie_consent"] = cookie
        return get_consent(request).name

    everything = answer(list(groups))
    said = {
        "unanswered": level(None),
        "all declined": level(answer([])),
        "chat": level(answer(["chat"])),
        "chat and analytics": level(answer(["chat", "analytics"])),
        "chat and marketing": level(answer(["chat", "marketing"])),
        "all": level(everything),
        "nonsense": level("chat|analytics=|=x"),
    }
    Cookie.objects.create(cookiegroup=groups["analytics"], name="added_later")
    said["all, before a cookie was added to analytics"] = level(everything)
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
