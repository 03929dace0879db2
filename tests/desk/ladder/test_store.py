"""Is the ladder kept in the order that supervisors give it, and are its steps offered to whom they are meant for?"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

import pytest

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.ladder.choose import choose_steps
from oscar_engage.desk.ladder.models import LadderStep
from oscar_engage.desk.ladder.steps import Asker, Step
from oscar_engage.desk.ladder.store import move_step, read_ladder, save_step
from oscar_engage.desk.promises.store import check_conditions
from oscar_engage.rules.engine.walk import Read

pytestmark = pytest.mark.django_db
ALL = Asker(here=frozenset(Step))
IN_BASKET = {"combinator": "and", "rules": [{"field": "page.kind", "operator": "=", "value": "basket"}]}


def on_page(kind: str) -> Callable[[Collection[str]], Read]:
    return lambda fields: lambda key: kind if key == "page.kind" else pytest.fail(key)  # type: ignore[return-value]


def test_ladder__nothing_kept__is_the_usual_one(django_assert_num_queries: Callable[[int], Any]) -> None:
    with django_assert_num_queries(1):
        assert [row.step for row in read_ladder()] == list(Step)
    assert not LadderStep.objects.exists()


def test_move__up_and_down__is_kept_and_in_the_trail(now: datetime) -> None:
    move_step(Step.CHAT, by=-1, user=None, now=now)
    assert [row.step for row in read_ladder()] == ["article", "answer", "chat", "note", "page", "voice", "call"]
    move_step(Step.ARTICLE, by=-1, user=None, now=now)
    assert next(row.step for row in read_ladder()) == "article"
    move_step(Step.ARTICLE, by=1, user=None, now=now)
    assert [row.step for row in read_ladder()] == ["answer", "article", "chat", "note", "page", "voice", "call"]
    trail = AuditEntry.objects.filter(action="ladder.moved").order_by("pk").values_list("detail", flat=True)
    assert list(trail)[-1] == {"step": "article", "to": 2}


def test_save__one_step__leaves_the_order(now: datetime) -> None:
    move_step(Step.CHAT, by=-1, user=None, now=now)
    note = next(row for row in read_ladder() if row.step == "note")
    note.is_active, note.cost = False, 2
    save_step(note, user=None, now=now)
    assert [row.step for row in read_ladder()] == ["article", "answer", "chat", "note", "page", "voice", "call"]
    assert choose_steps(ALL, on_page("home")) == (Step.ARTICLE, Step.ANSWER, Step.CHAT, Step.PAGE, Step.VOICE, Step.CALL)


def test_choose__conditions__hold_for_whom_they_are_meant(
    now: datetime, django_assert_num_queries: Callable[[int], Any]
) -> None:
    document, errors = check_conditions(IN_BASKET, path="scope", segments={})
    assert not errors
    chat = next(row for row in read_ladder() if row.step == "chat")
    chat.document = document
    save_step(chat, user=None, now=now)
    with django_assert_num_queries(3):  # the ladder within a savepoint
        assert Step.CHAT in choose_steps(ALL, on_page("basket"))
    assert Step.CHAT not in choose_steps(ALL, on_page("home"))


def test_choose__conditions_that_cannot_be_read__are_meant_for_nobody_and_say_so(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    LadderStep.objects.create(step="chat", place=0, document={"combinator": "and", "rules": [{"field": "no.such"}]})
    assert choose_steps(ALL, on_page("home")) == (Step.ARTICLE, Step.ANSWER, Step.NOTE, Step.PAGE, Step.VOICE, Step.CALL)
    assert "step chat cannot be read" in caplog.text


def test_check__no_line_and_a_wrong_one__is_everybody_and_an_error() -> None:
    assert check_conditions({"combinator": "and", "rules": []}, path="scope", segments={}) == (None, [])
    document, errors = check_conditions({"combinator": "and", "rules": [{"field": "no.such"}]}, path="scope", segments={})
    assert (document, bool(errors)) == (None, True)
