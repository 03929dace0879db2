"""What do we add to a page of the shop? The same few tags for every visitor, and where they go."""

import json
import re
import time
from dataclasses import replace
from functools import lru_cache

from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.modules import file_name, is_there
from oscar_engage.signals.buffer import get_buffer
from oscar_engage.storefront.joined import has_help
from oscar_engage.storefront.more import list_more
from oscar_engage.storefront.nonce import asks_for_nonce, has_policy, read_nonce, read_policy, settle, write_nonce
from oscar_engage.storefront.pages import get_page_facts, is_payment_page
from oscar_engage.storefront.payment_help import build_chat_link, insert_payment_help
from oscar_engage.storefront.picking import build_picker
from oscar_engage.visitors.page import PageFacts, sign_page

_END_OF_BODY = b"</body>"
_TAG = re.compile(rb"<script [^>]*></script>")
_MARKS = (b'id="engage-help"', b'id="engage-root"')  # one of them in every snippet: {% engage_widgets %} was here before
SCRIPTS = {
    "script": "oscar_engage/dist/engage.js",
    "htmx": "django_htmx/htmx-2.min.js",
    "dialog": "oscar_engage/dist/dialog.js",
}
LOADED = {
    "chat": "oscar_engage/dist/chat.js",
    "note": "oscar_engage/dist/note.js",
    "offer": "oscar_engage/dist/offer.js",
}
"""The code that every page names: the first is loaded on each, the others when needed; a chat names ``push.js``.

Of a module that is off (``LOADED`` are those of one) nothing is named.

What only pages with something of a kind need is in ``storefront.more``.
"""

_STYLE = '<link rel="stylesheet" href="{style}">'
_SCRIPT = (
    '<script defer src="{script}" data-engage-beat="{beat}" data-engage-page="{page}" data-engage-htmx="{htmx}"'
    ' data-engage-dialog="{dialog}"{loaded} data-engage-kind="{kind}"'
    ' data-engage-close="{close}"{more}{sensors}></script>'
    '<div id="engage-root" data-engage-root></div>'
)
_HELP = '<nav class="{place}" aria-label="{label}"><a id="engage-help" class="engage-help" href="{url}">{label}</a></nav>'
_KEPT_FOR = 300  # seconds; a shop's storage may give addresses of static files that expire
_FLOATING, _AT_THE_END = "engage-help-place", "engage-help-place engage-help-still"


