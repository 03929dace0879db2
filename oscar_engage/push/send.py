"""Who tells the push process? Whoever wrote a message, after the commit; it never raises, and never takes long.

A wake that is lost costs nothing but time: the push process looks at the database itself every few seconds, and the browser
polls.
"""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connections, transaction

from oscar_engage.conf import get_settings
from oscar_engage.core.pushing import LIVE, Push, Wake, WakeBy, write_wake
from oscar_engage.desk.models import Conversation
from oscar_engage.hooks import message_posted
from oscar_engage.push.channel import channel_name
from oscar_engage.signals.faults import note_fault
from oscar_engage.statements.limits import run_limited
from oscar_engage.statements.together import Statement, takes_several

LOCK_MS = STATEMENT_MS = 200
REDIS_SECONDS = 0.2
"""How long a message waits for Redis at most: to connect, and to be taken."""

REST_SECONDS = 10.0
"""How long nobody is told after that failed: a dead Redis must not cost every message its patience."""


class _Rest:
    """Remembers that telling has failed just now."""

    def __init__(self) -> None:
        self._until = 0.0

    def is_on(self, *, now: float) -> bool:
        return now < self._until

    def begin(self, *, now: float) -> None:
        self._until = now + REST_SECONDS

    def end(self) -> None:
        self._until = 0.0


REST = _Rest()
_kept = threading.local()


def wake(conversation: Conversation, *, seq: int | None = None) -> None:
    """Have whoever has ``conversation`` open look for what is new; after the commit, never raises.

    ``seq`` is the last message that there is, by default the conversation's: a shopper's browser that has it does not ask, the
    desk always does. 0 wakes both, for what moves without a message (the agent types). Does nothing without ``PUSH``.
    """
    _tell(Wake(conversation.public_id, conversation.last_seq if seq is None else seq))


def _tell(told: Wake) -> None:
    """Tell at once, or within a transaction (``ATOMIC_REQUESTS`` makes one of each page) once it is committed.

    Who looked before that would see what was, and not look again for long.
    """
    try:
        push, alias = get_settings().push, get_settings().database
        if push is None or push.by is WakeBy.DATABASE:
            return
        if connections[alias].in_atomic_block:
            transaction.on_commit(partial(_tell_now, push, told), using=alias, robust=True)
        else:
            _tell_now(push, told)
    except Exception:  # noqa: BLE001 - settings that are wrong; what was written is safe
        note_fault("push")


def _tell_now(push: Push, told: Wake) -> None:
    try:
        if not REST.is_on(now=time.monotonic()):
            _TELL[push.by](push, write_wake(told))
    except Exception:  # noqa: BLE001 - drivers raise what they like, and the message is safe
        REST.begin(now=time.monotonic())
        note_fault("push")


def waking_live(public_id: str) -> Statement | None:
    """Return what wakes as :func:`wake_live` does, for the trip that writes what is new; ``None`` without PostgreSQL.

    PostgreSQL tells with the commit. Who sends it along need not call :func:`wake_live`, and must where there is none.
    """
    try:
        push, connection = get_settings().push, connections[get_settings().database]
        if push is None or push.by is not WakeBy.POSTGRESQL or not takes_several(connection):
            return None
        return _notice(write_wake(Wake(f"{LIVE}{public_id}", 0)))
    except Exception:  # noqa: BLE001 - settings that are wrong; what is written is not to be lost for that
        note_fault("push")
        return None


def wake_live(public_id: str) -> None:
    """Have both sides of a live session look for what is new, and nobody else; as :func:`wake`, without the desk's lists.

    Where only the database tells (``"WAKE": "database"``), nobody is: such a session is asked for every second.
    """
    _tell(Wake(f"{LIVE}{public_id}", 0))


def _tell_by_postgresql(push: Push, words: str) -> None:
    connection = connections[get_settings().database]
    run_limited(connection, _notice(words), lock_ms=LOCK_MS, statement_ms=STATEMENT_MS)


def _notice(words: str) -> Statement:
    return Statement("SELECT pg_notify(%s, %s)", [channel_name(), words])


def _tell_by_redis(push: Push, words: str) -> None:
    _redis(push.wake_url).publish(channel_name(), words)


def _redis(url: str) -> Any:
    """Return this thread's client: its connection is kept, and no thread waits for another's."""
    kept: tuple[str, Any] | None = getattr(_kept, "redis", None)
    if kept is None or kept[0] != url:
        from redis import Redis  # noqa: PLC0415 - only shops with this setting have it
        from redis.backoff import NoBackoff  # noqa: PLC0415 - the same
        from redis.exceptions import ConnectionError as Closed  # noqa: PLC0415 - the same
        from redis.retry import Retry  # noqa: PLC0415 - the same

        client = Redis.from_url(
            url,
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
            # A connection that Redis closed while nobody spoke is opened again, once; what takes too long is left.
            retry=Retry(NoBackoff(), 1, supported_errors=(Closed,)),
        )
        kept = _kept.redis = (url, client)
    return kept[1]


_TELL: dict[WakeBy, Callable[[Push, str], None]] = {
    WakeBy.POSTGRESQL: _tell_by_postgresql,
    WakeBy.REDIS: _tell_by_redis,
}


def _on_message(*, conversation: Conversation, **kwargs: object) -> None:
    wake(conversation)


def connect() -> None:
    """Have every message wake its readers."""
    message_posted.connect(_on_message, dispatch_uid="engage-push")
