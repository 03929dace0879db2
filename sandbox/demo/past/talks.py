"""What did shoppers ask, and how soon did whom of the agents answer? Chance in, plain values out: no database."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from sandbox.demo.past.shoppers import Moment, Shopper, Stay

ASKED = 0.03
"""Share of visits in which something is asked that no rule had offered."""

CHAT_PROMISE, NOTE_PROMISE = timedelta(minutes=3), timedelta(hours=4)
BROKEN = (0.06, 0.18)
"""Share of promises that each of the two agents breaks."""

LEFT_CHAT, RATED, SOLVED, CHATS = 0.08, 0.5, 0.87, 0.6
OPENS, CLOSES = time(9), time(17)
SATURDAY = 5
_SCORES = {False: (2, 4, 10, 34, 50), True: (22, 26, 26, 18, 8)}
"""Weights of the scores 1 to 5, for promises that were kept and broken."""

TOPICS: tuple[tuple[str, int, str, str], ...] = (
    ("delivery", 30, "When would it arrive in Leeds?", "In two to four working days; you get a mail when it leaves."),
    ("product", 24, "Which size should I take? I am between two.", "Take the larger one for boots, and exchange it if not."),
    ("order", 14, "Where is my parcel?", "It left us yesterday; the depot should have it by tomorrow."),
    ("return", 12, "How do I send this back?", "Put the slip in with it and drop it at any post office."),
    ("payment", 10, "My card was refused. What now?", "Nothing was charged. Paying at the bank usually works."),
    ("availability", 7, "When do you have this again?", "Next week; leave us your address and we write to you."),
    ("account", 3, "I cannot sign in.", "I have sent you a link by which you can choose a new password."),
)
"""Short name, weight, a question and an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talked:
    """One conversation that is over. ``agent``: 0 or 1, ``None`` of a chat that its shopper left before anybody answered."""

    shopper: UUID
    stay: UUID
    moment: Moment | None
    is_chat: bool
    queue: str
    topic: str
    agent: int | None
    asked: datetime
    due: datetime
    answered: datetime | None
    closed: datetime
    is_solved: bool
    score: int | None
    words: tuple[str, ...]


def talks(shopper: Shopper, *, midnight: datetime, chance: random.Random) -> Iterator[Talked]:
    """Yield what a shopper asked; what would not be over before ``midnight`` was not asked."""
    for stay in shopper.stays:
        moment = stay.moment if stay.moment and stay.moment.accepted and stay.moment.effect.talk else None
        if moment is None and chance.random() >= ASKED:
            continue
        wanted_chat = moment.effect.talk == "chat" if moment else chance.random() < CHATS
        at = moment.accepted if moment and moment.accepted else stay.began + timedelta(seconds=100)
        talked = _talk(shopper, stay, moment, at + timedelta(seconds=40), wanted_chat=wanted_chat, chance=chance)
        if talked.closed < midnight:
            yield talked


def next_open(at: datetime) -> datetime:
    """Return ``at`` if agents are there then, or when they next are: nine to five from Monday to Friday."""
    while True:
        opens = at.replace(hour=OPENS.hour, minute=0, second=0, microsecond=0)
        if at.weekday() < SATURDAY and at.time() < CLOSES:
            return max(at, opens)
        at = opens + timedelta(days=1)


def _talk(
    shopper: Shopper, stay: Stay, moment: Moment | None, asked: datetime, *, wanted_chat: bool, chance: random.Random
) -> Talked:
    there = next_open(asked)
    is_chat = wanted_chat and there == asked
    topic, _weight, question, answer = chance.choices(TOPICS, [topic[1] for topic in TOPICS])[0]
    agent = chance.randrange(2)
    is_broken = chance.random() < BROKEN[agent]
    promise = CHAT_PROMISE if is_chat else NOTE_PROMISE
    taken = chance.uniform(1.1, 2.5) if is_broken else chance.betavariate(2, 5)
    answered = there + promise * taken
    closed = answered + (
        timedelta(seconds=chance.randrange(150, 900)) if is_chat else timedelta(minutes=chance.randrange(1, 90))
    )
    is_left = is_chat and chance.random() < LEFT_CHAT
    score = None if is_left or chance.random() >= RATED else chance.choices(range(1, 6), _SCORES[is_broken])[0]
    return Talked(
        shopper=shopper.id,
        stay=stay.id,
        moment=moment,
        is_chat=is_chat,
        queue="advice" if topic in {"product", "availability"} else "orders",
        topic=topic,
        agent=None if is_left else agent,
        asked=asked,
        due=there + promise,
        answered=None if is_left else answered,
        closed=asked + timedelta(seconds=chance.randrange(60, 240)) if is_left else closed,
        is_solved=chance.random() < SOLVED,
        score=score,
        words=(question,) if is_left else (question, answer, "Thank you!"),
    )
