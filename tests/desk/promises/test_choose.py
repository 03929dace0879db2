"""By which policy is a promise made? By the first that fits for sure, judged once, and never at the cost of the question."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection

from oscar_engage.desk.models import Conversation
from oscar_engage.desk.promises.choose import broken, choose_terms
from oscar_engage.desk.promises.models import OpeningHours, Policy
from oscar_engage.rules.engine.values import UNKNOWN
from oscar_engage.rules.models import Segment
from tests.desk.promises.conftest import Ask, group, telling, utc

pytestmark = pytest.mark.django_db
MORNING = utc("05-04 09:30")


def make(name: str, minutes: int, document: Any = None, **columns: Any) -> Policy:
    return Policy.objects.create(name=name, first_minutes=minutes, document=document, **columns)


def chosen(**values: Any) -> int:
    return round(choose_terms(telling(**values)).first.total_seconds() / 60)


def test_choose__no_policy__promises_what_the_setting_says(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"PROMISED_MINUTES": 25}
    assert chosen() == 25


def test_choose__several_that_fit__takes_the_lowest_number() -> None:
    make("Everybody", 40, priority=300)
    make("Sales", 30, group("page.kind", "=", "product"), priority=200)
    make("Many orders", 5, group("customer.orders", ">", 5), priority=100)
    make("Not in use", 1, priority=1, is_active=False)
    assert chosen(page_kind="product", customer_orders=9) == 5
    assert chosen(page_kind="product", customer_orders=2) == 30
    assert chosen(page_kind="home", customer_orders=2) == 40


@pytest.mark.parametrize("operator", ["=", "!="])
def test_choose__value_not_known__never_fits(operator: str) -> None:
    make("Sales", 30, group("page.kind", operator, "product"))
    assert chosen() == 40
    assert choose_terms(None).policy_id is None


def test_choose__condition_names_a_segment__is_judged_by_its_text_of_now() -> None:
    segment = Segment.objects.create(slug="loyal", name="Loyal", document=group("customer.orders", ">", 5))
    make("Loyal", 5, group("segment.loyal", "=", True))
    assert (chosen(customer_orders=9), chosen(customer_orders=2)) == (5, 40)
    Segment.objects.filter(pk=segment.pk).update(document=group("customer.orders", ">", 1))
    assert chosen(customer_orders=2) == 5


def test_choose__conditions_that_cannot_be_read__are_logged_and_the_next_is_asked(caplog: pytest.LogCaptureFixture) -> None:
    old = make("Old", 1, group("gone.variable", "=", 1), priority=1)
    make("Loyal", 1, group("segment.gone", "=", True), priority=2)
    make("Everybody", 33, priority=3)
    assert chosen(page_kind="home") == 33
    assert f"policy {old.pk} cannot be read" in caplog.text
    assert len(list(broken(list(Policy.objects.all())))) == 2


@pytest.mark.parametrize("is_swallowed", [True, False])
def test_choose__query_of_a_variable_fails__the_question_is_kept(ask: Ask, *, is_swallowed: bool) -> None:
    make("Sales", 30, group("page.kind", "=", "product"))

    def read(key: str) -> Any:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT * FROM there_is_no_such_table")
        except DatabaseError:
            if not is_swallowed:
                raise
        return UNKNOWN

    def tell(fields: Any) -> Callable[[str], Any]:
        return read

    note = ask(MORNING, tell=tell)
    assert Conversation.objects.get(pk=note.pk).due_at == MORNING + timedelta(minutes=40)


def test_open__policy_with_hours__promises_answer_and_solution_in_open_time(ask: Ask, policy: Policy) -> None:
    note = ask(utc("05-08 16:40"))  # on a Friday
    assert (note.policy_id, note.due_at, note.resolve_by) == (policy.pk, utc("05-11 09:20"), utc("05-11 16:40"))
    assert note.watch_at == utc("05-11 09:10")


def test_open__hours_changed_later__what_was_promised_stays(ask: Ask, policy: Policy, office: OpeningHours) -> None:
    note = ask(MORNING)
    OpeningHours.objects.filter(pk=office.pk).update(weekly={"sat": "9:00-10:00"})
    Policy.objects.update(first_minutes=1)
    assert Conversation.objects.get(pk=note.pk).due_at == utc("05-04 10:10")


def test_open__hours_that_never_suffice__count_closed_time(
    ask: Ask, policy: Policy, office: OpeningHours, caplog: pytest.LogCaptureFixture
) -> None:
    OpeningHours.objects.filter(pk=office.pk).update(weekly={"mon": "9:00-9:01"})
    Policy.objects.update(first_minutes=100_000, resolve_minutes=None)
    assert ask(MORNING).due_at == MORNING + timedelta(minutes=100_000)
    assert "never open for long enough" in caplog.text


@pytest.mark.parametrize("number", [1, 3])
def test_choose__any_number_of_policies__takes_one_query(
    number: int, office: OpeningHours, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for place in range(number):
        make(f"P{place}", 30, group("page.kind", "=", "product"), opening_hours=office)
    with django_assert_num_queries(3):  # and the savepoint
        chosen(page_kind="home")
