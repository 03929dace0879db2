"""Our own database is held by somebody, or read-only: the shop's is another one, and sells as before."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connections
from django.test import Client

from oscar_engage.signals.counters import snapshot
from oscar_engage.storefront.turn import BREAKER
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.journeys import stock_shop, walk_to_order
from tests.storefront.test_isolation import OFF

pytestmark = pytest.mark.django_db(databases=["default", "engage"], transaction=True)

Fault = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _closed_breaker() -> Iterator[None]:
    BREAKER.record_success()
    yield
    BREAKER.record_success()


def is_postgres() -> bool:
    return connections["engage"].vendor == "postgresql"


@contextmanager
def held() -> Iterator[None]:
    """Another process holds the whole file, or all tables."""
    tables = ", ".join(f'"{model._meta.db_table}"' for model in apps.get_app_config("oscar_engage").get_models())
    is_held, done = threading.Event(), threading.Event()

    def hold() -> None:
        other = connections["engage"].copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("BEGIN" if is_postgres() else "BEGIN EXCLUSIVE")
                if is_postgres():
                    cursor.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
                else:
                    cursor.execute("CREATE TABLE held (x)")  # a shared memory database is locked by what is written
                is_held.set()
                done.wait(60)
                cursor.execute("ROLLBACK")
        finally:
            is_held.set()
            other.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(10)
    try:
        yield
    finally:
        done.set()
        holder.join()


@contextmanager
def read_only() -> Iterator[None]:
    """The database has become a replica."""
    on, off = (
        ("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")
        if is_postgres()
        else ("PRAGMA query_only = ON", "PRAGMA query_only = OFF")
    )
    with connections["engage"].cursor() as cursor:
        cursor.execute(on)
    try:
        yield
    finally:
        with connections["engage"].cursor() as cursor:
            cursor.execute(off)


@pytest.mark.attack("L05", "L12")
@pytest.mark.parametrize("atomic", [True, False], ids=["atomic requests", "autocommit"])
@pytest.mark.parametrize("fault", [held, read_only])
def test_journey__our_own_database_is_sick__is_the_same_and_hardly_slower(
    fault: Fault, atomic: bool, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connections["default"].settings_dict, "ATOMIC_REQUESTS", atomic)
    product, client = stock_shop(), known_shopper()
    ours, settings.OSCAR_ENGAGE = settings.OSCAR_ENGAGE, {**settings.OSCAR_ENGAGE, **OFF}
    expected, healthy = timed(Client(), product)
    settings.OSCAR_ENGAGE = ours
    dropped = snapshot().get("dropped:breaker", 0)

    with fault():
        journey, sick = timed(client, product)
        answers = [send(client, body(signal())).status_code for _beat in range(3)]

    assert journey == expected
    assert journey.orders == 1
    assert answers == [204] * 3
    assert snapshot()["dropped:breaker"] > dropped
    # The shop's own pages differ by a second, or by half of what they take, on a busy machine.
    assert sick - healthy < 3 * 0.15 + max(1.0, healthy / 2)


def timed(client: Client, product: Any) -> tuple[Any, float]:
    started = time.monotonic()
    return walk_to_order(client, product), time.monotonic() - started
