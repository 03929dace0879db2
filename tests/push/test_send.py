"""Is the push process told, and does telling never cost the shopper anything?"""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client

from oscar_engage.core.pushing import WakeBy
from oscar_engage.push import send
from oscar_engage.push.channel import channel_name
from oscar_engage.signals.counters import snapshot
from tests.push.conftest import Shopper, new_shopper

Sends = Callable[[dict[str, Any]], None]


@pytest.fixture
def ada(transactional_db: None) -> Shopper:
    return new_shopper()


@contextmanager
def listening() -> Iterator[Any]:
    if connection.vendor != "postgresql":
        pytest.skip("NOTIFY is PostgreSQL's")
    given = connection.settings_dict
    where = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "dbname": given["NAME"]}
    with psycopg.connect(autocommit=True, **where) as listener:
        listener.execute(f"LISTEN {channel_name()}".encode())
        yield listener


def told(listener: Any) -> list[str]:
    return [notice.payload for notice in listener.notifies(timeout=0.5)]


def test_message__committed__told_once_without_its_words(ada: Shopper, sends: Sends) -> None:
    sends({"WAKE": "postgresql"})
    with listening() as listener:
        ada.say("the secret words")
        assert told(listener) == [f"{ada.chat.public_id} 2"]


def test_message__rolled_back__not_told(ada: Shopper, sends: Sends) -> None:
    sends({"WAKE": "postgresql"})
    with listening() as listener:
        with transaction.atomic():
            ada.say()
            transaction.set_rollback(True)
        assert told(listener) == []


def test_message__no_push__not_told(ada: Shopper) -> None:
    with listening() as listener:
        ada.say()
        assert told(listener) == []


@pytest.mark.parametrize("by", list(WakeBy))
def test_message__on_a_database_without_notify_or_a_dead_redis__written_in_time(ada: Shopper, sends: Sends, by: str) -> None:
    sends({"WAKE": by, **({"WAKE_URL": "redis://127.0.0.1:1/0"} if by == "redis" else {})})
    started = time.monotonic()
    assert ada.say() == 2
    assert time.monotonic() - started < 1


def test_message__redis_that_takes_and_never_answers__waits_once_and_then_not_for_a_while(ada: Shopper, sends: Sends) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(8)
        sends({"WAKE": "redis", "WAKE_URL": f"redis://127.0.0.1:{deaf.getsockname()[1]}/0"})
        before = snapshot().get("fault:push", 0)
        took = []
        for _turn in range(3):
            started = time.monotonic()
            ada.say()
            took.append(time.monotonic() - started)

    assert took[0] < 1
    assert max(took[1:]) < send.REDIS_SECONDS
    assert snapshot()["fault:push"] == before + 1


def test_message__notify_fails__written_and_counted_and_the_connection_serves_on(ada: Shopper, sends: Sends) -> None:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "pg_notify" in sql:
            return execute("SELECT no_such_function()", None, many, context)
        return execute(sql, params, many, context)

    sends({"WAKE": "postgresql"})
    before = snapshot().get("fault:push", 0)
    with connection.execute_wrapper(refuse):
        assert ada.say() == 2
    assert snapshot()["fault:push"] == before + 1
    send.REST.end()
    assert ada.say() == 3


def test_wake__within_a_transaction__told_once_it_is_committed(ada: Shopper, sends: Sends) -> None:
    sends({"WAKE": "postgresql"})
    with listening() as listener:
        with transaction.atomic():
            send.wake(ada.chat)
            assert told(listener) == []
        assert told(listener) == [f"{ada.chat.public_id} 1"]
        with transaction.atomic():
            send.wake(ada.chat)
            transaction.set_rollback(True)
        assert told(listener) == []


def test_wake__shopper_writes__the_desk_is_told_and_a_shopper_who_has_all_does_not_ask(ada: Shopper, sends: Sends) -> None:
    sends({"WAKE": "postgresql"})
    with listening() as listener:
        events = f"/engage/chat/{ada.chat.public_id}/events/?after=1&writing=1"
        for _poll in range(2):
            assert Client().get(events, headers={"cookie": ada.cookie}).status_code in {200, 204}
        assert told(listener) == [f"{ada.chat.public_id} 1"]  # once while that holds


def test_wake__agent_writes__the_shopper_asks_all_the_same(ada: Shopper, sends: Sends) -> None:
    sends({"WAKE": "postgresql"})
    with listening() as listener:
        send.wake(ada.chat, seq=0)
        assert told(listener) == [f"{ada.chat.public_id} 0"]
