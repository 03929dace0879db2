"""What does a request itself tell of the browser? Its device, the site and the campaign it came from, its country."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.module_loading import import_string

from oscar_engage.conf import get_settings
from oscar_engage.desk.mask.text import mask_secrets
from oscar_engage.rules.answers import Ask, no_text
from oscar_engage.signals.shipped_visits import VisitBegan

_TABLETS = ("ipad", "tablet", "playbook", "kindle", "silk/")
_LONGEST = 64
_MOST_PARAMETERS = 50
_COUNTRY = 2  # letters of a country's code


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Whom to ask where a visit came from, if one begins with this request, and whom for the country."""

    began: Ask[VisitBegan] | None = None
    country: Ask[str] = no_text


UNKNOWN_CLIENT = Client()


def tell_device(headers: Mapping[str, str]) -> str:
    """Return ``phone``, ``tablet`` or ``desktop``, or an empty text where the browser keeps it to itself.

    A tablet that calls itself a desktop computer, as iPads do by default, is believed.
    """
    agent = headers.get("User-Agent", "").lower()
    if any(word in agent for word in _TABLETS) or ("android" in agent and "mobile" not in agent):
        return "tablet"
    if "mobi" in agent or "iphone" in agent or headers.get("Sec-CH-UA-Mobile") == "?1":
        return "phone"
    return "desktop" if agent else ""


def read_page_request(request: HttpRequest) -> Client:
    """Return what a request for a page of the shop tells."""
    return _build(request, partial(_begin_by_page, request))


def read_beat_request(request: HttpRequest, came_from: str) -> Client:
    """Return what a beat tells: ``came_from`` is the host that its page was reached from, in the browser's own words.

    The page's query, with the names of a campaign, stands in the header by which each browser says which page is asking.
    """
    return _build(request, partial(_begin_by_beat, request, came_from))


def _build(request: HttpRequest, began: Ask[VisitBegan]) -> Client:
    """Return a client that is asked little: most requests begin no visit, and few rules ask for the country."""
    return Client(began=began, country=partial(ask_country, request) if get_settings().country else no_text)


def _begin_by_page(request: HttpRequest) -> VisitBegan:
    host = _split(request.headers.get("Referer", "")).netloc
    return _begin(request, host=host, query=request.META.get("QUERY_STRING", ""))


def _begin_by_beat(request: HttpRequest, came_from: str) -> VisitBegan:
    return _begin(request, host=came_from, query=_split(request.headers.get("Referer", "")).query)


def _split(address: str) -> SplitResult:
    """Return the parts of an address; all empty for what is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _begin(request: HttpRequest, *, host: str, query: str) -> VisitBegan:
    campaign = _read_campaign(query)
    return VisitBegan(
        host="" if host == request.META.get("HTTP_HOST") else _clean_host(host),
        source=campaign.get("utm_source", ""),
        medium=campaign.get("utm_medium", ""),
        campaign=campaign.get("utm_campaign", ""),
        device=tell_device(request.headers),
    )


def _clean_host(host: str) -> str:
    """Return the bare name in lower case: without a port, and without what somebody logged in with."""
    name, _port = split_domain_port(host.rpartition("@")[2])
    return _clean(name.removeprefix("www."))


def _read_campaign(query: str) -> dict[str, str]:
    """Return what the link said of its campaign; most have none and cost nothing."""
    if "utm_" not in query:
        return {}
    try:
        given = parse_qs(query, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return {}
    return {name: _clean(values[0]) for name, values in given.items() if name.startswith("utm_")}


def _clean(text: str) -> str:
    """Return ``text`` fit to be kept: printable, short, without secrets; an address of somebody's mail is not kept at all."""
    printable = "".join(char for char in text if char.isprintable()).strip()
    return "" if "@" in printable else mask_secrets(printable)[:_LONGEST]


def ask_country(request: HttpRequest) -> str:
    """Return the country's two letters by the shop's own ``COUNTRY``; empty where it does not know."""
    answer = import_string(get_settings().country)(request)
    code = str(answer or "").strip().upper()
    return code if len(code) == _COUNTRY and code.isascii() and code.isalpha() else ""
