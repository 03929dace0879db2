"""What happens by the clock: signs of life, full age, looks at the database, and the end of a process that is blind."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from oscar_engage.core.pushing import Wake
from oscar_engage.push import watch
from oscar_engage.push.hub import End, Hub, Stream


class Database:
    """Answers looks and checks as a test says; counts them."""

    def __init__(self) -> None:
        self.news: list[Wake] = []
        self.is_down = False
        self.may_listen = True
        self.looks = self.checks = 0

    async def look(self, ask: Callable[[], Any]) -> Any:
        self.looks += 1
        if self.is_down:
            raise OSError
        news, self.news = self.news, []
        return news

    async def check(self, ask: Callable[[], Any]) -> Any:
        self.checks += 1
        if self.is_down:
            raise OSError
        return self.may_listen


def run(work: Callable[["asyncio.AbstractEventLoop"], Awaitable[None]]) -> None:
    async def main() -> None:
        await work(asyncio.get_running_loop())

    asyncio.run(main())


def build() -> tuple[watch.Watch, Hub, Database]:
    hub, database = Hub(most=10), Database()
    return watch.Watch(hub, database.look, database.check), hub, database


def stream(now: float, topics: tuple[str, ...] | None = ("a",), *, age: float = 100, owner: str = "ada") -> Stream:
    return Stream(owner, topics, dies_at=now + age, beats_at=now + 20)


def test_tick__nobody_listens__no_query() -> None:
    watching, _hub, database = build()
    run(lambda loop: watching._tick())
    assert database.looks == 0


def test_tick__not_told__one_look_for_all_and_they_are_woken() -> None:
    watching, hub, database = build()

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        streams = [stream(loop.time(), owner=f"{number}") for number in range(5)]
        for each in streams:
            hub.add(each)
        database.news = [Wake("a", 2)]
        await watching._tick()
        assert database.looks == 1
        for each in streams:
            assert await each.wait() == ([Wake("a", 2)], False)

    run(work)


def test_tick__told__seldom_a_look_but_one_right_after_the_source_went_or_came() -> None:
    watching, hub, database = build()

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        hub.add(stream(loop.time()))
        for is_told, looks in ((True, 1), (True, 1), (False, 2), (True, 3), (True, 3)):
            watching.set_told(is_told)
            await watching._tick()
            assert database.looks == looks

    run(work)


def test_tick__ages_and_signs_of_life__each_stream_in_its_time() -> None:
    watching, hub, _database = build()

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        old, quiet, fresh = stream(loop.time(), age=0), stream(loop.time() - 20), stream(loop.time())
        for each in (old, quiet, fresh):
            hub.add(each)
        await watching._tick()
        assert old.end is End.FULL_AGE
        assert await quiet.wait() == ([], True)
        waiting = asyncio.ensure_future(fresh.wait())
        await watching._tick()
        await asyncio.sleep(0)
        assert not waiting.done()
        waiting.cancel()

    run(work)


def test_tick__neither_source_nor_database__streams_end_and_only_when_both_are_gone(monkeypatch: Any) -> None:
    monkeypatch.setattr(watch, "BLIND_AFTER", 0.05)
    watching, hub, database = build()

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        hub.add(listening := stream(loop.time()))
        watching.set_told(True)
        database.is_down = True
        await asyncio.sleep(0.1)
        await watching._tick()
        assert listening.end is None
        watching.set_told(False)
        assert watching.is_blind()
        await watching._tick()
        assert listening.end is End.BLIND
        database.is_down = False
        await watching._tick()
        assert not watching.is_blind()

    run(work)


def test_check__access_ends__only_that_desk_is_ended() -> None:
    watching, hub, database = build()

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        shopper, desk = stream(loop.time(), owner="ada"), stream(loop.time(), None, owner="mia")
        hub.add(shopper)
        hub.add(desk)
        await watching._check_desks()
        assert (database.checks, desk.end) == (1, None)
        database.may_listen = False
        await watching._check_desks()
        assert (shopper.end, desk.end) == (None, End.NO_ACCESS)

    run(work)


def test_check__database_down__a_desk_ends_when_it_could_not_be_looked_at_for_long(monkeypatch: Any) -> None:
    monkeypatch.setattr(watch, "UNCHECKED", 0.2)
    monkeypatch.setattr(watch, "CHECK_EVERY", 0.05)
    watching, hub, database = build()

    async def work(loop: asyncio.AbstractEventLoop) -> None:
        hub.add(desk := stream(loop.time(), None))
        await watching._check_desks()
        database.is_down = True
        await watching._check_desks()
        assert desk.end is None
        await asyncio.sleep(0.2)
        await watching._check_desks()
        assert desk.end is End.NO_ACCESS

    run(work)
