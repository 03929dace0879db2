"""The ASGI application that holds the streams: no middleware, no session, no thread and no query for a stream that waits.

``GET <URL><public id>[,<public id>…]/`` is a shopper's stream, ``GET <URL>desk/`` that of somebody who answers.
A public id with ``live.`` before it is that of a live session, for either of its sides. The address is
the shop's own, so the browser sends its cookies along.
"""

import asyncio
import secrets
import signal
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import Any, TypeVar

from django.db import close_old_connections

from oscar_engage.conf import get_settings
from oscar_engage.core.pushing import LIVE, Push, read_ids
from oscar_engage.push import frames
from oscar_engage.push.access import Caller, find_own, may_listen_at_desk, read_caller
from oscar_engage.push.hub import End, FullError, Hub, Stream
from oscar_engage.push.sources import keep_told
from oscar_engage.push.watch import BEAT_EVERY, Watch
from oscar_engage.signals.faults import note_fault

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
T = TypeVar("T")

AGE = (720, 1080)
"""Seconds that a stream lasts, from and to: browsers come back spread out, and are asked for their cookie again."""

RETRY_MS = (2000, 6000)
"""Milliseconds after which a browser comes back when its stream broke: not all at once."""

SEND_SECONDS = 30.0
"""How long a reader may keep us waiting before it is given up."""

MOST_TOPICS = 10
MOST_ASKING = 100
"""Streams that wait to be let in; one more is sent away at once."""

ASKING_THREADS = 2
_DESK = "desk"


