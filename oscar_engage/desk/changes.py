"""Has anything changed at the desk? A mark over what an agent's page shows, for a page that asks every three seconds.

Each part is one prepared query over few columns; equal parts mean that there is nothing to show. A sum weighed with the rows'
ids stands for the lists: that it misses a change is as good as impossible, and the page shows all anew with each :data:`TICK`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateTimeField,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from oscar_engage.desk.models import Conversation, ConversationStatus, Look
from oscar_engage.desk.notes.models import InternalNote, NoteKind
from oscar_engage.desk.oversight.models import Watching
from oscar_engage.desk.writing import LOOK_LASTS
from oscar_engage.statements.prepared import Given, Prepared
from oscar_engage.visitors.models import Visit

TICK = 30
"""Seconds after which everything counts as changed: words such as "4 minutes left" have, and permissions may have."""

MOST_CARDS = 3
"""Conversations side by side on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What the page shows, in four short texts; ``shopper`` is what stands beside the conversation in focus."""

    tick: str
    lists: str
    cards: str
    shopper: str

    def __str__(self) -> str:
        return ".".join((self.tick, self.lists, self.cards, self.shopper))


NOTHING = Mark(tick="", lists="", cards="", shopper="")
"""The mark of a page that shows nothing yet."""


def parse_mark(text: str) -> Mark:
    """Return the mark that a page sent back; anything else is :data:`NOTHING`."""
    parts = text.split(".")
    if len(parts) != 4:  # noqa: PLR2004 - a mark's parts
        return NOTHING
    return Mark(tick=parts[0], lists=parts[1], cards=parts[2], shopper=parts[3])


def read_mark(*, agent_id: int, cards: Sequence[str], focus: str, now: datetime) -> Mark:
    """Return the mark of a page with ``cards`` (public ids) before ``agent_id``; two queries, one without cards."""
    lists = mark_of(_LISTS.rows(agent=agent_id))
    shown = tuple(cards)[:MOST_CARDS]
    tick = str(int(now.timestamp()) // TICK)
    if not shown:
        return Mark(tick=tick, lists=lists, cards="", shopper="")
    asked = dict(zip(_PLACES, (*shown, *[""] * (MOST_CARDS - len(shown))), strict=True))
    rows = _CARDS.rows(**asked, agent=agent_id, now=now, since=now - LOOK_LASTS)
    seen = [(*row[:-2], _is_on(row[-2], now)) for row in rows]
    about = [(row[1:5], row[-1]) for row in rows if row[0] == focus]
    return Mark(tick=tick, lists=lists, cards=mark_of([shown, seen]), shopper=mark_of([focus, about]))


def mark_of(shown: object) -> str:
    """Return a short text that is another for anything else that is shown."""
    return blake2b(repr(shown).encode(), digest_size=8).hexdigest()


def is_active(user_id: int) -> bool:
    """Whether this user may still log in; one query."""
    return bool(_ACTIVE.rows(user=user_id))


@contextmanager
def asked_along_is_active(user_id: int) -> Iterator[Callable[[], bool]]:
    """Ask the same along with the block's first query, in its trip; gives what returns the answer."""
    with _ACTIVE.taken_along(user=user_id) as rows:
        yield lambda: bool(rows())


def _is_on(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now


def _weighed(column: str) -> Sum:
    return Sum(ExpressionWrapper(F("pk") * Coalesce(F(column), 0), output_field=BigIntegerField()))


def _lists() -> QuerySet[Any, Any]:
    going_on = Conversation.objects.filter(status__in=(ConversationStatus.WAITING, ConversationStatus.OPEN))
    columns = ("last_seq", "agent_read_seq", "agent_id", "queue_id", "weight")
    sums = {f"sum_{column}": _weighed(column) for column in columns}
    said = InternalNote.objects.filter(kind=NoteKind.WHISPER, addressee=Given("agent", BigIntegerField()))
    return (
        going_on.order_by("status")
        .values_list("status")
        .annotate(Count("pk"), Count("escalated_at"), Count("warned_at"), Max("due_at"), **sums)
        .annotate(whisper=Subquery(said.order_by("-pk").values("pk")[:1]))
    )


def _named(path: str) -> Q:
    return Q(**{f"{path}public_id__in": [Given(place, CharField()) for place in _PLACES]})


def _cards() -> QuerySet[Any, Any]:
    visit = Visit.objects.filter(pk=OuterRef("visit_id")).values("last_at")[:1]
    note = InternalNote.objects.filter(conversation=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    named = Q(public_id__in=[Given(place, CharField()) for place in _PLACES])
    return (
        Conversation.objects.filter(named)
        .annotate(visited=Subquery(visit), noted=Subquery(note), looked=_sum_of(_looks()), watched=_sum_of(_watching()))
        .order_by("pk")
        .values_list(
            "public_id",
            *("status", "agent_id", "queue_id", "topic_id", "live_id", "voice_id"),
            *("last_seq", "agent_read_seq", "shopper_read_seq", "escalated_at", "noted", "looked", "watched"),
            *("shopper_writes_until", "visited"),
        )
    )


def _looks() -> QuerySet[Any, Any]:
    """Return who else looks, each with a number that is another while they write."""
    fresh = Look.objects.filter(conversation=OuterRef("pk"), at__gt=Given("since", DateTimeField()))
    writes = When(writes_until__gt=Given("now", DateTimeField()), then=F("pk") * F("pk") * 2)
    others = fresh.exclude(agent=Given("agent", BigIntegerField()))
    return others.annotate(number=Case(writes, default=F("pk") * F("pk"), output_field=BigIntegerField()))


def _watching() -> QuerySet[Any, Any]:
    live = Watching.objects.filter(conversation=OuterRef("pk"), until__gt=Given("now", DateTimeField()))
    return live.annotate(number=ExpressionWrapper(F("pk") * F("pk"), output_field=BigIntegerField()))


def _sum_of(rows: QuerySet[Any, Any]) -> Subquery:
    return Subquery(rows.order_by().values("conversation").annotate(sum=Sum("number")).values("sum"))


_PLACES = ("first", "second", "third")
_LISTS = Prepared(_lists)
_CARDS = Prepared(_cards)
_ACTIVE = Prepared(
    lambda: (
        get_user_model()
        .objects.filter(pk=Given("user", get_user_model()._meta.pk), is_active=True)
        .order_by()
        .values_list("pk")
    )
)
