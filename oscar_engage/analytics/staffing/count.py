"""What do the conversations of a day come to? Cells for the rollups: plain values in, plain values out.

A conversation counts on the day and in the hour in which it began, by the shop's clock, also where it ends after midnight; in
the queue in which it is now, or was last; and what an agent does in it as ``count_agents`` says.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

from oscar_engage.analytics.staffing.classes import class_of
from oscar_engage.analytics.staffing.talk import Talk

Cell = tuple[tuple[str, ...], tuple[int, ...]]

HOUR_VALUES = ("asked", "answered", "abandoned", "kept", "broken", "longest")
MEASURES = ("response", "wait", "hold", "handle")
"""Times of which distributions are kept: attributes of :class:`~oscar_engage.analytics.staffing.talk.Talk`."""

BY_HOUR = ("response", "wait")
"""Those of them that are kept by hour as well: how long it takes until somebody is there depends on who is."""


def count_hours(talks: Iterable[Talk], *, zone: tzinfo | None, now: datetime) -> Iterator[Cell]:
    """Yield ``(hour, queue, channel)`` with :data:`HOUR_VALUES`: numbers of conversations, and the longest wait in seconds."""
    for talk in talks:
        yield (
            (hour_of(talk.created_at, zone), talk.queue, talk.channel),
            (
                1,
                int(talk.first_reply_at is not None),
                int(talk.is_abandoned),
                int(talk.is_kept(now=now)),
                int(talk.is_broken(now=now)),
                int(talk.patience or 0),
            ),
        )


def count_times(talks: Iterable[Talk], *, zone: tzinfo | None) -> Iterator[Cell]:
    """Yield ``("queue" | "hour", which, channel, measure, class)`` with the number of conversations of that class."""
    for talk in talks:
        for measure in MEASURES:
            seconds = getattr(talk, measure)
            if seconds is None:
                continue
            where = (talk.channel, measure, class_of(seconds))
            yield ("queue", talk.queue, *where), (1,)
            if measure in BY_HOUR:
                yield ("hour", hour_of(talk.created_at, zone), *where), (1,)


def count_agents(talks: Iterable[Talk], *, now: datetime) -> Iterator[Cell]:
    """Yield ``(agent, measure, class)`` with a number of conversations.

    The first response is of whoever gave it. Everything else is of the agent who has the conversation, or had it last: after a
    transfer that is the second one. ``had``, ``kept`` and ``broken`` have no class.
    """
    for talk in talks:
        if talk.answered_by is not None and talk.response is not None:
            yield (str(talk.answered_by), f"response.{talk.channel}", class_of(talk.response)), (1,)
        if talk.agent is None:
            continue
        agent = str(talk.agent)
        yield (agent, "had", ""), (1,)
        if talk.is_kept(now=now) or talk.is_broken(now=now):
            yield (agent, "broken" if talk.is_broken(now=now) else "kept", ""), (1,)
        for measure in ("hold", "handle"):
            seconds = getattr(talk, measure)
            if seconds is not None:
                yield (agent, measure, class_of(seconds)), (1,)


def hour_of(at: datetime, zone: tzinfo | None) -> str:
    """Return the hour of the day, ``"00"`` to ``"23"``; the one that autumn has twice is one."""
    return f"{at.astimezone(zone).hour:02d}"
