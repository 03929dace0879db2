"""What does the push process do by the clock? It looks at the database, at the age of streams, and at who may still listen.

One query for all streams: once a second while nobody tells us, else every ten. None at all while nobody listens. Where neither
is to be had, the streams end, and the browsers go back to asking.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from oscar_engage.core.pushing import Wake
from oscar_engage.push.access import may_listen_at_desk
from oscar_engage.push.hub import End, Hub
from oscar_engage.push.news import News
from oscar_engage.signals.faults import note_fault

TICK = 1.0
LOOK_WHEN_TOLD = 10.0
BLIND_AFTER = 6.0
"""Seconds without a source and without a look at the database after which a stream is worth nothing."""

CHECK_EVERY = 2.0
"""Seconds between two looks at whether a desk's user still has access."""

UNCHECKED = 4.5
"""Seconds after which a desk that could not be looked at is ended: who has left is cut off within five."""

BEAT_EVERY = 20.0
"""Seconds between two signs of life of a stream."""

T = TypeVar("T")
Aside = Callable[[Callable[[], T]], Awaitable[T]]
"""Runs something that asks the database in a thread."""


class Watch:
    """The clock of one process. ``aside`` runs what blocks; the loop's clock is the only one."""

    def __init__(self, hub: Hub, aside: "Aside[list[Wake]]", check: "Aside[bool]") -> None:
        self._hub, self._aside, self._check = hub, aside, check
        self._news = News()
        self._is_told = False
        self._seen_at = self._looked_at = float("-inf")
        self._checked_at: dict[str, float] = {}

    def set_told(self, is_told: bool) -> None:
        """Note whether a source is connected; when it has just gone or come, the next tick looks at what was missed."""
        if self._is_told != is_told:
            self._looked_at = float("-inf")
        self._is_told = is_told

    def is_blind(self) -> bool:
        """Whether nothing would be noticed now."""
        now = asyncio.get_running_loop().time()
        return bool(self._hub) and not self._is_told and now - self._seen_at > BLIND_AFTER

    async def run(self) -> None:
        """Tick for ever; both halves side by side, so that a slow look holds up no check."""
        await asyncio.gather(self._every(TICK, self._tick), self._every(CHECK_EVERY, self._check_desks))

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except Exception:  # noqa: BLE001 - the clock must not stop
                note_fault("push.watch")
            await asyncio.sleep(seconds)

    async def _tick(self) -> None:
        now = asyncio.get_running_loop().time()
        if not self._hub:
            self._seen_at = now
            return
        for stream in self._hub:
            if stream.dies_at <= now:
                stream.close(End.FULL_AGE)
            elif stream.beats_at <= now:
                stream.beats_at = now + BEAT_EVERY
                stream.beat()
        if now - self._looked_at >= (LOOK_WHEN_TOLD if self._is_told else 0):
            await self._look(now)
        if self.is_blind():
            self._hub.close(End.BLIND)

    async def _look(self, now: float) -> None:
        try:
            wakes = await self._aside(lambda: self._news.look(now=now))
        except Exception:  # noqa: BLE001 - whatever a database raises
            note_fault("push.look")
            return
        self._looked_at = self._seen_at = now
        for wake in wakes:
            self._hub.wake(wake)

    def note_checked(self, owner: str) -> None:
        """Note that a desk's user was found to have access just now."""
        self._checked_at[owner] = asyncio.get_running_loop().time()

    async def _check_desks(self) -> None:
        owners = self._hub.desk_owners()
        self._checked_at = {owner: at for owner, at in self._checked_at.items() if owner in owners}
        for owner in owners:
            await self._check_desk(owner)

    async def _check_desk(self, owner: str) -> None:
        asked_at = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(CHECK_EVERY):
                may_listen = await self._check(lambda: may_listen_at_desk(owner))
        except Exception:  # noqa: BLE001 - whatever a database raises; who cannot be looked at for long is cut off
            note_fault("push.check")
            may_listen = asked_at - self._checked_at.get(owner, asked_at - UNCHECKED) < UNCHECKED - CHECK_EVERY
        else:
            if may_listen:
                self._checked_at[owner] = asked_at
        if not may_listen:
            self._hub.close(End.NO_ACCESS, when=lambda stream: stream.topics is None and stream.owner == owner)