def build_snippet(facts: PageFacts, *, payment: bool) -> str:
    """Return our tags as HTML: nothing personal and no time in it, so equal pages stay equal for all visitors.

    On a ``payment`` page only the stylesheet and the plain help link: no script of ours runs there (PCI DSS 6.4.3), so none
    can keep the link off the shop's own fields either; it stands at the end of the page instead of over it. Our own pages are
    the help: no link to it stands beside them. Built once for each page, language and mounting, and kept for some minutes:
    it is the largest part of what a page of the shop costs.
    """
    period = int(time.monotonic() // _KEPT_FOR)
    return _build(facts, payment, (get_language(), get_script_prefix(), get_urlconf(), period))


@lru_cache(maxsize=2048)
def _build(facts: PageFacts, payment: bool, fitting: tuple[object, ...]) -> str:
    """Build the tags; ``fitting`` (language, mounting, time) says for what they are built."""
    style = format_html(_STYLE, style=static("oscar_engage/dist/engage.css"))
    script = "" if payment else _build_script(facts)
    link = "" if facts.kind == "help" or not has_help() else _build_help_link(_AT_THE_END if payment else _FLOATING)
    return format_html("{}{}{}", style, script, link)


def build_still_snippet() -> str:
    """Return our stylesheet and the help link as they stand on a page, without the script that senses and reports."""
    link = _build_help_link(_FLOATING) if has_help() else ""
    return format_html(_STYLE, style=static("oscar_engage/dist/engage.css")) + link


def _build_help_link(place: str) -> str:
    return format_html(_HELP, place=place, url=reverse("engage:help"), label=_("Help"))


def _build_script(facts: PageFacts) -> str:
    return format_html(
        _SCRIPT,
        **{name: static(path) for name, path in SCRIPTS.items()},
        loaded=_build_loaded(),
        beat=reverse("engage:beat"),
        page=sign_page(replace(facts, language=get_language() or "")),
        kind=facts.kind,
        close=_("Close"),
        more=_build_more(),
        sensors=_build_sensors(),
    )


def _build_loaded() -> str:
    """Return the scripts of the modules that are on as attributes."""
    named = ((name, static(path)) for name, path in LOADED.items() if is_there("scripts", file_name(path)))
    return format_html_join("", ' data-engage-{}="{}"', named)


def _build_more() -> str:
    """Return what only some pages need as an attribute: selectors and addresses, the same for every page."""
    pairs = [[selector, static(path)] for selector, path in list_more()]
    return format_html(' data-engage-more="{}"', json.dumps(pairs, separators=(",", ":"))) if pairs else ""


def _build_sensors() -> str:
    """Return what the shop changed of the sensors as an attribute: nothing for most, and the same for everybody."""
    changed = get_settings().sensors
    if not changed:
        return ""
    text = json.dumps({sensor: given and dict(given) for sensor, given in changed}, separators=(",", ":"))
    return format_html(' data-engage-sensors="{}"', text)


def build_snippet_for(request: HttpRequest) -> SafeString:
    """Return the tags for the page that ``request`` resolved to; only where one pays they know of an open chat."""
    match = request.resolver_match
    is_payment = is_payment_page(match)
    facts = get_page_facts(match)
    snippet = build_snippet(facts, payment=is_payment)
    return format_html("{}{}", snippet, build_chat_link(request) if is_payment else build_picker(request, facts.kind))


def can_carry_snippet(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether ``response`` is a whole, plain HTML page; everything odd passes untouched."""
    return (
        request.method != "HEAD"
        and not response.streaming
        and "HX-Request" not in request.headers
        and not response.has_header("Content-Encoding")
        and response.get("Content-Type", "").lower().startswith("text/html")
    )


def insert_snippet(request: HttpRequest, response: HttpResponse) -> None:
    """Put our tags before the last ``</body>`` of a rendered page, unless it has them already."""
    content = response.content
    end = content.rfind(_END_OF_BODY)
    if end < 0 or any(mark in content for mark in _MARKS):
        return
    nonce = read_nonce(request) if asks_for_nonce() else ""
    snippet = write_nonce(build_snippet_for(request), nonce).encode(response.charset)
    content = content[:end] + snippet + content[end:]
    buffer = get_buffer(request)
    if buffer is not None and is_payment_page(request.resolver_match):
        content = insert_payment_help(request, content, buffer.context or {}, charset=response.charset)
    response.content = content


def settle_scripts(request: HttpRequest, response: HttpResponse, *, drafts: str = "") -> None:
    """Have our scripts in a finished page carry the nonce that its policy names; without such a policy nothing is read.

    ``drafts`` are further tags of ours that the page may hold.
    """
    if not has_policy(response):
        return
    policy = read_policy(response)
    if not (policy.nonce or policy.is_closed) or not can_carry_snippet(request, response):
        return
    match = request.resolver_match
    facts = get_page_facts(match)
    own = "" if is_payment_page(match) else build_snippet(facts, payment=False) + build_picker(request, facts.kind)
    before = response.content
    content = settle(before, _TAG.findall((own + drafts).encode(response.charset)), policy)
    if content == before:
        return
    response.content = content
    if response.has_header("Content-Length"):
        response["Content-Length"] = str(len(content))
    if response.has_header("ETag"):
        del response["ETag"]  # it stands for a page with another nonce, which must not be shown under this policy


def _forget(**kwargs: object) -> None:
    _build.cache_clear()


setting_changed.connect(_forget, dispatch_uid="engage-snippet")
