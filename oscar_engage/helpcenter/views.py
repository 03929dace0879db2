"""What can a shopper read? Topics, one topic, what a search finds, an article; and whether that helped."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from oscar_engage.desk.ratings.judge import judge_step
from oscar_engage.desk.ratings.models import Step
from oscar_engage.helpcenter.models import HelpArticle
from oscar_engage.helpcenter.reading import LONGEST_QUERY, by_topic, find_article, guess, related, search
from oscar_engage.signals import record
from oscar_engage.storefront.answers import is_fragment, private, render_panel
from oscar_engage.storefront.identity import recognise

_RATINGS = ("yes", "no")


@private
@require_safe
def help_centre(request: HttpRequest) -> HttpResponse:
    """Show all topics with their articles, and the field to search in."""
    _note(request, "help.opened", language=_language())
    return _render(request, "centre", {"title": _("Help centre"), "parts": by_topic(_language())})


@private
@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the articles of one topic."""
    part = next((part for part in by_topic(_language()) if part.topic.slug == slug), None)
    if part is None:
        return _gone(request)
    return _render(request, "topic", {"title": part.topic.name, "part": part})


@private
@require_safe
def search_help(request: HttpRequest) -> HttpResponse:
    """Show what is found for ``q``; with nothing found, how to ask."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    found = search(query, _language()) or guess(query, _language(), now=timezone.now())
    if query:
        _note(request, "help.searched", query=query, results=len(found))
    return _render(request, "search", {"title": _found(query, len(found)), "query": query, "found": found})


def _found(query: str, number: int) -> str:
    if not query:
        return _("Search the help centre")
    if not number:
        return _("Nothing was found for “%(query)s”") % {"query": query}
    said = ngettext("%(number)d article found for “%(query)s”", "%(number)d articles found for “%(query)s”", number)
    return said % {"number": number, "query": query}


@private
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article in the page's language, or in the shop's own where it is not translated."""
    found = find_article(slug, _language())
    if found is None:
        return _gone(request)
    rated = request.GET.get("rated", "")
    if not rated:
        _note(request, "help.opened", article=slug, language=found.language)
    return _render_article(request, found, rated=rated)


@private
@require_POST
def rate(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one click's answer to "Did this help?"."""
    found = find_article(slug, _language())
    if found is None:
        return _gone(request)
    rated = request.POST.get("helpful", "")
    if rated in _RATINGS:
        record(request, "help.rated", helpful=rated == "yes", article=slug)
        visitor = recognise(request)
        if visitor is not None:
            helped = rated == "yes"
            judge_step(Step.ARTICLE, subject=slug, visitor_id=visitor.pk, helped=helped, now=timezone.now())
    if is_fragment(request):
        return _render_article(request, found, rated=rated)
    response = redirect("engage:help-article", slug=slug)
    if rated in _RATINGS:
        response["Location"] += f"?rated={rated}#engage-helped"
    return response


def _render_article(request: HttpRequest, found: HelpArticle, *, rated: str) -> HttpResponse:
    language = _language()
    context = {
        "title": found.title,
        "article": found,
        "related": related(found, language),
        "rated": rated if rated in _RATINGS else "",
        "is_other_language": found.language.split("-")[0] != language.split("-")[0],
        "canonical": request.build_absolute_uri(found.get_absolute_url()),
    }
    return _render(request, "article", context)


def _gone(request: HttpRequest) -> HttpResponse:
    return _render(request, "gone", {"title": _("This is not here any more")}, status=404)


def _render(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    whole = {"ask_from": request.path, **context}
    return render_panel(request, template, whole, folder="oscar_engage/helpcenter", page_status=status)


def _note(request: HttpRequest, kind: str, **data: Any) -> None:
    if request.method == "GET":  # HEAD is no look
        record(request, kind, **data)


def _language() -> str:
    return get_language() or ""
