"""Where was that said? Search over reference, name, address, topic and words of the conversations somebody may see.

PostgreSQL's own full-text search finds words whatever stands between them; elsewhere each word is looked for as it is. No index
helps with either, so a search covers a period, and shows pages of few.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from django.db import connections
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from oscar_engage.desk.models import Conversation, Message
from oscar_engage.desk.topics.models import Topic

MOST_FOUND = 200
"""Conversations found, at most; who wants others narrows the search."""

MOST_WORDS = 8
"""Words of a search that count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What to look for: ``text`` (may be empty), a topic, and the period ``[since, until)`` in which it was asked."""

    text: str = ""
    topic: Topic | None = None
    since: datetime
    until: datetime


def search(sought: Sought, visible: QuerySet[Conversation]) -> QuerySet[Any]:
    """Return what of ``visible`` fits, the latest first, each with ``words``: the latest message that fits, or none.

    Every word has to be in one message, or all of it in reference, name, address or topic.
    """
    found = visible.filter(created_at__gte=sought.since, created_at__lt=sought.until)
    if sought.topic is not None:
        found = found.filter(topic=sought.topic)
    words = sought.text.split()[:MOST_WORDS]
    if words:
        said = _said(words, found.db)
        text = " ".join(words)
        about = Q(reference__icontains=text) | Q(name__icontains=text) | Q(email__icontains=text)
        found = found.filter(about | Q(topic__name__icontains=text) | Q(Exists(said)))
        found = found.annotate(words=Subquery(said.order_by("-seq").values("body")[:1]))
    else:
        latest = Message.objects.filter(conversation=OuterRef("pk")).exclude(body="").order_by("-seq")
        found = found.annotate(words=Subquery(latest.values("body")[:1]))
    return found.select_related("agent", "topic").order_by("-created_at", "-pk")


def _said(words: list[str], database: str) -> QuerySet[Message]:
    messages = Message.objects.filter(conversation=OuterRef("pk"))
    if connections[database].vendor != "postgresql":
        return messages.filter(reduce(and_, (Q(body__icontains=word) for word in words)))
    from django.contrib.postgres.search import SearchQuery, SearchVector  # noqa: PLC0415 - needs PostgreSQL's driver

    # "simple": a shop speaks several languages, and the words of one must not be bent by the rules of another.
    queries = reduce(and_, (SearchQuery(word, config="simple", search_type="plain") for word in words))
    return messages.annotate(vector=SearchVector("body", config="simple")).filter(vector=queries)
