"""How does a draft stand on a page of the shop? As shoppers would see it, for one member of staff, and recorded nowhere.

The page is the shop's own. It gets the widget and the script that places it, but not the one that senses and reports: no
signal, no decision and no exposure can come of it, and no button leads anywhere.
"""

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from oscar_engage.decisions.models import Decision
from oscar_engage.signals.faults import note_fault
from oscar_engage.storefront.pages import is_payment_page
from oscar_engage.storefront.preview_token import PARAMETER, Asked, read_token
from oscar_engage.storefront.snippet import build_still_snippet, can_carry_snippet
from oscar_engage.widgets.field_help import FieldHelp
from oscar_engage.widgets.filling import fill_example
from oscar_engage.widgets.life.document import as_of
from oscar_engage.widgets.models import Engagement, EngagementVersion
from oscar_engage.widgets.render import render_offer
from oscar_engage.widgets.words import Words

SCRIPT = "oscar_engage/dist/preview.js"
FIELD_SCRIPT = "oscar_engage/dist/field_help.js"
_ATTRIBUTE = "_engage_preview"
_END_OF_BODY = b"</body>"
_UNWANTED = ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
"""What would have the page come compressed, or not at all."""

_DRAFT = (
    '<template id="engage-preview" data-engage-missing="{missing}" data-engage-full="{full}"{told}>{offer}</template>'
    '<div id="engage-root" data-engage-root></div>{script}'
)


def begin_preview(request: HttpRequest) -> bool:
    """Whether this request asks for a draft in its page; then the page is had whole, and in the language asked for."""
    if PARAMETER not in request.META.get("QUERY_STRING", ""):
        return False
    asked = read_token(request.GET.get(PARAMETER, ""))
    if asked is None or request.method != "GET":
        return False
    request._engage_preview = asked  # type: ignore[attr-defined]  # ours, read below
    for name in _UNWANTED:
        request.META.pop(name, None)
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = asked.language
    return True


def is_preview(request: HttpRequest) -> bool:
    """Whether the page is one with a draft in it."""
    return hasattr(request, _ATTRIBUTE)


def draft_script() -> SafeString:
    """Return the tag of the script that places the draft."""
    return format_html('<script defer src="{}"></script>', static(SCRIPT))


def finish_preview(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put the draft into the page if this is the member of staff it was signed for; a redirect leads to it, too."""
    asked: Asked | None = getattr(request, _ATTRIBUTE, None)
    if asked is None:
        return
    try:
        if isinstance(response, HttpResponse) and _may_see(getattr(request, "user", None), asked):
            _finish(request, response, asked)
    except Exception:  # noqa: BLE001 - a page without its draft is still a page
        note_fault("preview")


def _finish(request: HttpRequest, response: HttpResponse, asked: Asked) -> None:
    response["Cache-Control"] = "private, no-store"
    response["X-Frame-Options"] = "SAMEORIGIN"  # the dashboard shows it in a frame; a shop's own DENY is for its other pages
    if HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST:
        response["Location"] = _carry_on(request, response.get("Location", ""))
    elif can_carry_snippet(request, response) and not is_payment_page(request.resolver_match):
        content, draft = response.content, _build(asked).encode(response.charset)
        end = content.rfind(_END_OF_BODY)
        if end >= 0:
            response.content = content[:end] + draft + content[end:]
        if response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))


def _may_see(user: Any, asked: Asked) -> bool:
    return (
        user is not None
        and user.is_authenticated
        and user.is_staff
        and str(user.pk) == asked.user
        and user.has_perm("oscar_engage.view_engagement")
    )


def _build(asked: Asked) -> str:
    """Return the widget with what places it; nothing for an engagement or a version that is gone."""
    engagement = Engagement.objects.filter(pk=asked.engagement).first()
    if engagement is None:
        return ""
    if asked.version:
        version = EngagementVersion.objects.filter(engagement=engagement, number=asked.version).first()
        if version is None:
            return ""
        engagement = as_of(engagement, version.document)
    filled = fill_example(engagement, asked.language, asked.variant)
    offer = render_offer(Decision(variant=asked.variant), engagement, filled, language=asked.language)
    with override(asked.language):
        return build_still_snippet() + format_html(
            _DRAFT,
            told=_tell_field(engagement, filled.words) if engagement.widget == FieldHelp.name else "",
            offer=mark_safe(offer),  # noqa: S308 - the output of a template, escaped there
            script=draft_script(),
            missing=_("The page element “%(anchor)s” is not on this page: shoppers see nothing here.")
            % {"anchor": engagement.anchor},
            full=_("There is no room for it here: it waits until it covers no button of the page."),
        )


def _tell_field(engagement: Engagement, words: Words) -> SafeString:
    """Return what the script needs to show help at its field, which no offer's place is."""
    told = {"slug": "draft", "field": engagement.anchor, "title": words.title, "body": words.body}
    said = json.dumps({**told, "ask": _("Help with this field")})
    return format_html(' data-engage-told="{}" data-engage-field-help="{}"', said, static(FIELD_SCRIPT))


def _carry_on(request: HttpRequest, location: str) -> str:
    """Return ``location`` with the token, if it is a page of this site: a shop sends a new basket or checkout elsewhere."""
    target = urlsplit(location)
    if not location or (target.netloc and target.netloc != request.get_host()):
        return location
    query = "&".join(part for part in (target.query, urlencode({PARAMETER: request.GET[PARAMETER]})) if part)
    return target._replace(query=query).geturl()
