"""Which articles may shoppers read now? Live ones in the page's language, and in the shop's own what is not translated."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings as django_settings
from django.db.models import QuerySet
from wagtail.models import Locale
from wagtail.search.backends import get_search_backend

from oscar_engage.answers.shelf import find
from oscar_engage.helpcenter.models import HelpArticle, HelpTopic

MOST_FOUND = 20
LONGEST_QUERY = 200
_RELATED = 4
_MOST_WORDS = 20
_WORD = re.compile(r"\w+")  # a quotation mark alone is an error to Wagtail's search on SQLite


@dataclass(frozen=True, slots=True)
class TopicPart:
    """A topic with its articles."""

    topic: HelpTopic
    articles: tuple[HelpArticle, ...]


def in_order(language: str) -> tuple[str, ...]:
    """Return the codes of the languages to look in, the best first: ``de-at``, ``de``, then the shop's own."""
    shops = django_settings.LANGUAGE_CODE
    wanted = [code for code in (language, language.split("-", maxsplit=1)[0], shops, shops.split("-")[0]) if code]
    return tuple(dict.fromkeys(wanted))


def live_articles(language: str) -> tuple[HelpArticle, ...]:
    """Return every article once, each in the best language there is, by title. One query."""
    return _best(_live().filter(locale__language_code__in=in_order(language)), language)


def _live() -> QuerySet[HelpArticle]:
    return HelpArticle.objects.filter(live=True).select_related("locale", "topic").order_by("title", "pk")


def _best(rows: Iterable[HelpArticle], language: str) -> tuple[HelpArticle, ...]:
    ranks = {code: rank for rank, code in enumerate(in_order(language))}
    best: dict[str, HelpArticle] = {}
    for row in rows:
        kept = best.get(row.slug)
        if kept is None or ranks[row.language] < ranks[kept.language]:
            best[row.slug] = row
    return tuple(sorted(best.values(), key=lambda row: (row.title.casefold(), row.pk)))


def by_topic(language: str) -> tuple[TopicPart, ...]:
    """Return the topics that have something to read, in their order."""
    parts: dict[int, list[HelpArticle]] = {}
    topics: dict[int, HelpTopic] = {}
    for article in live_articles(language):
        topics[article.topic_id] = article.topic
        parts.setdefault(article.topic_id, []).append(article)
    ordered = sorted(topics.values(), key=lambda topic: (topic.order, topic.slug))
    return tuple(TopicPart(topic, tuple(parts[topic.pk])) for topic in ordered)


def find_article(slug: str, language: str) -> HelpArticle | None:
    """Return the live article called ``slug`` in the best language there is."""
    found = _best(_live().filter(slug=slug, locale__language_code__in=in_order(language)), language)
    return found[0] if found else None


def related(article: HelpArticle, language: str) -> tuple[HelpArticle, ...]:
    """Return other articles of the same topic, at most four."""
    rows = _live().filter(topic_id=article.topic_id, locale__language_code__in=in_order(language)).exclude(slug=article.slug)
    return _best(rows, language)[:_RELATED]


def search(query: str, language: str) -> tuple[HelpArticle, ...]:
    """Return what Wagtail's search finds, the best first: with all of the words, or else with any of them.

    Looks in the best language in which anything is found.
    """
    query = " ".join(_WORD.findall(query[:LONGEST_QUERY])[:_MOST_WORDS])
    known = dict(Locale.objects.filter(language_code__in=in_order(language)).values_list("language_code", "pk"))
    for operator in ("and", "or") if query else ():
        for code in in_order(language):
            found = _search(query, known.get(code), operator)
            if found:
                return found
    return ()


def guess(question: str, language: str, *, now: datetime) -> tuple[HelpArticle, ...]:
    """Return what would be shown to who asks that in a note, the best first: it forgives misspelt words."""
    suggestion = find(question[:LONGEST_QUERY], language=language, now=now)
    slugs = list(dict.fromkeys(one.passage.article for one in suggestion.found)) if suggestion is not None else []
    rows = _live().filter(slug__in=slugs, locale__language_code__in=in_order(language)) if slugs else ()
    return tuple(sorted(_best(rows, language), key=lambda row: slugs.index(row.slug)))


def _search(query: str, locale_id: int | None, operator: str) -> tuple[HelpArticle, ...]:
    if locale_id is None:
        return ()
    rows = HelpArticle.objects.filter(live=True, locale_id=locale_id).select_related("locale", "topic")
    return tuple(get_search_backend().search(query, rows, operator=operator)[:MOST_FOUND])
