"""A strict content security policy for the sandbox (``ENGAGE_SANDBOX_CSP=1``), and what Oscar's own templates lack under it.

Oscar 4.2 writes inline scripts, handlers and styles into its pages. A shop with such a policy has templates of its own for
those; here one middleware does it. What is django-oscar-engage's gets nothing from it: that has to pass as it is.
"""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

OURS = re.compile(r'src="[^"]*(?:oscar_engage|django_htmx)/')
_SCRIPT = re.compile(r"<script(?P<rest>[^>]*)>")
_INLINE = re.compile(r"""(<[a-z][^<>]*?)\s(?:style|on[a-z]+)=(?:"[^"]*"|'[^']*')""")


def build_policy(self_source: object, nonce: object, strict: object) -> dict[str, Any]:
    """Return the directives, in the words of the library that is to send them."""
    return {
        "default-src": [self_source],
        "script-src": [nonce, strict],
        "style-src": [self_source],
        "img-src": [self_source, "data:"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": [self_source],
    }


class OscarUnderPolicy:
    """Gives Oscar's scripts the nonce and takes inline styles and handlers away; stands below the policy's middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Rewrite the shop's pages only."""
        response = self.get_response(request)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            nonce = str(request.csp_nonce)  # type: ignore[attr-defined]  # django-csp's
            response.content = adapt(response.content.decode(), nonce).encode()
            if response.has_header("Content-Length"):
                response["Content-Length"] = str(len(response.content))
        return response


def adapt(html: str, nonce: str) -> str:
    """Return ``html`` with ``nonce`` in all scripts that are not ours, and without inline styles and handlers."""
    html = _SCRIPT.sub(lambda tag: tag[0] if OURS.search(tag["rest"]) else f'<script nonce="{nonce}"{tag["rest"]}>', html)
    while (fewer := _INLINE.sub(r"\1", html)) != html:
        html = fewer
    return html
