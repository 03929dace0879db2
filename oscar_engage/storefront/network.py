"""From which network does this request come? A digest that nobody can turn back, for counting in memory; never stored."""

import hashlib
import hmac
import ipaddress
import secrets
from datetime import date

from django.http import HttpRequest

from oscar_engage.conf import get_settings

_SECRET = secrets.token_bytes(32)  # of this process alone, and gone with it
_NETWORK_BITS = {4: 24, 6: 64}  # what a provider gives to one customer, or less


def network_of(request: HttpRequest, *, today: date) -> bytes | None:
    """Return a digest of the shopper's /24 (IPv4) or /64 (IPv6), another one each day; ``None`` if the address tells none.

    A private address is the proxy's, not the shopper's: counting it would count everybody as one.
    """
    try:
        address = ipaddress.ip_address(_address_of(request))
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if not address.is_global:
        return None
    network = int(address) >> (address.max_prefixlen - _NETWORK_BITS[address.version])
    return hmac.digest(_SECRET, f"{today}/{address.version}/{network}".encode(), hashlib.sha256)


def _address_of(request: HttpRequest) -> str:
    """Return the address that the outermost of the shop's own proxies saw; what stands before it anybody may have written."""
    proxies = get_settings().proxies
    if not proxies:
        return str(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    return forwarded[-proxies].strip() if len(forwarded) >= proxies else ""
