"""Does the editor ask who answers an invitation, and what to offer when nobody is free, and of nothing else?"""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from oscar_engage.dashboard.rules.controls import build_form
from oscar_engage.dashboard.rules.draft import new_draft, to_document
from oscar_engage.desk.models import Queue
from tests.rules.moments import ENGAGEMENTS

pytestmark = pytest.mark.django_db


def draft(do: str, **options: Any) -> dict[str, Any]:
    raw = new_draft()
    raw["branches"][0]["then"] = [{"do": do, "with": options}]
    return raw


def values(control: Any) -> list[tuple[str, bool]]:
    return [(option.value, option.is_chosen) for group in control.groups for option in group.options]


def test_build_form__invitation__asks_for_queue_and_what_needs_no_agent() -> None:
    Queue.objects.create(slug="returns", name="Returns")
    raw = draft("invite.chat", engagement="checkout-help", queue="returns", fallback="gone")
    then = build_form(raw, engagements=ENGAGEMENTS).branches[0].then
    assert values(then.queue) == [("", False), ("returns", True)]
    assert values(then.fallback) == [("", False), ("delivery-times", False), ("ask-us", False), ("gone", True)]


def test_build_form__other_action__asks_for_neither_and_no_table(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        then = build_form(draft("show.balloon", engagement="delivery-times"), engagements=ENGAGEMENTS).branches[0].then
    assert (then.queue, then.fallback) == (None, None)


def test_build_form__several_invitations__queues_are_read_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    raw = draft("invite.chat", engagement="checkout-help")
    raw["branches"] *= 3
    with django_assert_num_queries(1):
        build_form(raw, engagements=ENGAGEMENTS)


@pytest.mark.parametrize(
    ("do", "left"),
    [
        ("invite.chat", {"engagement": "x", "queue": "returns"}),
        ("offer.note", {"engagement": "x"}),
        ("gone", {"engagement": "x"}),
    ],
)
def test_to_document__left_empty_or_of_another_action__is_dropped(do: str, left: dict[str, str]) -> None:
    document = to_document(draft(do, engagement="x", queue="returns", fallback=""))
    assert document["branches"][0]["then"] == [{"do": do, "with": left}]


def test_editor__invitation_posted__shows_both_selects(client: Any, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create_superuser("root", "root@shop.example"))
    fields = {
        "branches[0].when.combinator": "and",
        "branches[0].when.rules[0].field": "page.kind",
        "branches[0].then[0].do": "invite.chat",
        "branches[0].then[0].with.fallback": "ask-us",
        "edit": "change:branches[0].then[0].do",
    }
    html = client.post("/dashboard/engage/rules/new/", fields).content.decode()
    assert 'name="branches[0].then[0].with.queue"' in html
    assert '<option value="ask-us" selected>' in html
