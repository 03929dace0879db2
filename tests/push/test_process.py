"""Does a real push process wake its readers, and only its readers, whatever breaks around it?"""

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections

from oscar_engage.push.channel import channel_name
from tests.push.conftest import Shopper, Staff, StartPush, new_shopper, new_staff
from tests.push.process import URL, Listener, close_all, free_port

POSTGRESQL = {"WAKE": "postgresql"}
pytestmark = pytest.mark.any_database
T = TypeVar("T")
Sends = Callable[[dict[str, Any]], None]


def in_thread(work: Callable[..., T]) -> Callable[..., Awaitable[T]]:
    """Let a coroutine call ``work``, which asks the database; its connection does not outlive the call."""

    def work_and_close(*args: Any) -> T:
        try:
            return work(*args)
        finally:
            connections.close_all()

    return sync_to_async(work_and_close)


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def work_and_close() -> None:
        try:
            await work()
        finally:
            await close_all()

    asyncio.run(work_and_close())


async def listen(port: int, shopper: Shopper) -> Listener:
    """Open the shopper's stream and read its greeting."""
    listener = await Listener.open(port, shopper.path, cookie=shopper.cookie)
    assert listener.status == 200
    hello = await listener.next()
    assert hello is not None
    assert (hello.name, hello.data) == ("hello", {shopper.chat.public_id: shopper.chat.last_seq})
    return listener


async def awake(listener: Listener, shopper: Shopper, seq: int, *, seconds: float = 5) -> float:
    """Wait for the wake of this message; returns when it came.

    One of the conversation's earlier messages may come again before: who looks at the database tells what a notifier told.
    """
    while True:
        event = await listener.next(seconds=seconds)
        assert event is not None
        if event.name != "wake" or event.data.get("conversation") != shopper.chat.public_id or event.data["seq"] >= seq:
            break
    assert (event.name, event.data) == ("wake", {"conversation": shopper.chat.public_id, "seq": seq})
    return event.at


def test_stream__message__wakes_its_reader_at_once_and_nobody_else(server: str, start_push: StartPush, sends: Sends) -> None:
    sends(POSTGRESQL)
    port = start_push(server, POSTGRESQL).port
    ada, bob = new_shopper(), new_shopper()

    async def work() -> None:
        to_ada, to_bob = await listen(port, ada), await listen(port, bob)
        assert to_ada.headers["content-type"].startswith("text/event-stream")
        assert to_ada.headers["x-accel-buffering"] == "no"
        assert to_ada.headers["cache-control"] == "private, no-store"
        started = time.monotonic()
        seq = await in_thread(ada.say)("the secret words")
        assert await awake(to_ada, ada, seq) - started < 1
        with pytest.raises(TimeoutError):
            await to_bob.next(seconds=1)

    run(work)


def test_stream__wake_by_redis__wakes_its_reader(one_server: str, start_push: StartPush, sends: Sends, redis_url: str) -> None:
    push = {"WAKE": "redis", "WAKE_URL": redis_url}
    sends(push)
    port = start_push(one_server, push).port
    ada = new_shopper()

    async def work() -> None:
        listener = await listen(port, ada)
        started = time.monotonic()
        assert await awake(listener, ada, await in_thread(ada.say)()) - started < 1

    run(work)


def test_stream__wake_by_the_database__wakes_within_a_tick(one_server: str, start_push: StartPush, sends: Sends) -> None:
    push = {"WAKE": "database"}
    sends(push)
    port = start_push(one_server, push).port
    ada = new_shopper()

    async def work() -> None:
        listener = await listen(port, ada)
        await asyncio.sleep(1.5)  # the first look only learns where the table ends
        assert await awake(listener, ada, await in_thread(ada.say)()) > 0

    run(work)


@pytest.mark.attack("B05")
def test_stream__foreign_conversation__the_answer_of_an_absent_one(server: str, start_push: StartPush) -> None:
    port = start_push(server, POSTGRESQL).port
    ada, bob = new_shopper(), new_shopper()

    async def answer(path: str, cookie: str) -> tuple[int, set[str], bytes]:
        listener = await Listener.open(port, path, cookie=cookie)
        body = await listener._reader.read(int(listener.headers["content-length"]))
        listener.close()
        return listener.status, set(listener.headers), body

    async def work() -> None:
        foreign = await answer(bob.path, ada.cookie)
        assert foreign == await answer(f"{URL}{'x' * 24}/", ada.cookie)
        assert foreign == await answer(ada.path, "")
        assert foreign == await answer(ada.path, ada.cookie.replace(ada.visitor.key[:4], "0000"))
        assert foreign[0] == 404
        both = await Listener.open(port, f"{URL}{bob.chat.public_id},{ada.chat.public_id}/", cookie=ada.cookie)
        hello = await both.next()
        assert hello is not None
        assert hello.data == {ada.chat.public_id: 1}

    run(work)


