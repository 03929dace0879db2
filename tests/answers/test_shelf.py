"""Does the process answer from what its sources say now, whatever one of them does?"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic

import pytest
from django.test import override_settings

from oscar_engage.answers.passage import Passage
from oscar_engage.answers.shelf import BACKGROUND, FRESH_FOR, MOST_LANGUAGES, MOST_WAITED, find, wait_until_read, warm
from oscar_engage.answers.sources import SOURCES
from oscar_engage.testing.answers import FixedSource, answers_at_once
from tests.answers.library import passages

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


class Counting:
    name = "counting"

    def __init__(self) -> None:
        self.number, self.reads = 1, 0

    def version(self) -> str:
        return str(self.number)

    def read(self, language: str) -> Sequence[Passage]:
        self.reads += 1
        return passages("en") if self.number == 1 else passages("en")[:1]


class Failing:
    name = "failing"

    def version(self) -> str:
        raise OSError

    def read(self, language: str) -> Sequence[Passage]:
        raise AssertionError(language)


@pytest.fixture
def counting() -> Iterator[Counting]:
    source = Counting()
    with answers_at_once(), SOURCES.only("counting", source):
        yield source


def article(question: str, at: datetime = NOW, language: str = "en") -> str:
    suggestion = find(question, language=language, now=at)
    return suggestion.found[0].passage.article if suggestion else ""


def test_find__asked_twice__read_once(counting: Counting) -> None:
    assert article("forgotten password") == "password"
    assert article("voucher code", NOW + FRESH_FOR) == "voucher"
    assert counting.reads == 1


def test_find__source_changed__old_index_until_looked_again(counting: Counting) -> None:
    article("forgotten password")
    counting.number = 2

    assert article("forgotten password", NOW + FRESH_FOR / 2) == "password"
    assert article("forgotten password", NOW + FRESH_FOR) == ""


def test_find__dialect__its_language(counting: Counting) -> None:
    assert article("forgotten password", language="en-gb") == "password"


def test_find__many_languages_named__only_so_many_kept(counting: Counting) -> None:
    for number in range(MOST_LANGUAGES + 5):
        warm(f"x{number}", now=NOW)

    assert counting.reads == MOST_LANGUAGES


def test_find__one_source_fails__the_others_answer() -> None:
    with answers_at_once(*passages("en")):
        SOURCES.register("failing", Failing())
        assert article("forgotten password") == "password"


def test_find__no_source__none() -> None:
    with answers_at_once(), SOURCES.only("fixed", FixedSource([])):
        assert find("forgotten password", language="en", now=NOW) is None


class Slow(Counting):
    name = "slow"

    def __init__(self) -> None:
        super().__init__()
        self.may_read = Event()

    def read(self, language: str) -> Sequence[Passage]:
        self.may_read.wait(10)
        return super().read(language)


def test_find__first_moment_of_a_process__none_and_then_an_answer() -> None:
    slow = Slow()
    with answers_at_once(), SOURCES.only("slow", slow):
        BACKGROUND.is_inline = False
        first = find("forgotten password", language="en", now=NOW)
        slow.may_read.set()
        BACKGROUND.end()
        second = find("forgotten password", language="en", now=NOW + timedelta(seconds=1))
        BACKGROUND.is_inline = True

    assert first is None
    assert second is not None


def test_find__synonyms_of_the_shop__known_at_once(counting: Counting) -> None:
    assert article("gumboots passphrase") == ""
    with override_settings(OSCAR_ENGAGE={"ANSWER_SYNONYMS": {"en": [["passphrase", "password"], ["gumboots", "forgotten"]]}}):
        assert article("gumboots passphrase") == "password"


class Broken(Counting):
    def read(self, language: str) -> Sequence[Passage]:
        raise OSError


def test_wait_until_read__new_process__first_question_finds(counting: Counting) -> None:
    BACKGROUND.is_inline = False
    try:
        assert wait_until_read("en", now=NOW)
        assert article("forgotten password") == "password"
    finally:
        BACKGROUND.end()


def test_wait_until_read__takes_long__no_and_later_yes() -> None:
    slow = Slow()
    with answers_at_once(), SOURCES.only("slow", slow):
        BACKGROUND.is_inline = False
        started = monotonic()
        assert not wait_until_read("en", now=NOW)
        assert MOST_WAITED.total_seconds() * 0.9 < monotonic() - started < MOST_WAITED.total_seconds() + 1
        slow.may_read.set()
        assert wait_until_read("en", now=NOW)
        BACKGROUND.end()


def test_wait_until_read__reading_has_failed__nobody_waits_again() -> None:
    with answers_at_once(), SOURCES.only("broken", Broken()):
        BACKGROUND.is_inline = False
        assert not wait_until_read("en", now=NOW)
        started = monotonic()
        assert not wait_until_read("en", now=NOW)
        assert monotonic() - started < MOST_WAITED.total_seconds() / 2
        BACKGROUND.end()
