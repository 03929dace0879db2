"""Counters and the fault log of one process."""

import logging
import threading
import uuid

import pytest

from oscar_engage.signals import counters
from oscar_engage.signals.counters import count, snapshot
from oscar_engage.signals.faults import note_fault


def test_count__with_and_without_reason__names_the_counter() -> None:
    name = uuid.uuid4().hex

    count(name)
    count(name, "why")
    count(name, "why")

    assert (snapshot()[name], snapshot()[f"{name}:why"]) == (1, 2)


def test_count__from_many_threads__loses_none() -> None:
    name = uuid.uuid4().hex
    threads = [threading.Thread(target=lambda: [count(name) for _ in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert snapshot()[name] == 4000


@pytest.mark.attack("H04")
def test_count__more_names_than_we_have__stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "_tallies", {})
    for number in range(1000):
        count(f"flood-{number}")

    assert len(snapshot()) <= 201


@pytest.mark.attack("L03")
def test_note_fault__many_times__logs_once_and_counts_all(caplog: pytest.LogCaptureFixture) -> None:
    place = uuid.uuid4().hex
    with caplog.at_level(logging.WARNING, logger="oscar_engage"):
        for _ in range(20):
            try:
                raise LookupError("ours")  # noqa: TRY301 - the fault to be noted
            except LookupError:
                note_fault(place)

    assert len([record for record in caplog.records if place in record.getMessage()]) == 1
