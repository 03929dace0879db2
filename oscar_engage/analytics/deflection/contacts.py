"""How many asked on a day, through which channel and about what; and of what ended that day, was it solved the first time?

A contact is counted on the day on which it began, its end on the day on which it was closed. *Solved the first time*: its agent
said so, the person had not asked about it in the week before, and did not ask again until a week after it was closed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from oscar_engage.analytics.deflection.persons import AFTERWARDS, Contact, Contacts
from oscar_engage.analytics.deflection.raw import CHUNK, marks_of, read_contacts, with_unit
from oscar_engage.analytics.rollups.declare import Day, Key, Rollup, Values
from oscar_engage.analytics.rollups.fill import declare
from oscar_engage.desk.answering.models import AnswerOutcome, AutoAnswer
from oscar_engage.desk.mailbox.models import MailThread
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus, WrapOutcome

OPEN_DAYS = 8
"""A week after the last minute of a day is over within its eighth day."""

LONGEST = timedelta(days=60)
"""What took longer than this from question to end is not judged: to see who asked meanwhile, all of that time is read."""

LONGEST_CHAT = timedelta(hours=2)
"""A chat that was left open overnight counts as so long: nobody worked at it until the morning."""

UNCOUNTED = "uncounted"
"""The channel under which stands what was left out."""


def count_contacts(day: Day, *, now: datetime) -> Iterator[tuple[Key, Values]]:
    """Return the day's cells; what staff and automata began stands under the channel ``uncounted``."""
    yield from _begun(day)
    yield from _ended(day)


def _begun(day: Day) -> Iterator[tuple[Key, Values]]:
    rows = with_channel(Conversation.objects.filter(created_at__gte=day.starts_at, created_at__lt=day.ends_at))
    found = rows.values_list("channel", "topic__slug", "is_self_served", "is_uncounted")
    for channel, topic, is_self_served, is_uncounted in found.iterator(chunk_size=CHUNK):
        if is_uncounted:
            yield (UNCOUNTED, ""), _values(begun=1)
        else:
            yield (channel, topic or ""), _values(begun=1, self_served=int(is_self_served))


def _ended(day: Day) -> Iterator[tuple[Key, Values]]:
    closed = Conversation.objects.filter(closed_at__gte=day.starts_at, closed_at__lt=day.ends_at)
    rows = with_channel(closed.filter(status=ConversationStatus.CLOSED, first_reply_at__isnull=False))
    fields = ("pk", "kind", "channel", "topic__slug", "outcome", "created_at", "taken_at", "closed_at")
    found = list(rows.filter(is_uncounted=False).values(*fields, "unit", "customer_id", "account", "email"))
    judged = [row for row in found if row["outcome"] and row["closed_at"] - row["created_at"] <= LONGEST]
    since = min((row["created_at"] for row in judged), default=day.starts_at) - AFTERWARDS
    known = Contacts(read_contacts(since, day.ends_at + AFTERWARDS) if judged else ())
    told = {row["pk"] for row in judged}
    for row in found:
        asked = _contact(row)
        is_first = row["pk"] in told and known.is_first(asked)
        is_solved = is_first and row["outcome"] == WrapOutcome.SOLVED
        is_once = is_solved and not known.has_followed(asked, until=row["closed_at"] + AFTERWARDS)
        handled = _handled(row)
        yield (
            (row["channel"], asked.topic),
            _values(
                ended=1,
                told=int(bool(row["outcome"])),
                first=int(is_first),
                once=int(is_once),
                handled=int(handled is not None),
                seconds=handled or 0,
            ),
        )


def _contact(row: dict[str, Any]) -> Contact:
    marks = marks_of(row["unit"], row["customer_id"] or row["account"], row["email"])
    return Contact(number=row["pk"], marks=marks, topic=row["topic__slug"] or "", at=row["created_at"])


def _handled(row: dict[str, Any]) -> int | None:
    """Return for how many seconds an agent had a chat; ``None`` of what is no chat: nobody measures how a note is written."""
    if row["kind"] != ConversationKind.CHAT or row["taken_at"] is None:
        return None
    had: timedelta = row["closed_at"] - row["taken_at"]
    return round(min(max(had, timedelta()), LONGEST_CHAT).total_seconds())


def with_channel(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return conversations with ``channel``, ``is_self_served`` and what ``raw.with_unit`` adds, in no order."""
    mailed = MailThread.objects.filter(conversation=OuterRef("pk"))
    helped = AutoAnswer.objects.filter(conversation=OuterRef("pk"), outcome=AnswerOutcome.HELPED)
    is_mail = Q(kind=ConversationKind.NOTE) & Exists(mailed)
    found: QuerySet[Any] = with_unit(rows).annotate(
        channel=Case(When(is_mail, then=Value("mail")), default=F("kind"), output_field=CharField()),
        is_self_served=Exists(helped),
    )
    return found.order_by()


def _values(**known: int) -> Values:
    return tuple(known.get(name, 0) for name in VALUES)


def begins() -> datetime | None:
    """Return when the oldest conversation that is kept began."""
    return Conversation.objects.order_by("created_at").values_list("created_at", flat=True).first()


VALUES = ("begun", "self_served", "ended", "told", "first", "once", "handled", "seconds")
"""``begun`` and, of these, ``self_served``: an automatic answer solved it. ``ended`` after an answer; of these ``told``: the
agent said how; ``first``: and it was the person's first on the topic in a week; ``once``: solved, and not asked again.
``handled`` chats took ``seconds``."""

CONTACTS = declare(
    Rollup(
        name="contacts",
        keys=("channel", "topic"),
        values=VALUES,
        count=count_contacts,
        open_days=lambda: OPEN_DAYS,
        reads=("conversations", "auto_answers"),
        begins=begins,
    )
)
