"""Do the service's rollups count what a recount by plain loops over all rows counts, whatever happened?"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from oscar_engage.analytics.deflection.contacts import CONTACTS
from oscar_engage.analytics.deflection.self_help import SELF_HELP
from oscar_engage.analytics.rollups.declare import Rollup
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.analytics.rollups.read import read_counts
from oscar_engage.answers.sources import SOURCES
from oscar_engage.desk.models import Conversation
from oscar_engage.signals.models import SignalRecord
from tests.analytics.deflection.history import (
    ASKS,
    HOUR,
    PEOPLE,
    READS,
    START,
    Ask,
    Read,
    Shelf,
    recount_contacts,
    recount_help,
    store,
)
from tests.examples import examples

ONE_DAY = timedelta(days=1)
LAST = 14


def counted(rollup: Rollup, day: datetime) -> dict[tuple[str, ...], list[Any]]:
    counts = read_counts(rollup.name, since=day.date(), until=day.date() + ONE_DAY)
    return {key: list(values) for key, values in counts.total().items()}


def by_day(rollup: Rollup) -> dict[date, dict[tuple[str, ...], list[Any]]]:
    counts = read_counts(rollup.name, since=START.date(), until=START.date() + 99 * ONE_DAY)
    return {day: {key: list(values) for key, values in cells.items()} for day, cells in counts.days.items()}


class AnyHistory(TestCase):
    """Whatever happened, and whenever it was counted, an open day is the recount."""

    @pytest.mark.attack("O06")
    @settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @override_settings(TIME_ZONE="UTC")
    @given(asks=ASKS, reads=READS, looks=st.lists(st.integers(0, LAST), max_size=1))
    def test_rollups__any_history__equal_the_recount(self, asks: list[Ask], reads: list[Read], looks: list[int]) -> None:
        with SOURCES.only("shelf", Shelf()):
            store(asks, reads)
            for day in (*sorted(looks), LAST + 1):
                for rollup in (CONTACTS, SELF_HELP):
                    fill(rollup, now=START + day * ONE_DAY + HOUR)
            contacts, shown = by_day(CONTACTS), by_day(SELF_HELP)
            for place in range(LAST):
                day = START + place * ONE_DAY
                assert contacts.get(day.date(), {}) == recount_contacts(asks, day)
                assert shown.get(day.date(), {}) == recount_help(asks, reads, day)


def ask(who: int, at: int, **more: Any) -> Ask:
    known = {"kind": "note", "topic": 1, "email": "", "is_mailed": False, "is_replied": True, "closed": 1, "outcome": "solved"}
    return Ask(who=who, at=at, **{**known, "answer": "", "article": "", **more})


def opened(who: int, at: int, kind: str = "help.opened", *, is_helpful: bool = False) -> Read:
    return Read(who=who, at=at, kind=kind, article="how-long", is_helpful=is_helpful, fact="")


@pytest.fixture
def shelf(settings: Any) -> Any:
    settings.TIME_ZONE = "UTC"
    with SOURCES.only("shelf", Shelf()):
        yield


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "is_deflected"), [(7 * 24 - 1, 0), (7 * 24 + 2, 1)])
def test_self_help__asked_on_the_topic_within_a_week__was_not_deflected(shelf: None, hours: int, is_deflected: int) -> None:
    store([ask(0, 1 + hours)], [opened(0, 1), opened(0, 1, "help.rated", is_helpful=True)])
    fill(SELF_HELP, now=START + 20 * ONE_DAY)
    assert counted(SELF_HELP, START) == {("article", "delivery"): [1, 1, is_deflected, is_deflected]}


@pytest.mark.django_db
def test_self_help__another_topic__is_another_question(shelf: None) -> None:
    store([ask(0, 9, topic=2)], [opened(0, 1)])
    fill(SELF_HELP, now=START + 20 * ONE_DAY)
    assert counted(SELF_HELP, START) == {("article", "delivery"): [1, 0, 1, 0]}


@pytest.mark.django_db
def test_self_help__nobody_said_that_it_helped__is_quiet_and_not_deflected(shelf: None) -> None:
    store([], [opened(0, 1), opened(1, 2), opened(4, 3)])
    fill(SELF_HELP, now=START + 20 * ONE_DAY)
    assert counted(SELF_HELP, START) == {("article", "delivery"): [2, 0, 2, 0]}  # two browsers of one person


@pytest.mark.django_db
def test_contacts__asked_again_by_mail_address__was_not_solved_the_first_time(shelf: None) -> None:
    store([ask(0, 1, email="ada@example.com"), ask(4, 100, email="ADA@example.com")], [])
    fill(CONTACTS, now=START + 20 * ONE_DAY)
    assert counted(CONTACTS, START)["note", "delivery"] == [1, 0, 1, 1, 1, 0, 0, 0]
    assert counted(CONTACTS, START + 4 * ONE_DAY)["note", "delivery"] == [1, 0, 1, 1, 0, 0, 0, 0]


@pytest.mark.attack("O04")
@pytest.mark.django_db
def test_rollups__rows_gone_after_the_day_is_closed__change_nothing(shelf: None) -> None:
    store([ask(0, 1)], [opened(2, 1)])
    for rollup in (CONTACTS, SELF_HELP):
        fill(rollup, now=START + 20 * ONE_DAY)
    before = counted(CONTACTS, START), counted(SELF_HELP, START)
    Conversation.objects.filter(visitor_id=PEOPLE[0].pk).delete()
    SignalRecord.objects.all().delete()
    for rollup in (CONTACTS, SELF_HELP):
        fill(rollup, now=START + 30 * ONE_DAY)
    assert (counted(CONTACTS, START), counted(SELF_HELP, START)) == before


@pytest.mark.attack("O01")
@pytest.mark.django_db
def test_rollups__staff__are_left_out_and_how_many_is_told(shelf: None) -> None:
    store([ask(5, 1), ask(5, 2)], [opened(5, 1)])
    for rollup in (CONTACTS, SELF_HELP):
        fill(rollup, now=START + 2 * ONE_DAY)
    assert counted(CONTACTS, START) == {("uncounted", ""): [2, 0, 0, 0, 0, 0, 0, 0]}
    assert counted(SELF_HELP, START) == {}
