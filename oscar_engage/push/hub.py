"""Who listens, and whom does a wake concern? In memory only, in one event loop; a slow reader holds up nobody but itself."""

import asyncio
from collections.abc import Callable, Collection, Iterator
from enum import Enum

from oscar_engage.core.pushing import LIVE, Wake

MOST_PER_OWNER = 4
"""Streams of one browser: one tab listens for all, and a few may overlap while one hands over to the next."""

MOST_PENDING = 64
"""Conversations a desk's stream remembers while its reader is slow; beyond that it is only told that there was much."""

MUCH = Wake("", 0)
"""More has moved than was remembered: look at everything."""


class End(Enum):
    """Why a stream ends."""

    FULL_AGE = "full age"
    NO_ACCESS = "no access"
    SHUTDOWN = "shutdown"
    BLIND = "blind"
    GONE = "gone"


class Stream:
    """One browser that listens: to ``topics``, or to all conversations where these are ``None`` (the desk).

    ``owner`` is whom it counts for. By the loop's clock, ``dies_at`` is when it ends at the latest, ``beats_at`` when a sign of
    life is due.
    """

    __slots__ = ("_beat", "_moved", "_pending", "beats_at", "dies_at", "end", "owner", "topics")

    def __init__(self, owner: str, topics: tuple[str, ...] | None, *, dies_at: float, beats_at: float = 0.0) -> None:
        self.owner, self.topics, self.dies_at, self.beats_at = owner, topics, dies_at, beats_at
        self.end: End | None = None
        self._pending: dict[str, int] = {}
        self._beat = False
        self._moved: asyncio.Future[None] | None = None

    def wake(self, wake: Wake) -> None:
        """Have the reader woken; what it did not take yet of the same conversation is replaced."""
        if len(self._pending) >= MOST_PENDING and wake.conversation not in self._pending:
            self._pending.clear()
            wake = MUCH
        if MUCH.conversation not in self._pending:
            self._pending[wake.conversation] = max(wake.seq, self._pending.get(wake.conversation, 0))
        self._move()

    def narrow(self, topics: tuple[str, ...]) -> None:
        """Forget all but ``topics``."""
        self.topics = topics
        self._pending = {topic: seq for topic, seq in self._pending.items() if topic in topics}

    def beat(self) -> None:
        """Have a sign of life sent."""
        self._beat = True
        self._move()

    def close(self, why: End) -> None:
        """End it; the first reason stays."""
        self.end = self.end or why
        self._move()

    async def wait(self) -> tuple[list[Wake], bool]:
        """Return what has to be sent, once there is anything: wakes, and whether a sign of life; both empty at the end."""
        if not (self._pending or self._beat or self.end):
            self._moved = asyncio.get_running_loop().create_future()
            try:
                await self._moved
            finally:
                self._moved = None
        if self.end is not None:
            return [], False
        wakes, beat = [Wake(*item) for item in self._pending.items()], self._beat
        self._pending.clear()
        self._beat = False
        return wakes, beat

    def _move(self) -> None:
        if self._moved is not None and not self._moved.done():
            self._moved.set_result(None)


class FullError(RuntimeError):
    """No room for one more stream, of this browser or at all."""


class Hub:
    """All streams of this process."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._streams: set[Stream] = set()
        self._by_topic: dict[str, list[Stream]] = {}
        self._desk: set[Stream] = set()
        self._owners: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._streams)

    def __bool__(self) -> bool:
        return bool(self._streams)

    def __iter__(self) -> Iterator[Stream]:
        return iter(tuple(self._streams))

    def check_room(self, owner: str) -> None:
        """Raise :class:`FullError` when ``owner`` could not be added."""
        if len(self._streams) >= self._most or self._owners.get(owner, 0) >= MOST_PER_OWNER:
            raise FullError

    def add(self, stream: Stream) -> None:
        """Let ``stream`` be woken from now on, or raise :class:`FullError`."""
        self.check_room(stream.owner)
        self._streams.add(stream)
        self._owners[stream.owner] = self._owners.get(stream.owner, 0) + 1
        if stream.topics is None:
            self._desk.add(stream)
        for topic in stream.topics or ():
            self._by_topic.setdefault(topic, []).append(stream)

    def narrow(self, stream: Stream, topics: tuple[str, ...]) -> None:
        """Leave ``stream`` only those of its topics that are its own."""
        self.remove(stream)
        stream.narrow(topics)
        self.add(stream)

    def remove(self, stream: Stream) -> None:
        """Forget ``stream``; one that is not there changes nothing."""
        if stream not in self._streams:
            return
        self._streams.discard(stream)
        self._desk.discard(stream)
        self._owners[stream.owner] -= 1
        if not self._owners[stream.owner]:
            del self._owners[stream.owner]
        for topic in stream.topics or ():
            listening = self._by_topic[topic]
            listening.remove(stream)
            if not listening:
                del self._by_topic[topic]

    def wake(self, wake: Wake) -> None:
        """Wake whoever listens to this conversation, and the desks; of a live session, only who listens to it."""
        desks = () if wake.conversation.startswith(LIVE) else self._desk
        for stream in (*self._by_topic.get(wake.conversation, ()), *desks):
            stream.wake(wake)

    def desk_owners(self) -> Collection[str]:
        """Return who listens at a desk."""
        return {stream.owner for stream in self._desk}

    def close(self, why: End, *, when: Callable[[Stream], bool] = lambda _stream: True) -> None:
        """End the streams for which ``when`` says so."""
        for stream in self:
            if when(stream):
                stream.close(why)
