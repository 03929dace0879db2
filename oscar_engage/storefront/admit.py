"""May this request report to us at all? By where it comes from, who drives it, and how much came from there already."""

import time
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.utils import timezone

from oscar_engage.conf import get_settings
from oscar_engage.storefront.network import network_of
from oscar_engage.storefront.rate import BEATS, BEATS_OF_NETWORK, BEATS_PER_MINUTE, VISITORS
from oscar_engage.storefront.robots import is_robot
from oscar_engage.switch.state import is_on
from oscar_engage.visitors.token import read_visitor_key


def reason_to_ignore(request: HttpRequest) -> str | None:
    """Return why a beat is not even read, ``None`` if it is; counts it for its visitor and its network. No query."""
    if not is_on():
        return "switched_off"
    if not _is_same_origin(request):
        return "foreign_origin"
    if is_robot(request):
        return "robot"
    now, key = time.monotonic(), read_visitor_key(request)
    if key is not None and not BEATS.allows(key, limit=BEATS_PER_MINUTE, now=now):
        return "flood"
    network = network_of(request, today=timezone.now().date())
    if network is not None and not BEATS_OF_NETWORK.allows(network, limit=get_settings().beats_per_network, now=now):
        return "flood_of_network"
    return None


def admits_newcomer(request: HttpRequest) -> bool:
    """Whether one more visitor may begin in this network now; counts it. Who refuses our cookie is a newcomer every time."""
    network = network_of(request, today=timezone.now().date())
    limit = get_settings().visitors_per_network
    return network is None or VISITORS.allows(network, limit=limit, now=time.monotonic())


def _is_same_origin(request: HttpRequest) -> bool:
    """Whether a page of this very shop sent the request: by the browser's own word, else by ``Origin``, else ``Referer``."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer")
    try:
        return sender is None or urlsplit(sender).netloc == request.get_host()
    except (ValueError, DisallowedHost):
        return False