def test_stream__foreign_conversation_beside_an_own_one__its_wakes_stay_out(
    one_server: str, start_push: StartPush, sends: Sends
) -> None:
    sends(POSTGRESQL)
    port = start_push(one_server, POSTGRESQL).port
    ada, bob = new_shopper(), new_shopper()

    async def work() -> None:
        listener = await Listener.open(port, f"{URL}{bob.chat.public_id},{ada.chat.public_id}/", cookie=ada.cookie)
        await listener.next()
        await in_thread(bob.say)()
        with pytest.raises(TimeoutError):
            await listener.next(seconds=1)
        await awake(listener, ada, await in_thread(ada.say)())

    run(work)


def test_desk__any_conversation__wakes_who_may_answer(one_server: str, start_push: StartPush, sends: Sends) -> None:
    sends(POSTGRESQL)
    port = start_push(one_server, POSTGRESQL).port
    ada, mia, nobody = new_shopper(), new_staff(), new_staff(may_answer=False)

    async def work() -> None:
        refused = await Listener.open(port, f"{URL}desk/", cookie=nobody.cookie)
        assert refused.status == 403
        assert (await Listener.open(port, f"{URL}desk/", cookie=ada.cookie)).status == 403
        listener = await Listener.open(port, f"{URL}desk/", cookie=mia.cookie)
        assert listener.status == 200
        await listener.next()
        await awake(listener, ada, await in_thread(ada.say)())

    run(work)


def deactivate(mia: Staff) -> None:
    type(mia.user).objects.filter(pk=mia.user.pk).update(is_active=False)


def take_permission(mia: Staff) -> None:
    mia.user.user_permissions.clear()


def sign_out(mia: Staff) -> None:
    mia.session.delete()


def change_password(mia: Staff) -> None:
    mia.user.set_password("another")
    mia.user.save()


@pytest.mark.attack("B14")
@pytest.mark.parametrize("leave", [deactivate, take_permission, sign_out, change_password])
def test_desk__access_ends__stream_is_cut_within_five_seconds(
    one_server: str, start_push: StartPush, leave: Callable[[Staff], None]
) -> None:
    port = start_push(one_server, POSTGRESQL).port
    mia, leo = new_staff(), new_staff()

    async def work() -> None:
        of_mia = await Listener.open(port, f"{URL}desk/", cookie=mia.cookie)
        of_leo = await Listener.open(port, f"{URL}desk/", cookie=leo.cookie)
        await of_mia.next()
        await of_leo.next()
        await asyncio.sleep(2.5)  # one check has found that all is well
        started = time.monotonic()
        await in_thread(leave)(mia)
        assert await of_mia.next(seconds=8) is None
        assert time.monotonic() - started < 5
        assert (await Listener.open(port, f"{URL}desk/", cookie=mia.cookie)).status == 403
        with pytest.raises(TimeoutError):
            await of_leo.next(seconds=3)

    run(work)


