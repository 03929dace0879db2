"""Does a program send this request, or a browser that only fetches ahead? By what they say of themselves."""

from django.http import HttpRequest

from oscar_engage.conf import get_settings

_ROBOTS = (
    *("bot", "crawl", "spider", "slurp", "preview", "externalhit", "embedly", "whatsapp"),  # search engines, previews of links
    *("monitor", "pingdom", "uptime", "statuscake", "lighthouse", "pagespeed"),  # those who look whether a shop is up, and fast
    *("curl", "wget", "python", "java/", "okhttp", "go-http", "libwww", "httpclient", "axios", "node-fetch", "scrapy"),
)  # parts of User-Agent, in small letters
_DRIVEN = ("headless", "phantomjs", "selenium", "puppeteer", "playwright")
_NO_ROBOTS = ("cubot",)  # a maker of telephones


def is_robot(request: HttpRequest) -> bool:
    """Whether a crawler, a probe, a preview or a program sent this, or a browser fetched it before anybody wanted it.

    A browser that a program drives counts as one unless ``DRIVEN_BROWSERS`` is on. Who pretends to be a shopper's browser is
    not recognised here: a browser that says it is driven only in its beat (``navigator.webdriver``), or that does more than a
    person can; see ``visitors.quarantine``.
    """
    agent = request.headers.get("User-Agent", "").lower()
    for name in _NO_ROBOTS:
        agent = agent.replace(name, "")
    is_driven = not get_settings().driven_browsers and any(part in agent for part in _DRIVEN)
    return is_driven or any(part in agent for part in _ROBOTS) or _is_fetched_ahead(request)


def _is_fetched_ahead(request: HttpRequest) -> bool:
    """Whether the browser guesses where its user will go (``Sec-Purpose: prefetch;prerender``; before 2022, ``Purpose``)."""
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or request.headers.get("X-Moz", "")
    return "prefetch" in purpose or "prerender" in purpose
