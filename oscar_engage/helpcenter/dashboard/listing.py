"""Which articles does the list show? Filtered by words, topic, language and state; some queries, whatever their number."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from wagtail.models import WorkflowState

from oscar_engage.helpcenter.models import HelpArticle, HelpTopic, languages
from oscar_engage.helpcenter.state import State, scheduled_ids, state_of
from oscar_engage.helpcenter.translations import InLanguage, in_languages

PER_PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article in one language, its state, and its other languages."""

    article: HelpArticle
    state: State
    is_waiting: bool
    others: tuple[InLanguage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of rows, and what can be filtered by."""

    rows: tuple[Row, ...]
    page: Page[HelpArticle]
    topics: tuple[HelpTopic, ...]
    languages: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, Any], ...]
    chosen: Mapping[str, str]
    is_filtered: bool


def read_listing(asked: Mapping[str, str]) -> Listing:
    """Return what ``asked`` (an address's query) is for; what makes no sense there filters nothing."""
    chosen = {name: asked.get(name, "").replace("\0", "").strip()[:100] for name in ("q", "topic", "language", "state")}
    page = Paginator(_filtered(chosen), PER_PAGE).get_page(asked.get("page"))
    articles = list(page.object_list)
    return Listing(
        rows=_rows(articles),
        page=page,
        topics=tuple(HelpTopic.objects.all()),
        languages=tuple(languages()),
        states=tuple(State.choices),
        chosen=chosen,
        is_filtered=any(chosen.values()),
    )


def _filtered(chosen: Mapping[str, str]) -> QuerySet[HelpArticle]:
    found = HelpArticle.objects.select_related("topic", "locale").order_by("topic__order", "topic__slug", "slug", "locale")
    if chosen["q"]:
        query = chosen["q"]
        found = found.filter(Q(title__icontains=query) | Q(words__icontains=query) | Q(slug__icontains=query))
    if chosen["topic"]:
        found = found.filter(topic__slug=chosen["topic"])
    if chosen["language"]:
        found = found.filter(locale__language_code=chosen["language"])
    return _in_state(found, chosen["state"])


def _in_state(found: QuerySet[HelpArticle], state: str) -> QuerySet[HelpArticle]:
    if state not in State.values:
        return found
    waiting = scheduled_ids(found) if state != State.EXPIRED else frozenset()
    if state == State.SCHEDULED:
        return found.filter(pk__in=waiting)
    wanted = {
        State.LIVE: Q(live=True, has_unpublished_changes=False),
        State.CHANGED: Q(live=True, has_unpublished_changes=True),
        State.DRAFT: Q(live=False, expired=False),
        State.EXPIRED: Q(live=False, expired=True),
    }
    return found.filter(wanted[State(state)]).exclude(pk__in=waiting)


def _rows(articles: list[HelpArticle]) -> tuple[Row, ...]:
    scheduled = scheduled_ids(articles)
    versions: dict[str, list[HelpArticle]] = {}
    slugs = {article.slug for article in articles}
    for version in HelpArticle.objects.filter(slug__in=slugs).select_related("locale").defer("body"):
        versions.setdefault(version.slug, []).append(version)
    waiting = _waiting(articles)
    return tuple(
        Row(
            article=article,
            state=state_of(article, is_scheduled=article.pk in scheduled),
            is_waiting=article.pk in waiting,
            others=tuple(other for other in in_languages(versions[article.slug]) if other.code != article.language),
        )
        for article in articles
    )


def _waiting(articles: list[HelpArticle]) -> frozenset[int]:
    """Return the ids of those about which somebody has to decide."""
    states = WorkflowState.objects.filter(
        base_content_type=HelpArticle.get_base_content_type(),
        object_id__in=[str(article.pk) for article in articles],
        status=WorkflowState.STATUS_IN_PROGRESS,
    )
    return frozenset(int(pk) for pk in states.values_list("object_id", flat=True))
