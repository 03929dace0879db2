"""A small shop's week of questions and help, made from plain numbers, and a recount of it by plain loops."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from oscar_engage.answers.passage import Passage
from oscar_engage.desk.answering.models import AutoAnswer
from oscar_engage.desk.mailbox.models import MailThread
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.topics.models import Topic
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visitor

START = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
TOPICS = ("", "delivery", "return")
ARTICLES = {"how-long": "delivery", "send-back": "return", "about-us": ""}
"""Articles, and the topic of the desk that they are about; the last one's topic is none of the desk's."""


class Shelf:
    """A source of answers with three articles."""

    name = "shelf"

    def version(self) -> str:
        return "1"

    def read(self, language: str) -> list[Passage]:
        return [
            Passage(
                article=slug, language=language, title=slug, heading="", text="", url="", topic=topic or "company", words=()
            )
            for slug, topic in ARTICLES.items()
        ]


@dataclass
class Person:
    """A browser: ``first`` is the oldest of the same person's, ``account`` the customer's number."""

    first: int
    account: int | None = None
    is_staff: bool = False
    pk: uuid.UUID = field(default_factory=uuid.uuid4)


PEOPLE = (
    Person(0),
    Person(0),
    Person(2, account=7),
    Person(3, account=7),
    Person(4),
    Person(5, is_staff=True),
)


@dataclass(frozen=True)
class Ask:
    """A conversation: hours since the start, and until it was closed (``None``: it is open)."""

    who: int
    at: int
    kind: str
    topic: int
    email: str
    is_mailed: bool
    is_replied: bool
    closed: int | None
    outcome: str
    answer: str
    article: str


@dataclass(frozen=True)
class Read:
    """A signal of somebody who helps themselves."""

    who: int
    at: int
    kind: str
    article: str
    is_helpful: bool
    fact: str


_HOURS = st.integers(0, 24 * 9)
ASKS = st.lists(
    st.builds(
        Ask,
        who=st.integers(0, len(PEOPLE) - 1),
        at=_HOURS,
        kind=st.sampled_from(["note", "chat"]),
        topic=st.integers(0, 2),
        email=st.sampled_from(["", "", "ada@example.com", "Ada@Example.com"]),
        is_mailed=st.booleans(),
        is_replied=st.booleans(),
        closed=st.none() | st.integers(0, 24 * 4),
        outcome=st.sampled_from(["", "solved", "unsolved"]),
        answer=st.sampled_from(["", "none", "shown", "helped", "refused"]),
        article=st.sampled_from(["", *ARTICLES]),
    ),
    max_size=9,
)
READS = st.lists(
    st.builds(
        Read,
        who=st.integers(0, len(PEOPLE) - 1),
        at=_HOURS,
        kind=st.sampled_from(["help.opened", "help.opened", "help.rated", "answers.self_resolved"]),
        article=st.sampled_from(["", *ARTICLES]),
        is_helpful=st.booleans(),
        fact=st.sampled_from(["", "", "order"]),
    ),
    max_size=9,
)


def store(asks: list[Ask], reads: list[Read]) -> None:
    """Write the rows."""
    topics = {slug: Topic.objects.create(slug=slug, name=slug) for slug in TOPICS if slug}
    for person in PEOPLE:
        Visitor.objects.create(
            pk=person.pk,
            unit_of=None if PEOPLE[person.first] is person else PEOPLE[person.first].pk,
            customer_id=person.account,
            is_staff=person.is_staff,
            created_at=START,
            last_seen_at=START,
        )
    for ask in asks:
        _store_ask(ask, topics)
    for number, read in enumerate(reads):
        payload: dict[str, Any] = {"article": read.article}
        payload |= {"helpful": read.is_helpful} if read.kind == "help.rated" else {}
        payload |= {"fact": read.fact} if read.kind == "answers.self_resolved" else {}
        at = START + read.at * HOUR + timedelta(seconds=number)
        SignalRecord.objects.create(
            event_id=uuid.uuid4(),
            visitor_id=PEOPLE[read.who].pk,
            kind=read.kind,
            source="server",
            payload=payload,
            at=at,
            received_at=at,
        )


def _store_ask(ask: Ask, topics: dict[str, Topic]) -> None:
    at = START + ask.at * HOUR
    closed_at = None if ask.closed is None else at + ask.closed * HOUR
    row = Conversation.objects.create(
        kind=ask.kind,
        status="open" if closed_at is None else "closed",
        visitor_id=PEOPLE[ask.who].pk,
        email=ask.email,
        topic=topics.get(TOPICS[ask.topic]),
        outcome=ask.outcome,
        created_at=at,
        due_at=at,
        first_reply_at=at if ask.is_replied else None,
        taken_at=at if ask.is_replied else None,
        closed_at=closed_at,
    )
    if ask.is_mailed and ask.kind == "note":
        MailThread.objects.create(conversation=row)
    if ask.answer and ask.kind == "note":
        passages = [{"article": ask.article, "title": "", "text": ""}] if ask.article else []
        AutoAnswer.objects.create(conversation=row, outcome=ask.answer, passages=passages, offered_at=at, settled_at=None)


def _is_same_person(one: Any, other: Any) -> bool:
    a, b = PEOPLE[one.who], PEOPLE[other.who]
    mails = [getattr(each, "email", "").lower() for each in (one, other)]
    return a.first == b.first or (a.account is not None and a.account == b.account) or bool(mails[0] and mails[0] == mails[1])


def _may_match(topic: str, other: str) -> bool:
    return topic == other or "" in (topic, other)


def _asked(asks: list[Ask], by: Any, topic: str, *, after: datetime, until: datetime, but: Ask | None = None) -> bool:
    found = False
    for other in asks:
        at = START + other.at * HOUR
        is_shopper = not PEOPLE[other.who].is_staff
        if other is not but and is_shopper and _is_same_person(by, other) and _may_match(topic, TOPICS[other.topic]):
            found = found or after < at <= until
    return found


def recount_contacts(asks: list[Ask], day: datetime) -> dict[tuple[str, str], list[int]]:
    """Return the day's cells as :mod:`contacts` should have them, by going through all rows for each."""
    cells: dict[tuple[str, str], list[int]] = {}

    def cell(ask: Ask) -> list[int]:
        channel = "mail" if ask.kind == "note" and ask.is_mailed else ask.kind
        return cells.setdefault((channel, TOPICS[ask.topic]), [0] * 8)

    for number, ask in enumerate(asks):
        begun = START + ask.at * HOUR
        if PEOPLE[ask.who].is_staff:
            if day <= begun < day + 24 * HOUR:
                cells.setdefault(("uncounted", ""), [0] * 8)[0] += 1
            continue
        if day <= begun < day + 24 * HOUR:
            cell(ask)[0] += 1
            cell(ask)[1] += ask.kind == "note" and ask.answer == "helped"
        closed = None if ask.closed is None else begun + ask.closed * HOUR
        if closed is None or not ask.is_replied or not day <= closed < day + 24 * HOUR:
            continue
        own = cell(ask)
        own[2] += 1
        own[3] += ask.outcome != ""
        is_first, is_again = True, False
        for place, other in enumerate(asks):
            at = START + other.at * HOUR
            about = _is_same_person(ask, other) and _may_match(TOPICS[ask.topic], TOPICS[other.topic])
            if place == number or not about or PEOPLE[other.who].is_staff:
                continue
            is_later = (at, place) > (begun, number)
            is_first = is_first and (is_later or at < begun - WEEK)
            is_again = is_again or (is_later and at <= closed + WEEK)
        own[4] += ask.outcome != "" and is_first
        own[5] += ask.outcome == "solved" and is_first and not is_again
        if ask.kind == "chat":
            own[6] += 1
            own[7] += min(ask.closed or 0, 2) * 3600
    return cells


