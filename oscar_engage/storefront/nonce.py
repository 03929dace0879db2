"""What lets our scripts run under a strict content security policy? The nonce of the page, and the policy has the last word.

Django 6's ``ContentSecurityPolicyMiddleware`` and django-csp make a nonce when somebody first reads it, and only then name it
in the policy. So it is read for each page that can carry our tags, and written into them as they are inserted. Out of a cache a
page comes with the nonce of another day: once the policy is there, the tags are settled with the one that it names.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.signals import setting_changed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

ENFORCED, REPORTED = "Content-Security-Policy", "Content-Security-Policy-Report-Only"
_SETTINGS = ("SECURE_CSP", "SECURE_CSP_REPORT_ONLY", "CONTENT_SECURITY_POLICY", "CONTENT_SECURITY_POLICY_REPORT_ONLY")
"""Where Django 6 and django-csp keep policies; in both the place of a nonce says ``NONCE`` of itself."""

_DECIDES = ("script-src-elem", "script-src", "default-src")
"""The directives that decide about a script; the first that is there counts."""

_NONCE = re.compile(r"'nonce-([A-Za-z0-9+/_=-]+)'")
_BEFORE = re.compile(rb'<script(?: nonce="[^"<>]*")?$')
_LONGEST = 300  # bytes of "<script nonce=…" at most
_BEGINNING = "<script "


@dataclass(frozen=True, slots=True)
class Policy:
    """What policies say of scripts: the nonce that they ask for, and whether ours are shut out whatever they have."""

    nonce: str = ""
    is_closed: bool = False


def read_nonce(request: HttpRequest) -> str:
    """Return the nonce of the page that answers ``request``, made now if nobody asked before; ``""`` where there is none."""
    made = getattr(request, "csp_nonce", None)  # django-csp
    if made is None:
        made = getattr(request, "_csp_nonce", None)  # Django 6
    try:
        return "" if made is None else str(made)
    except Exception:  # noqa: BLE001 - django-csp's CSPNonceError: the policy is written, and names none
        return ""


@lru_cache(maxsize=1)
def asks_for_nonce() -> bool:
    """Whether a policy in the settings has a place for a nonce: elsewhere our tags stay the same for everybody."""
    return any("NONCE" in repr(getattr(settings, name, None)) for name in _SETTINGS)


def has_policy(response: HttpResponseBase) -> bool:
    """Whether ``response`` names a policy at all: most shops' pages do not, and are asked no further."""
    return response.has_header(ENFORCED) or response.has_header(REPORTED)


def read_policy(response: HttpResponseBase) -> Policy:
    """Return what the headers of ``response`` say of scripts; what is only reported closes nothing."""
    nonce, is_closed = "", False
    for header in (ENFORCED, REPORTED):
        for policy in response.get(header, "").split(","):
            sources = _sources(policy)
            named = _NONCE.search(sources)
            nonce = nonce or (named[1] if named else "")
            is_closed |= header == ENFORCED and named is None and ("'strict-dynamic'" in sources or sources == "'none'")
    return Policy(nonce, is_closed)


def write_nonce(tags: SafeString, nonce: str) -> SafeString:
    """Return ``tags``, which are ours alone, with ``nonce`` in each script."""
    if not nonce:
        return tags
    return mark_safe(tags.replace(_BEGINNING, f'{_BEGINNING}nonce="{escape(nonce)}" '))  # noqa: S308 - tags of ours, built by format_html


def settle(content: bytes, tags: list[bytes], policy: Policy) -> bytes:
    """Return ``content`` with the nonce of ``policy`` in our ``tags`` in it; without them where they are shut out.

    A tag has to stand there to the last byte as we write it, so that nobody who gets a tag into the page has it blessed by us.
    """
    for tag in tags:
        rest = tag.removeprefix(b"<script")
        at = content.rfind(rest)
        if at < 0 or not (before := _BEFORE.search(content, max(0, at - _LONGEST), at)):
            continue
        fresh = b"" if policy.is_closed else b'<script nonce="' + policy.nonce.encode() + b'"' + rest
        content = content[: before.start()] + fresh + content[at + len(rest) :]
    return content


def _sources(policy: str) -> str:
    """Return the sources of scripts in one policy, in lower case but for nonces; ``""`` where it says nothing of them."""
    found: dict[str, str] = {}
    for directive in policy.split(";"):
        name, _, sources = directive.strip().partition(" ")
        found.setdefault(name.lower(), sources.strip())
    return next((found[name] for name in _DECIDES if name in found), "")


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting in _SETTINGS:
        asks_for_nonce.cache_clear()


setting_changed.connect(_forget, dispatch_uid="engage-nonce")
