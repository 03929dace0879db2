"""What did this shopper ask? The response centre: all conversations of an owner, or of an address, the latest word first."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from oscar_engage.desk.models import Conversation, Message

PER_PAGE = 10
LONGEST_SEARCH = 80
LAST_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of what was asked, what has news first; each conversation has its messages as ``said``."""

    number: int
    conversations: list[Conversation]
    has_more: bool


def read_page(asked: QuerySet[Conversation], *, number: int = 1, search: str = "") -> Page:
    """Return one page of ``asked``, which came through a door; two queries, however many there are."""
    number = min(max(1, number), LAST_PAGE)
    since = (number - 1) * PER_PAGE
    words = Message.objects.select_related("agent", "proposal", "settles").order_by("seq")
    found = _search(asked, search.strip()[:LONGEST_SEARCH]).order_by(Coalesce("spoken_at", "created_at").desc(), "-pk")
    rows = list(found.prefetch_related(Prefetch("messages", words, to_attr="said"))[since : since + PER_PAGE + 1])
    return Page(number=number, conversations=_news_first(rows[:PER_PAGE]), has_more=len(rows) > PER_PAGE)


def has_news(conversation: Conversation) -> bool:
    """Whether something was said that its shopper was not shown."""
    return conversation.last_seq > conversation.shopper_read_seq


def _search(asked: QuerySet[Conversation], text: str) -> QuerySet[Conversation]:
    if not text:
        return asked
    said = Message.objects.filter(conversation=OuterRef("pk"), body__icontains=text)
    about = Q(reference__icontains=text) | Q(page_title__icontains=text) | Q(anchor_label__icontains=text)
    return asked.filter(about | Exists(said))


def _news_first(conversations: Iterable[Conversation]) -> list[Conversation]:
    return sorted(conversations, key=lambda conversation: not has_news(conversation))
