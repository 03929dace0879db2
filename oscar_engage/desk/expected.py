"""What may somebody who waits expect now? The line as the tables have it, kept for some seconds for all who ask.

Each process reads at most two small queries every :data:`KEPT`, however many wait. What changes by the hour (queues, how long
chats take) it reads every :data:`SETTLED_KEPT`, in the place of the other two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.signals import setting_changed
from django.db.models import Exists, F, OuterRef

from oscar_engage.conf import get_settings
from oscar_engage.desk.line import busy_of, waiting_of
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.queues import QueueBook, read_queues
from oscar_engage.desk.routing import Candidate, Waiting
from oscar_engage.desk.slots import present
from oscar_engage.desk.wait import Expected, expect, usual_length
from oscar_engage.visitors.models import Visitor

KEPT = timedelta(seconds=5)
SETTLED_KEPT = timedelta(minutes=2)

MEASURED = 50
"""The shop's last chats that tell how long one takes."""

_NEW = 0
"""Stands for a chat that is not there yet; no row has this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Who waits and who is there, as of ``read_at``."""

    waiting: Sequence[Waiting]
    agents: Sequence[Candidate]
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The queues, and the seconds that a chat usually takes, as of ``read_at``."""

    book: QueueBook
    length: float
    read_at: datetime


_lines: dict[str, Line] = {}
_settled: dict[str, Settled] = {}


def expected_of(conversation: Conversation, *, now: datetime) -> Expected:
    """Return place and expected wait of a chat that waits; at most two queries, four where nobody asked for a while."""
    settled, line = _look(now)
    waiting = [one for one in line.waiting if one.id == conversation.pk]
    if not waiting:  # it came since the line was read
        line = replace(line, waiting=[*line.waiting, waiting_of(conversation, settled.book, now=line.read_at)])
    return _expect(conversation.pk, line, settled)


def expected_of_new(*, language: str = "", now: datetime) -> float | None:
    """Return the seconds that a chat begun ``now`` would wait, and ``None`` if nobody is there for it; queries as above."""
    settled, line = _look(now)
    asked = Waiting(id=_NEW, waited=-1.0, language=language)
    return _expect(_NEW, replace(line, waiting=[*line.waiting, asked]), settled).seconds


def forget_lines(**kwargs: Any) -> None:
    """Read everything anew at the next question."""
    _lines.clear()
    _settled.clear()


def _expect(whose: int, line: Line, settled: Settled) -> Expected:
    return expect(whose, line.waiting, line.agents, length=settled.length, head_starts=settled.book.head_starts())


def _look(now: datetime) -> tuple[Settled, Line]:
    """Return both, as fresh as they need be; of the two, one is read at a time where both are there."""
    alias = get_settings().database
    settled, line = _settled.get(alias), _lines.get(alias)
    if settled is None or not _is_fresh(settled.read_at, now, SETTLED_KEPT):
        settled = _settled[alias] = _read_settled(now)
        if line is not None and _is_fresh(line.read_at, now, 4 * KEPT):  # its turn comes with the next question
            return settled, line
    if line is None or not _is_fresh(line.read_at, now, KEPT):
        line = _lines[alias] = _read_line(settled.book, now)
    return settled, line


def _is_fresh(read_at: datetime, now: datetime, kept: timedelta) -> bool:
    return timedelta() <= now - read_at < kept


def _read_settled(now: datetime) -> Settled:
    ended = Conversation.objects.filter(kind=ConversationKind.CHAT, status=ConversationStatus.CLOSED)
    talks = ended.filter(first_reply_at__isnull=False).order_by("-pk").values_list("first_reply_at", "closed_at")[:MEASURED]
    lengths = [(closed_at - begun_at).total_seconds() for begun_at, closed_at in talks if begun_at and closed_at]
    return Settled(book=read_queues(), length=usual_length(lengths), read_at=now)


def _read_line(book: QueueBook, now: datetime) -> Line:
    return Line(waiting=_read_waiting(book, now), agents=_read_agents(now), read_at=now)


def _read_waiting(book: QueueBook, now: datetime) -> list[Waiting]:
    nobodys = Conversation.objects.filter(
        kind=ConversationKind.CHAT, status=ConversationStatus.WAITING, agent__isnull=True
    ).annotate(is_customers=Exists(Visitor.objects.filter(pk=OuterRef("visitor_id"), customer_id__isnull=False)))
    rows = nobodys.order_by("created_at", "pk")[: get_settings().queue_limit]
    return [replace(waiting_of(row, book, now=now), is_customer=row.is_customers) for row in rows]


def _read_agents(now: datetime) -> list[Candidate]:
    """Return who is there with skills and languages, with one query: a row for each skill of each agent."""
    rows = present(now=now).annotate(skill_slug=F("skills__skill__slug"), skill_level=F("skills__level")).order_by("pk")
    found: dict[int, Candidate] = {}
    for row in rows:
        known = found.get(row.pk) or replace(busy_of(row, now=now), languages=frozenset(row.languages))
        more = {row.skill_slug: row.skill_level} if row.skill_slug else {}
        found[row.pk] = replace(known, skills={**known.skills, **more})
    return list(found.values())


setting_changed.connect(forget_lines, dispatch_uid="engage-expected")