def test_source__notifier_is_killed__the_database_is_looked_at_and_the_notifier_comes_back(
    one_server: str, start_push: StartPush, sends: Sends
) -> None:
    sends(POSTGRESQL)
    port = start_push(one_server, POSTGRESQL).port
    ada = new_shopper()
    kill = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE application_name = 'oscar_engage push' AND datname = current_database()"""

    def kill_notifier() -> int:
        with connection.cursor() as cursor:
            cursor.execute(kill)
            (number,) = cursor.fetchone()
        return int(number)

    async def work() -> None:
        listener = await listen(port, ada)
        await asyncio.sleep(1.5)
        for _round in range(3):
            assert await in_thread(kill_notifier)() == 1
            await awake(listener, ada, await in_thread(ada.say)(), seconds=4)
            await asyncio.sleep(1.5)
        started = time.monotonic()
        assert await awake(listener, ada, await in_thread(ada.say)()) - started < 0.5

    run(work)


def test_source__redis_dies_and_comes_back__readers_are_woken_all_along(
    one_server: str, start_push: StartPush, sends: Sends, redis_url: str
) -> None:
    port = free_port()
    push = {"WAKE": "redis", "WAKE_URL": f"redis://127.0.0.1:{port}/0"}
    sends(push)

    def start_redis() -> "subprocess.Popen[bytes]":
        options = ["--port", str(port), "--save", "", "--appendonly", "no", "--loglevel", "warning"]
        redis = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return redis
            assert time.monotonic() < end
            time.sleep(0.05)

    redis = start_redis()
    ada = new_shopper()
    try:
        process = start_push(one_server, push)

        async def work() -> None:
            nonlocal redis
            listener = await listen(process.port, ada)
            await asyncio.sleep(1.5)
            await awake(listener, ada, await in_thread(ada.say)())
            redis.kill()
            redis.wait()
            started = time.monotonic()
            seq = await in_thread(ada.say)()
            assert time.monotonic() - started < 1
            await awake(listener, ada, seq, seconds=4)
            redis = start_redis()
            await awake(listener, ada, await in_thread(ada.say)(), seconds=4)

        run(work)
    finally:
        redis.kill()
        redis.wait()


def test_limits__one_browser__a_fifth_stream_is_sent_away(one_server: str, start_push: StartPush) -> None:
    port = start_push(one_server, POSTGRESQL).port
    ada, bob = new_shopper(), new_shopper()

    async def work() -> None:
        held = [await listen(port, ada) for _turn in range(4)]
        fifth = await Listener.open(port, ada.path, cookie=ada.cookie)
        assert (fifth.status, fifth.headers["retry-after"]) == (503, "60")
        await listen(port, bob)
        held[0].close()
        await asyncio.sleep(0.5)
        await listen(port, ada)

    run(work)


def test_limits__as_many_as_the_shop_allows__one_more_is_sent_away(one_server: str, start_push: StartPush) -> None:
    port = start_push(one_server, {**POSTGRESQL, "LISTENERS": 2}).port

    async def work() -> None:
        for shopper in [await in_thread(new_shopper)() for _number in range(2)]:
            await listen(port, shopper)
        late = await in_thread(new_shopper)()
        assert (await Listener.open(port, late.path, cookie=late.cookie)).status == 503

    run(work)


def test_stream__page_of_another_site__finds_nothing(one_server: str, start_push: StartPush) -> None:
    port = start_push(one_server, POSTGRESQL).port
    ada = new_shopper()

    async def work() -> None:
        asked = await Listener.open(port, ada.path, cookie=ada.cookie, headers="Sec-Fetch-Site: cross-site\r\n")
        assert asked.status == 404
        assert (await Listener.open(port, "/engage/help/", cookie=ada.cookie)).status == 404

    run(work)


def connections_of_push() -> int:
    """All connections to the database but our own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        (number,) = cursor.fetchone()
    return int(number)


def test_streams__three_hundred__no_more_threads_nor_connections_than_thirty(
    server: str, start_push: StartPush, sends: Sends
) -> None:
    sends(POSTGRESQL)
    process = start_push(server, POSTGRESQL)

    async def work() -> None:
        shoppers = [await in_thread(new_shopper)() for _number in range(300)]
        listeners = [await listen(process.port, shopper) for shopper in shoppers[:30]]
        before = process.threads(), await in_thread(connections_of_push)()
        for shopper in shoppers[30:]:
            listeners.append(await listen(process.port, shopper))
        after = process.threads(), await in_thread(connections_of_push)()
        # The pools of two and two threads fill when they are first asked, and each thread keeps a connection.
        assert after[0] <= before[0] + 4
        assert after[1] <= 5
        seqs = await in_thread(lambda: [shopper.say() for shopper in shoppers[::30]])()
        for listener, shopper, seq in zip(listeners[::30], shoppers[::30], seqs, strict=True):
            await awake(listener, shopper, seq)
        for listener in listeners:
            listener.close()

    run(work)


def test_streams__a_reader_that_does_not_read__holds_up_nobody(one_server: str, start_push: StartPush, sends: Sends) -> None:
    sends(POSTGRESQL)
    port = start_push(one_server, POSTGRESQL).port
    ada, mia = new_shopper(), new_staff()

    async def work() -> None:
        lazy = socket.socket()
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        lazy.connect(("127.0.0.1", port))
        lazy.sendall(f"GET {URL}desk/ HTTP/1.1\r\nHost: shop.example\r\nCookie: {mia.cookie}\r\n\r\n".encode())
        listener = await listen(port, ada)
        flood = "SELECT pg_notify(%s, 'x' || n || ' 1') FROM generate_series(1, 50000) n"

        def wake_all() -> None:
            with connection.cursor() as cursor:
                cursor.execute(flood, [channel_name()])

        await in_thread(wake_all)()
        started = time.monotonic()
        await awake(listener, ada, await in_thread(ada.say)())
        assert time.monotonic() - started < 3
        lazy.close()

    run(work)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_shutdown__open_streams__are_ended_and_the_process_with_them(
    server: str, start_push: StartPush, number: signal.Signals
) -> None:
    process = start_push(server, POSTGRESQL)
    ada = new_shopper()

    async def work() -> None:
        listener = await listen(process.port, ada)
        os.kill(process.pid, number)
        assert await listener.next(seconds=5) is None

    run(work)
    assert process.stop(number) < 8


def test_push_process__killed__messages_are_written_as_ever(one_server: str, start_push: StartPush, sends: Sends) -> None:
    sends(POSTGRESQL)
    process = start_push(one_server, POSTGRESQL)
    ada = new_shopper()
    process.stop(signal.SIGKILL)
    started = time.monotonic()
    assert ada.say() == 2
    assert time.monotonic() - started < 1
