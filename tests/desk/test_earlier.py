"""How much this person has asked before, on any of their devices."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from oscar_engage.desk.earlier import count_questions
from oscar_engage.desk.models import Conversation
from oscar_engage.rules.answers import QuestionFacts
from oscar_engage.visitors.models import Visitor

pytestmark = pytest.mark.django_db


def visitor(**fields: Any) -> Visitor:
    return Visitor.objects.create(created_at=timezone.now(), last_seen_at=timezone.now(), **fields)


def ask(who: Visitor, status: str = "waiting") -> None:
    now = timezone.now()
    closed_at = now if status == "closed" else None
    Conversation.objects.create(kind="note", status=status, visitor_id=who.pk, created_at=now, due_at=now, closed_at=closed_at)


@pytest.mark.parametrize("count", [1, 3])
def test_count_questions__on_two_devices__is_one_query(count: int, django_assert_num_queries: Callable[[int], Any]) -> None:
    laptop = visitor()
    phone = visitor(unit_of=laptop.pk)
    ask(visitor())
    for _number in range(count):
        ask(laptop, "closed")
        ask(phone)

    with django_assert_num_queries(1):
        assert count_questions(phone.unit_id) == QuestionFacts(asked=2 * count, open=count)


def test_count_questions__never_asked__is_none() -> None:
    assert count_questions(visitor().unit_id) == QuestionFacts(asked=0, open=0)
