"""Do several tabs that ask at once, or send the same answer, write each line once?"""

import os
import uuid

import pytest

from oscar_engage.desk.models import Agent
from oscar_engage.desk.practice import run
from oscar_engage.desk.practice.models import Practice, PracticeLine
from tests.desk.conftest import NOW
from tests.desk.mailbox.test_races import at_once
from tests.desk.practice.test_run import answer, ask, at, every, first_chat, learner, practice  # noqa: F401 - fixtures

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(os.environ.get("ENGAGE_TEST_DB") != "postgres", reason="threads cannot share SQLite's memory database"),
]


def test_advance__tabs_ask_at_once__each_line_is_there_once(practice: Practice) -> None:  # noqa: F811 - the fixture
    every(practice, 90)
    before = PracticeLine.objects.count()
    at_once(lambda: run.advance(Practice.objects.select_related("agent").get(), now=at(98)))
    lines = list(PracticeLine.objects.values_list("chat_id", "move"))
    assert len(lines) == len(set(lines)) > before


def test_answer__sent_at_once_with_one_id__is_one_line(practice: Practice) -> None:  # noqa: F811 - the fixture
    ask(practice, 3)
    same = uuid.uuid4()
    at_once(lambda: answer(first_chat(practice), "One moment.", 5, client_id=same))
    assert PracticeLine.objects.filter(move="").count() == 1


def test_begin__pressed_at_once__is_one_sitting(learner: Agent) -> None:  # noqa: F811 - the fixture
    at_once(lambda: run.begin_practice(learner, size=1, language="en", difficulty="", seed="s", now=NOW))
    assert Practice.objects.count() == 1
