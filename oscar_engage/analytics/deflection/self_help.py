"""Who was shown help, and did not have to ask? Each step of help without an agent, by day and topic.

*Shown*: an article was opened; an automatic answer stood under a question; what was found while writing was taken ("that
helped"; how often it was only shown is not recorded). *Helped*: the shopper said so. *Quiet*: they began no contact on
the topic within seven days. *Deflected*: both. Many who read an article would never have asked, so only the deflected count
as such; the quiet are its upper bound. An article's topic is the desk's where both have the same short name; else it is not
known, and any contact counts against it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from oscar_engage.analytics.deflection.contacts import OPEN_DAYS
from oscar_engage.analytics.deflection.persons import AFTERWARDS, Contacts
from oscar_engage.analytics.deflection.raw import CHUNK, marks_of, read_contacts, with_unit
from oscar_engage.analytics.deflection.topics import topics_of_articles
from oscar_engage.analytics.rollups.declare import Day, Key, Rollup, Values
from oscar_engage.analytics.rollups.fill import declare
from oscar_engage.core.chunks import chunks
from oscar_engage.desk.answering.models import AnswerOutcome, AutoAnswer
from oscar_engage.signals.models import SignalRecord

LATEST = timedelta(days=1)
"""A signal that reaches us later than this after it was sent is not counted."""

EARLIEST = timedelta(hours=1)
"""By how much a browser's clock may be fast."""


SUGGESTION = "suggestion"
"""The step of which only successes are recorded: in no share of those who were shown help."""

SHOWN = (AnswerOutcome.SHOWN, AnswerOutcome.HELPED, AnswerOutcome.REFUSED)


@dataclass(slots=True)
class _Reader:
    """One person who read about one topic on one day; ``says``: the last word on each article."""

    marks: frozenset[Any]
    since: datetime
    says: dict[str, bool] = field(default_factory=dict)


def count_self_help(day: Day, *, now: datetime) -> Iterator[tuple[Key, Values]]:
    """Return the day's cells."""
    contacts = Contacts(read_contacts(day.starts_at, day.ends_at + AFTERWARDS))
    topics = topics_of_articles()
    yield from _articles(day, contacts, topics)
    yield from _answers(_read_answers(day).iterator(chunk_size=CHUNK), contacts, topics)
    yield from _suggestions(day, contacts, topics)


def _articles(day: Day, contacts: Contacts, topics: Mapping[str, str]) -> Iterator[tuple[Key, Values]]:
    readers: dict[tuple[UUID, str], _Reader] = {}
    for signal in _signals(day, ("help.opened", "help.rated")):
        slug = str(signal["payload"].get("article", ""))
        key = (signal["unit"], topics.get(slug, ""))
        if not slug or (signal["kind"] == "help.rated" and key not in readers):
            continue  # the help page itself, or a word on what was opened the day before
        reader = readers.setdefault(key, _Reader(marks_of(signal["unit"], signal["account"]), signal["at"]))
        if signal["kind"] == "help.rated":
            reader.says[slug] = bool(signal["payload"].get("helpful"))
    for (_unit, topic), reader in readers.items():
        is_quiet = not contacts.has_any(reader.marks, topic, after=reader.since, until=reader.since + AFTERWARDS)
        yield ("article", topic), _values(is_helped=any(reader.says.values()), is_quiet=is_quiet)


def _answers(
    answers: Iterable[Mapping[str, Any]], contacts: Contacts, topics: Mapping[str, str]
) -> Iterator[tuple[Key, Values]]:
    for answer in answers:
        if answer["is_uncounted"]:
            continue
        topic = _topic_of(answer, topics)
        is_helped = answer["outcome"] == AnswerOutcome.HELPED
        # a question that nothing solved waits for an agent: that is the contact
        is_quiet = is_helped and not contacts.has_any(
            _marks_of(answer),
            topic,
            after=answer["offered_at"],
            until=answer["offered_at"] + AFTERWARDS,
            other_than=answer["conversation_id"],
        )
        yield ("answer", topic), _values(is_helped=is_helped, is_quiet=is_quiet)


