"""Who is woken, and what does a slow reader cost? Nobody but itself, and never more than its share."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.core.pushing import Wake
from oscar_engage.push.hub import MOST_PENDING, MOST_PER_OWNER, MUCH, End, FullError, Hub, Stream


def stream(owner: str = "ada", topics: tuple[str, ...] | None = ("a",)) -> Stream:
    return Stream(owner, topics, dies_at=100.0)


def taken(listening: Stream) -> tuple[list[Wake], bool]:
    """What is there already."""
    return asyncio.run(listening.wait())


def test_wake__several_before_the_reader_comes__one_with_the_latest_number() -> None:
    hub, listening = Hub(most=5), stream()
    hub.add(listening)
    for seq in (2, 4, 3):
        hub.wake(Wake("a", seq))
    hub.wake(Wake("b", 9))

    assert taken(listening) == ([Wake("a", 4)], False)


def test_wake__desk_that_does_not_read__told_once_that_there_was_much() -> None:
    hub, desk = Hub(most=5), stream(topics=None)
    hub.add(desk)
    for number in range(MOST_PENDING):
        hub.wake(Wake(f"c{number}", 1))
    hub.wake(Wake("c0", 2))
    hub.wake(Wake("one-more", 1))
    hub.wake(Wake("and-another", 1))

    assert taken(desk) == ([MUCH], False)


def test_wait__nothing_yet__until_something_moves() -> None:
    async def work() -> None:
        listening = stream()
        for move, expected in (
            (lambda: listening.wake(Wake("a", 1)), ([Wake("a", 1)], False)),
            (listening.beat, ([], True)),
            (lambda: listening.close(End.FULL_AGE), ([], False)),
        ):
            waiting = asyncio.ensure_future(listening.wait())
            await asyncio.sleep(0)
            assert not waiting.done()
            move()
            move()
            assert await waiting == expected

    asyncio.run(work())


def test_close__twice__the_first_reason_stays() -> None:
    hub, ada, desk = Hub(most=5), stream(), stream("mia", None)
    hub.add(ada)
    hub.add(desk)
    hub.close(End.NO_ACCESS, when=lambda each: each.topics is None)
    assert (ada.end, desk.end) == (None, End.NO_ACCESS)
    hub.close(End.SHUTDOWN)
    assert (ada.end, desk.end) == (End.SHUTDOWN, End.NO_ACCESS)


def test_add__no_room__refused_until_somebody_leaves() -> None:
    hub = Hub(most=MOST_PER_OWNER + 1)
    of_ada = [stream() for _number in range(MOST_PER_OWNER)]
    for each in of_ada:
        hub.add(each)
    with pytest.raises(FullError):
        hub.add(stream())
    hub.add(stream("bob"))
    with pytest.raises(FullError):
        hub.add(stream("eve"))
    hub.remove(of_ada[0])
    hub.remove(of_ada[0])
    hub.add(stream("eve"))
    assert len(hub) == MOST_PER_OWNER + 1


def test_narrow__what_is_not_its_own__neither_kept_nor_told_any_more() -> None:
    hub, listening = Hub(most=5), stream(topics=("a", "b"))
    hub.add(listening)
    hub.wake(Wake("a", 1))
    hub.wake(Wake("b", 1))
    hub.narrow(listening, ("b",))
    hub.wake(Wake("a", 2))

    assert taken(listening) == ([Wake("b", 1)], False)


@given(st.lists(st.tuples(st.sampled_from(["add", "remove"]), st.integers(0, 5)), max_size=60))
def test_hub__any_history__who_has_left_leaves_nothing_behind(history: list[tuple[str, int]]) -> None:
    hub = Hub(most=4)
    streams = [stream(f"owner{number % 2}", ("a", f"t{number}") if number % 3 else None) for number in range(6)]
    there: set[int] = set()
    for move, number in history:
        if move == "remove":
            hub.remove(streams[number])
            there.discard(number)
        elif number not in there and len(there) < 4:
            hub.add(streams[number])
            there.add(number)
    assert len(hub) == len(there)
    assert set(hub.desk_owners()) == {f"owner{number % 2}" for number in there if not number % 3}
    for number in tuple(there):
        hub.remove(streams[number])
    assert (len(hub), hub._by_topic, hub._owners, hub._desk) == (0, {}, {}, set())