class PushApplication:
    """``gunicorn oscar_engage.asgi:push -k asgi`` or ``uvicorn oscar_engage.asgi:push``."""

    def __init__(self) -> None:
        self._push: Push | None = get_settings().push if get_settings().enabled else None
        self._hub = Hub(most=self._push.listeners if self._push else 0)
        self._askers = ThreadPoolExecutor(ASKING_THREADS, "engage-push-ask")
        self._watchers = ThreadPoolExecutor(2, "engage-push-watch")
        self._watch = Watch(self._hub, partial(_aside, self._watchers), partial(_aside, self._watchers))
        self._tasks: list[asyncio.Task[None]] = []
        self._asking = 0
        self._is_closing = False

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one connection, or the server's own beginning and end."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            self._start()
            answer = await self._serve(scope, receive, send)
            if answer is not None:
                await _refuse(send, answer)
        else:
            raise NotImplementedError(f"There is nothing to be had by {scope['type']}.")

    # ---- beginning and end

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self._close()
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _start(self) -> None:
        """Begin to listen and to tick, once; also under a server that speaks no lifespan."""
        if self._tasks or self._push is None:
            return
        self._tasks = [
            asyncio.ensure_future(keep_told(self._push, self._hub.wake, self._watch.set_told)),
            asyncio.ensure_future(self._watch.run()),
        ]
        _before_signals(asyncio.get_running_loop(), self._close)

    def _close(self) -> None:
        self._is_closing = True
        self._hub.close(End.SHUTDOWN)

    # ---- a stream

    async def _serve(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> int | None:
        """Hold a stream to its end, or return the status with which it is refused."""
        push, path = self._push, str(scope["path"])
        if push is None or not path.startswith(push.url) or _is_foreign(scope):
            return 404
        if scope["method"] != "GET":
            return 405
        if self._is_closing or self._watch.is_blind() or self._asking >= MOST_ASKING:
            return 503
        asked = path.removeprefix(push.url).removesuffix("/")
        caller = read_caller(dict(scope))
        is_desk = asked == _DESK
        topics = None if is_desk else read_ids(asked, most=MOST_TOPICS)
        owner = caller.session_key if is_desk else caller.visitor_key or _owner_of_live(caller, topics)
        if owner is None or topics == ():
            return 403 if is_desk else 404
        now = asyncio.get_running_loop().time()
        stream = Stream(owner, topics, dies_at=now + _spread(*AGE), beats_at=now + BEAT_EVERY)
        try:
            self._hub.add(stream)  # before we look: what is said meanwhile is not missed
            return await self._let_in(stream, caller, receive, send)
        except FullError:
            return 503
        finally:
            self._hub.remove(stream)

    async def _let_in(self, stream: Stream, caller: Caller, receive: Receive, send: Send) -> int | None:
        self._asking += 1
        try:
            own = await self._find_access(stream, caller)
        except Exception:  # noqa: BLE001 - whatever a database raises
            note_fault("push.access")
            return 503
        finally:
            self._asking -= 1
        if own is None:
            return 403 if stream.topics is None else 404
        if stream.topics is not None:
            self._hub.narrow(stream, tuple(own))
        await _hold(stream, own, receive, send)
        return None

    async def _find_access(self, stream: Stream, caller: Caller) -> dict[str, int] | None:
        """Return where the caller's conversations stand; none of them for a desk. ``None``: nothing here for this caller."""
        if stream.topics is not None:
            return await _aside(self._askers, partial(find_own, caller, stream.topics)) or None
        if not await _aside(self._askers, partial(may_listen_at_desk, stream.owner)):
            return None
        self._watch.note_checked(stream.owner)
        return {}


def _owner_of_live(caller: Caller, topics: tuple[str, ...] | None) -> str | None:
    """Return the session's key where only live sessions are listened to: an agent's browser need not be a visitor's."""
    return caller.session_key if topics and all(topic.startswith(LIVE) for topic in topics) else None


def _spread(least: int, most: int) -> int:
    """Return some number between the two."""
    return least + secrets.randbelow(most - least)


async def _hold(stream: Stream, own: dict[str, int], receive: Receive, send: Send) -> None:
    await _send(send, {"type": "http.response.start", "status": 200, "headers": frames.HEADERS})
    await _send(send, _body(frames.write_hello(own, retry_ms=_spread(*RETRY_MS))))
    leaving = asyncio.ensure_future(_await_end(receive, stream))
    try:
        while stream.end is None:
            wakes, has_beat = await stream.wait()
            text = b"".join(map(frames.write_wake, wakes)) + (frames.BEAT if has_beat else b"")
            if text:
                await _send(send, _body(text))
        if stream.end is not End.GONE:
            await _send(send, {"type": "http.response.body", "body": b"", "more_body": False})
    except (TimeoutError, OSError):  # a reader that does not read, or a connection that broke
        return
    finally:
        leaving.cancel()


async def _await_end(receive: Receive, stream: Stream) -> None:
    with suppress(Exception):
        while (await receive())["type"] != "http.disconnect":
            pass
    stream.close(End.GONE)


async def _send(send: Send, message: Message) -> None:
    async with asyncio.timeout(SEND_SECONDS):
        await send(message)


def _body(text: bytes) -> Message:
    return {"type": "http.response.body", "body": text, "more_body": True}


async def _refuse(send: Send, status: int) -> None:
    retry = [(b"retry-after", b"60")] if status == 503 else []  # noqa: PLR2004 - HTTP's own number
    headers = [(b"content-length", b"0"), (b"cache-control", b"private, no-store"), *retry]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _is_foreign(scope: MutableMapping[str, Any]) -> bool:
    """Whether the page of another site asks: it could read nothing, but it could hold our streams."""
    return any(name == b"sec-fetch-site" and value == b"cross-site" for name, value in scope["headers"])


async def _aside(threads: ThreadPoolExecutor, ask: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(threads, _with_fresh_connections, ask)


def _with_fresh_connections(ask: Callable[[], T]) -> T:
    """Run what asks the database as a request would: a connection that broke or is too old is opened anew."""
    close_old_connections()
    try:
        return ask()
    finally:
        close_old_connections()


def _before_signals(loop: asyncio.AbstractEventLoop, close: Callable[[], None]) -> None:
    """Have ``close`` called when the server is asked to end; servers wait for open streams first and tell us only then."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, partial(_pass_on, loop, close, signal.getsignal(number)))


def _pass_on(
    loop: asyncio.AbstractEventLoop, close: Callable[[], None], before: Any, number: int, frame: FrameType | None
) -> None:
    with suppress(RuntimeError):  # the loop has ended already
        loop.call_soon_threadsafe(close)
    if callable(before):
        before(number, frame)
    elif before == signal.SIG_DFL:
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)
