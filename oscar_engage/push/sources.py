"""How does the push process learn that something was said? From PostgreSQL or from Redis: one connection, however many listen.

Each source tells until its connection ends, and then raises or returns; :func:`keep_told` begins again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from django.db import connections

from oscar_engage.conf import get_settings
from oscar_engage.core.pushing import Push, Wake, WakeBy, read_wake
from oscar_engage.push.channel import channel_name
from oscar_engage.signals.faults import note_fault

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
"""Seconds until a source is tried again; they double."""

QUIET = 15.0
"""Seconds of silence after which the connection is asked whether it still is one."""

CONNECT = 5.0
"""Seconds in which a source has to answer, at the beginning and when asked."""

Tell = Callable[[Wake], None]
Connected = Callable[[bool], None]
Source = Callable[[Push, Tell, Connected], Awaitable[None]]

_OF_DJANGO = ("cursor_factory", "context", "prepare_threshold", "server_side_binding")
"""Connection parameters that are about Django's cursors, not about where the database is."""


async def keep_told(push: Push, tell: Tell, connected: Connected) -> None:
    """Have ``tell`` called with whatever is told, for ever; ``connected`` hears whether there is a connection."""
    source, pause = SOURCES.get(push.by), FIRST_PAUSE
    if source is None:
        return

    def begin_anew(is_connected: bool) -> None:
        nonlocal pause
        pause = FIRST_PAUSE
        connected(is_connected)

    while True:
        try:
            await source(push, tell, begin_anew)
        except Exception:  # noqa: BLE001 - drivers raise what they like; meanwhile the database is looked at
            note_fault("push.source")
        connected(False)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


async def listen_to_postgresql(push: Push, tell: Tell, connected: Connected) -> None:
    """LISTEN on a connection of its own: to ``WAKE_URL``, or to where our tables are."""
    from psycopg import AsyncConnection  # noqa: PLC0415 - only shops with this setting have it

    async with (
        asyncio.timeout(CONNECT) as patience,
        await AsyncConnection.connect(push.wake_url, **_parameters(push)) as connection,
    ):
        await connection.execute(f"LISTEN {channel_name()}".encode())
        patience.reschedule(None)
        connected(True)
        while True:
            async for notice in connection.notifies(timeout=QUIET):
                _tell(notice.payload, tell)
            async with asyncio.timeout(CONNECT):
                await connection.execute(b"SELECT 1")


def _parameters(push: Push) -> dict[str, Any]:
    own: dict[str, Any] = {"autocommit": True, "application_name": "oscar_engage push"}
    if push.wake_url:
        return own
    wrapper: Any = connections[get_settings().database]
    given = {name: value for name, value in wrapper.get_connection_params().items() if name not in _OF_DJANGO}
    return {**given, **own}


async def listen_to_redis(push: Push, tell: Tell, connected: Connected) -> None:
    """SUBSCRIBE to our channel."""
    from redis.asyncio import Redis  # noqa: PLC0415 - only shops with this setting have it

    async with (
        Redis.from_url(push.wake_url, socket_connect_timeout=CONNECT) as client,
        client.pubsub() as subscription,
    ):
        async with asyncio.timeout(CONNECT):
            await subscription.subscribe(channel_name())
        is_heard, is_asked = False, False
        while True:
            message = await subscription.get_message(timeout=CONNECT if is_asked else QUIET)
            if message is None and is_asked:
                raise TimeoutError("Redis does not answer.")
            is_asked = message is None
            if is_asked:
                await subscription.ping()
            elif not is_heard:
                is_heard = True
                connected(True)
            if message is not None and message["type"] == "message":
                _tell(message["data"].decode("ascii", "replace"), tell)


def _tell(words: str, tell: Tell) -> None:
    wake = read_wake(words)
    if wake is not None:
        tell(wake)


SOURCES: dict[WakeBy, Source] = {WakeBy.POSTGRESQL: listen_to_postgresql, WakeBy.REDIS: listen_to_redis}
