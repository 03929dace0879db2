"""What stands in this page for this visitor? The personal parts whose segment they are in; never cached."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from oscar_engage.conf import get_settings
from oscar_engage.decisions.arms import is_in_shop_holdout
from oscar_engage.rules.segments.judge import document_of, is_in
from oscar_engage.rules.segments.store import segment_texts
from oscar_engage.storefront.answers import private, vary
from oscar_engage.storefront.asker import current_visit
from oscar_engage.storefront.identity import recognise
from oscar_engage.storefront.personal_part import Part, place_of, read_part, render_part
from oscar_engage.storefront.promise import telling
from oscar_engage.switch.state import is_on
from oscar_engage.visitors.consent import ConsentLevel, get_consent
from oscar_engage.visitors.models import Visitor

MOST = 10
"""Parts that one page may ask for."""

_LONGEST_PATH = 400


@private
@require_safe
def segments(request: HttpRequest) -> HttpResponse:
    """Answer with each of the parts ``ref`` that is for this visitor, or 204; ``path`` is the page's address."""
    asked = {ref: part for ref in request.GET.getlist("ref")[:MOST] if (part := read_part(ref)) is not None}
    visitor = _whom(request) if asked and is_on() else None
    parts = list(_for(visitor, asked, request)) if visitor is not None else []
    return vary(HttpResponse("".join(parts)) if parts else HttpResponse(status=204))


def _whom(request: HttpRequest) -> Visitor | None:
    """Return the visitor, if they agreed to personal pages and are none of those left alone."""
    if get_consent(request) < ConsentLevel.PERSONALISATION:
        return None
    visitor, settings = recognise(request), get_settings()
    if visitor is None or visitor.is_automaton:
        return None
    is_left_alone = is_in_shop_holdout(visitor.unit_id, salt=settings.salt, share=settings.shop_holdout)
    return None if is_left_alone else visitor


def _for(visitor: Visitor, asked: dict[str, Part], request: HttpRequest) -> Iterator[str]:
    holding = _holding(visitor, {part.segment for part in asked.values()}, request.GET.get("path", "")[:_LONGEST_PATH])
    for part in asked.values():
        content = render_part(part, request) if part.segment in holding else None
        if content is not None:
            yield place_of(part, content)


def _holding(visitor: Visitor, slugs: set[str], page_path: str) -> set[str]:
    """Return which of the segments the visitor is in now, with as many queries for many as for one."""
    now, texts = timezone.now(), segment_texts()
    documents = {slug: document for slug in slugs if (document := document_of(slug, texts)) is not None}
    fields = {condition.field for document in documents.values() for condition in document.conditions()}
    read = telling(visitor, current_visit(visitor, now), page_path=page_path, now=now)(fields)
    return {slug for slug, document in documents.items() if is_in(document, read)}