def _suggestions(day: Day, contacts: Contacts, topics: Mapping[str, str]) -> Iterator[tuple[Key, Values]]:
    taken = [signal for signal in _signals(day, ("answers.self_resolved",)) if not signal["payload"].get("fact")]
    answered = _find_answered(signal["visitor_id"] for signal in taken)
    for signal in taken:
        slug = str(signal["payload"].get("article", ""))
        if (signal["visitor_id"], slug) in answered:
            continue  # said of the answer under a question, and counted there
        topic, marks = topics.get(slug, ""), marks_of(signal["unit"], signal["account"])
        is_quiet = not contacts.has_any(marks, topic, after=signal["at"], until=signal["at"] + AFTERWARDS)
        yield (SUGGESTION, topic), _values(is_helped=True, is_quiet=is_quiet)


def _signals(day: Day, kinds: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Return shoppers' signals of the day in their order; found by when they came, for which alone there is an index."""
    came = SignalRecord.objects.filter(received_at__gte=day.starts_at - EARLIEST, received_at__lt=day.ends_at + LATEST)
    rows = with_unit(came.filter(kind__in=kinds, at__gte=day.starts_at, at__lt=day.ends_at)).filter(is_uncounted=False)
    found = rows.order_by("at", "pk").values("kind", "payload", "at", "visitor_id", "unit", "account")
    yield from found.iterator(chunk_size=CHUNK)


def _read_answers(day: Day) -> QuerySet[Any]:
    """Return what was shown under questions of the day."""
    rows = AutoAnswer.objects.filter(offered_at__gte=day.starts_at, offered_at__lt=day.ends_at)
    shown = rows.filter(outcome__in=SHOWN).annotate(visitor_id=F("conversation__visitor_id"))
    return (
        with_unit(shown)
        .order_by()
        .values(
            *("outcome", "passages", "offered_at", "conversation_id", "unit", "account", "is_uncounted"),
            customer_id=F("conversation__customer_id"),
            email=F("conversation__email"),
            topic=F("conversation__topic__slug"),
        )
    )


def _find_answered(visitor_ids: Iterable[UUID]) -> set[tuple[UUID, str]]:
    """Return which of these visitors had an automatic answer of which article: their "that helped" is noted twice."""
    found = set()
    for some in chunks(sorted(set(visitor_ids))):
        rows = AutoAnswer.objects.filter(conversation__visitor_id__in=some).values_list("conversation__visitor_id", "passages")
        found |= {(visitor_id, str(passages[0]["article"])[:64]) for visitor_id, passages in rows if passages}
    return found


def _topic_of(answer: Mapping[str, Any], topics: Mapping[str, str]) -> str:
    if answer["topic"]:
        return str(answer["topic"])
    return topics.get(str(answer["passages"][0]["article"]), "") if answer["passages"] else ""


def _marks_of(answer: Mapping[str, Any]) -> frozenset[Any]:
    return marks_of(answer["unit"], answer["customer_id"] or answer["account"], answer["email"])


def _values(*, is_helped: bool, is_quiet: bool) -> Values:
    return (1, int(is_helped), int(is_quiet), int(is_helped and is_quiet))


def begins() -> datetime | None:
    """Return when the first signal of the log, or the first automatic answer that is kept, is from."""
    first = SignalRecord.objects.order_by("received_at").values_list("received_at", flat=True).first()
    answered = AutoAnswer.objects.order_by("offered_at").values_list("offered_at", flat=True).first()
    return min((at for at in (first, answered) if at is not None), default=None)


SELF_HELP = declare(
    Rollup(
        name="self_help",
        keys=("step", "topic"),
        values=("shown", "helped", "quiet", "deflected"),
        count=count_self_help,
        open_days=lambda: OPEN_DAYS,
        reads=("signals", "auto_answers", "conversations"),
        begins=begins,
    )
)
