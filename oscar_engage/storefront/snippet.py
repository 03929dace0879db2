"""What do we add to a page of the shop? The same few tags for every visitor, and where they go."""

from django.http import HttpRequest
from django.template.response import SimpleTemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from oscar_engage.storefront.pages import get_page_facts, is_payment_page
from oscar_engage.visitors.page import PageFacts, sign_page

_END_OF_BODY = b"</body>"
_MARK = b'id="engage-help"'  # in every snippet: a page that has it was served by {% engage_widgets %}
_STYLE = '<link rel="stylesheet" href="{style}">'
_SCRIPT = (
    '<script defer src="{script}" data-engage-beat="{beat}" data-engage-page="{page}" data-engage-htmx="{htmx}"'
    ' data-engage-chat="{chat}" data-engage-note="{note}"></script><div id="engage-root" data-engage-root></div>'
)
_HELP = '<a id="engage-help" class="engage-help" href="{url}">{label}</a>'


def build_snippet(facts: PageFacts, *, payment: bool) -> str:
    """Return our tags as HTML: nothing personal and no time in it, so equal pages stay equal for all visitors.

    On a ``payment`` page only the stylesheet and the plain help link: no script of ours runs there (PCI DSS 6.4.3).
    """
    style = format_html(_STYLE, style=static("oscar_engage/dist/engage.css"))
    help_link = format_html(_HELP, url=reverse("engage:help"), label=_("Help"))
    return style + ("" if payment else _build_script(facts)) + help_link


def _build_script(facts: PageFacts) -> str:
    return format_html(
        _SCRIPT,
        script=static("oscar_engage/dist/engage.js"),
        beat=reverse("engage:beat"),
        page=sign_page(facts),
        htmx=static("django_htmx/htmx-2.min.js"),
        chat=static("oscar_engage/dist/chat.js"),
        note=static("oscar_engage/dist/note.js"),
    )


def build_snippet_for(request: HttpRequest) -> str:
    """Return the tags for the page that ``request`` resolved to."""
    match = request.resolver_match
    return build_snippet(get_page_facts(match), payment=is_payment_page(match))


def can_carry_snippet(request: HttpRequest, response: SimpleTemplateResponse) -> bool:
    """Whether ``response`` is a whole, plain HTML page; everything odd passes untouched."""
    return (
        request.method != "HEAD"
        and not response.streaming
        and "HX-Request" not in request.headers
        and not response.has_header("Content-Encoding")
        and response.get("Content-Type", "").lower().startswith("text/html")
    )


def insert_snippet(request: HttpRequest, response: SimpleTemplateResponse) -> None:
    """Put our tags before the last ``</body>`` of a rendered page, unless it has them already."""
    content = response.content
    end = content.rfind(_END_OF_BODY)
    if end < 0 or _MARK in content:
        return
    snippet = build_snippet_for(request).encode(response.charset)
    response.content = content[:end] + snippet + content[end:]