def recount_help(asks: list[Ask], reads: list[Read], day: datetime) -> dict[tuple[str, str], list[int]]:
    """Return the day's cells as :mod:`self_help` should have them."""
    cells: Counter[tuple[tuple[str, str], int]] = Counter()
    keys: set[tuple[str, str]] = set()

    def add(step: str, topic: str, is_helped: bool, is_quiet: bool) -> None:
        keys.add((step, topic))
        for place, is_one in enumerate((True, is_helped, is_quiet, is_helped and is_quiet)):
            cells[(step, topic), place] += is_one

    signals = [(START + read.at * HOUR + timedelta(seconds=number), read) for number, read in enumerate(reads)]
    today = sorted(
        ((at, read) for at, read in signals if day <= at < day + 24 * HOUR and not PEOPLE[read.who].is_staff),
        key=lambda pair: pair[0],
    )
    for first in {PEOPLE[read.who].first for _at, read in today}:
        for topic in set(ARTICLES.values()):
            own = [
                (at, read)
                for at, read in today
                if PEOPLE[read.who].first == first and read.article and ARTICLES[read.article] == topic
            ]
            opened = [(at, read) for at, read in own if read.kind == "help.opened"]
            if not opened:
                continue
            since = opened[0][0]
            said = {read.article: read.is_helpful for at, read in own if read.kind == "help.rated" and at > since}
            # who is one person on two browsers is known by the marks of the browser that opened first
            is_quiet = not _asked(asks, opened[0][1], topic, after=since, until=since + WEEK)
            add("article", topic, True in said.values(), is_quiet)
    for ask in asks:
        at = START + ask.at * HOUR
        is_shown = ask.kind == "note" and ask.answer in ("shown", "helped", "refused")
        if not is_shown or PEOPLE[ask.who].is_staff or not day <= at < day + 24 * HOUR:
            continue
        topic = TOPICS[ask.topic] or ARTICLES.get(ask.article, "")
        is_helped = ask.answer == "helped"
        add("answer", topic, is_helped, is_helped and not _asked(asks, ask, topic, after=at, until=at + WEEK, but=ask))
    for at, read in today:
        if read.kind != "answers.self_resolved" or read.fact:
            continue
        if any(
            ask.who == read.who and ask.article and ask.article == read.article and ask.answer and ask.kind == "note"
            for ask in asks
        ):
            continue
        topic = ARTICLES.get(read.article, "")
        add("suggestion", topic, True, not _asked(asks, read, topic, after=at, until=at + WEEK))
    return {key: [cells[key, place] for place in range(4)] for key in keys}
