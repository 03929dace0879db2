"""Can a supervisor say what is promised to whom and in which hours, and does the desk show how it stands?"""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.promises.lines import read_lines, write_lines
from oscar_engage.dashboard.promises.reading import say_minutes
from oscar_engage.dashboard.rules.controls import build_form
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.promises.models import OpeningHours, Policy
from oscar_engage.rules.models import Segment
from tests.dashboard.browser import submit

pytestmark = pytest.mark.django_db
GROUP = {"combinator": "and", "rules": [{"field": "visit.pages", "operator": ">", "value": 3}]}
TYPED = {"name": "Busy visitors", "priority": "10", "first_minutes": "5", "resolve_minutes": "240", "is_active": "on"}
HOURS = {
    "name": "Office",
    "time_zone": "Europe/Berlin",
    "weekly": "mon-fri: 9:00-12:30\nmon-fri: 14:00-18:00\n\nsat: 10:00-14:00",
    "holidays": "2026-12-25\n2026-12-26\n",
    "special_days": "2026-12-24: 10:00-14:00\n2026-12-31: closed",
}


def url(name: str, *args: Any) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


def said(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(response.content.decode())).replace("\xa0", " ")


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


def fields(group: dict[str, Any] | None = GROUP, **more: Any) -> dict[str, Any]:
    typed = dict(submit(build_form({"scope": group}, engagements={}))) if group else {}
    return {**TYPED, **{name: value for name, value in typed.items() if name.startswith("scope")}, **more}


def test_list__nothing_yet__says_what_holds_then(client: Client) -> None:
    page = said(client.get(url("promises")))
    assert "everybody is promised the same, at any hour" in page
    assert "every minute counts" in page


def test_policy__created__is_listed_in_words(client: Client) -> None:
    assert "Add condition" in said(client.get(url("policy-create")))
    page = said(client.post(url("policy-create"), fields(), follow=True))
    assert "“Busy visitors” is saved." in page
    assert "an answer within 5 minutes, a solution within 4 hours · at any hour" in page
    assert "Pages in this visit is more than 3." in page
    assert Policy.objects.get().document == GROUP
    assert AuditEntry.objects.filter(action="policy.created").exists()


def test_policy__without_conditions__is_for_everybody(client: Client) -> None:
    typed = fields(None, resolve_minutes="", is_active="")
    page = said(client.post(url("policy-create"), typed, follow=True))
    assert Policy.objects.get().document is None
    assert "Everybody who asks." in page
    assert "not in use" in page


def test_policy__everything_wrong__says_all_at_once_and_keeps_it(client: Client) -> None:
    typed = fields(name="", first_minutes="0", resolve_minutes="x")
    typed["scope.rules[0].value"] = ["many"]
    response = client.post(url("policy-create"), typed)
    page = said(response)
    assert response.status_code == 422
    for place in ("#id_name", "#id_first_minutes", "#id_resolve_minutes", "#engage-scope-rules-0-value"):
        assert f'href="{place}"' in page
        assert f'id="{place[1:]}"' in page
    assert 'value="many"' in page
    page = said(client.post(url("policy-create"), fields(first_minutes="40", resolve_minutes="30")))
    assert "A solution cannot come before the first answer: type 40 or more." in page
    assert "engage_policy" not in page
    assert not Policy.objects.exists()


def test_policy__edited__changes_and_a_condition_can_be_taken_out(client: Client) -> None:
    policy = Policy.objects.create(name="Busy", first_minutes=5, document=GROUP)
    assert 'value="3"' in said(client.get(url("policy-edit", policy.pk)))
    client.post(url("policy-edit", policy.pk), fields(None, name="All"))
    policy.refresh_from_db()
    assert (policy.name, policy.document) == ("All", None)


def test_policy__buttons_without_javascript_and_with_htmx__keep_what_was_typed(client: Client) -> None:
    typed = fields(name="Half typed", edit="add-condition:scope")
    page = said(client.post(url("policy-create"), typed))
    assert 'name="scope.rules[1].field"' in page
    assert 'value="Half typed"' in page
    assert "Not complete yet: 1 place" in page
    fragment = said(client.post(url("policy-create"), typed, headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    assert fragment.count('id="engage-document"') == 1
    preview = said(client.post(url("policy-create"), fields(edit="preview"), headers={"HX-Request": "true"}))
    assert "Pages in this visit is more than 3." in preview
    assert "engage-document" not in preview


def test_policy__its_segment_is_gone__says_that_it_matches_nobody(client: Client, client_of: Callable[[str], Client]) -> None:
    segment = Segment.objects.create(slug="busy", name="Busy", document=GROUP)
    named = {"combinator": "and", "rules": [{"field": "segment.busy", "operator": "=", "value": True}]}
    client.post(url("policy-create"), fields(named))
    assert "matches nobody" not in said(client.get(url("promises")))
    page = said(client_of("superuser").post(url("segment-delete", segment.pk), follow=True))
    assert "“Busy” is used by “Busy visitors”. Take it out there first." in page
    segment.delete()
    page = said(client.get(url("promises")))
    assert "matches nobody" in page
    assert "There is no segment “busy”" in page


def test_policy__deleted__only_when_no_open_conversation_goes_by_it(client: Client, note: Conversation) -> None:
    policy = Policy.objects.create(name="Busy", first_minutes=5)
    Conversation.objects.update(policy=policy)
    page = said(client.post(url("policy-delete", policy.pk), follow=True))
    assert f"holds for open conversations: {note.reference}. Take it out of use instead." in page
    Conversation.objects.update(status="closed", closed_at=timezone.now())
    assert "is deleted" in said(client.post(url("policy-delete", policy.pk), follow=True))
    assert Conversation.objects.get().policy is None


def test_hours__created__are_stored_and_can_be_read_again(client: Client) -> None:
    assert '<option value="Europe/Berlin"' in said(client.get(url("opening-hours-create")))
    page = said(client.post(url("opening-hours-create"), HOURS, follow=True))
    assert "“Office” are saved." in page
    hours = OpeningHours.objects.get()
    assert hours.weekly == {"mon-fri": "9:00-12:30, 14:00-18:00", "sat": "10:00-14:00"}
    assert hours.holidays == ["2026-12-25", "2026-12-26"]
    assert hours.special_days == {"2026-12-24": "10:00-14:00", "2026-12-31": ""}
    form = client.get(url("opening-hours-edit", hours.pk)).content.decode()
    assert "mon-fri: 9:00-12:30, 14:00-18:00\nsat: 10:00-14:00" in form
    assert "2026-12-31: closed" in form
    assert '<option value="Europe/Berlin" selected>' in form


def test_hours__mistakes__say_at_their_field_what_to_type_and_keep_it(client: Client) -> None:
    typed = {**HOURS, "weekly": "monday: 9-17", "holidays": "Christmas", "special_days": "2026-12-24: late"}
    response = client.post(url("opening-hours-create"), typed)
    page = said(response)
    assert response.status_code == 422
    assert "“monday: 9-17” are no opening hours. Type days and hours, one on each line" in page
    assert "“Christmas” is no date." in page
    assert "“2026-12-24: late” are no opening hours." in page
    assert "monday: 9-17</textarea>" in page
    assert not OpeningHours.objects.exists()


def test_hours__deleted__only_when_no_policy_has_them(client: Client) -> None:
    hours = OpeningHours.objects.create(name="Office", time_zone="UTC")
    policy = Policy.objects.create(name="Busy", first_minutes=5, opening_hours=hours)
    assert "“Office” is used by “Busy”." in said(client.post(url("opening-hours-delete", hours.pk), follow=True))
    policy.delete()
    assert "is deleted" in said(client.post(url("opening-hours-delete", hours.pk), follow=True))


def test_lines__written_and_read__are_the_same() -> None:
    hours = {"mon": "9:00-12:00, 13:00-17:00", "sat": ""}
    assert read_lines(write_lines(hours)) == hours
    assert write_lines({"sun": "", "mon": "9:00-10:00"}) == "mon: 9:00-10:00\nsun: closed"
    assert write_lines({"2026-12-31": "", "2026-12-24": ""}) == "2026-12-24: closed\n2026-12-31: closed"
    assert read_lines("mon: 9:00-12:00\nmon: 13:00-17:00\nsat\n") == hours


@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "1 minute"), (60, "1 hour"), (125, "2 hours 5 minutes"), (2880, "48 hours")]
)
def test_say_minutes__in_hours_and_minutes(minutes: int, words: str) -> None:
    assert say_minutes(minutes) == words


@pytest.mark.parametrize("number", [1, 3])
def test_list__any_number__takes_as_many_queries(
    number: int, client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for place in range(number):
        hours = OpeningHours.objects.create(name=f"H{place}", time_zone="UTC", weekly={"mon": "9:00-17:00"})
        Policy.objects.create(name=f"P{place}", first_minutes=5, document=GROUP, opening_hours=hours)
    client.get(url("promises"))
    with django_assert_num_queries(10):  # seven of Oscar's; policies, segments and hours
        client.get(url("promises"))


@pytest.mark.parametrize(
    ("columns", "badge"),
    [
        ({"due_at": timedelta(minutes=30)}, 'engage-badge-in-time">answer in time: 30 minutes left'),
        (
            {"due_at": timedelta(minutes=30), "watch_at": timedelta(minutes=-1)},
            'engage-badge-soon">answer soon due: 30 minutes left',
        ),
        ({"due_at": timedelta(minutes=-30, seconds=-30)}, 'engage-badge-late">answer late by 30 minutes'),
        ({"due_at": timedelta(seconds=40)}, "answer in time: less than a minute left"),
    ],
)
def test_desk__note_that_waits__says_its_state_in_colour_and_words(
    client: Client, note: Conversation, columns: dict[str, timedelta], badge: str
) -> None:
    now = timezone.now() + timedelta(seconds=5)
    Conversation.objects.update(**{name: now + ahead for name, ahead in columns.items()})
    for name, *args in (("desk",), ("conversation", note.public_id)):
        assert badge in said(client.get(url(name, *args)))


@pytest.mark.parametrize(
    ("columns", "badge"),
    [
        ({}, 'engage-badge-open">answered'),
        ({"resolve_by": timedelta(hours=3)}, 'engage-badge-in-time">solution in time: 3 hours left'),
        (
            {"resolve_by": timedelta(hours=3), "solution_warned_at": timedelta(0)},
            'engage-badge-soon">solution soon due: 3 hours left',
        ),
        ({"resolve_by": timedelta(hours=-3, seconds=-30)}, 'engage-badge-late">solution late by 3 hours'),
        (
            {"resolve_by": timedelta(hours=3), "paused_at": timedelta(0)},
            'engage-badge-resting">paused: waits for the customer',
        ),
    ],
)
def test_conversation__answered__says_how_the_solution_stands(
    client: Client, note: Conversation, columns: dict[str, timedelta], badge: str
) -> None:
    now = timezone.now() + timedelta(seconds=5)
    Conversation.objects.update(status="open", first_reply_at=now, **{name: now + ahead for name, ahead in columns.items()})
    assert badge in said(client.get(url("conversation", note.public_id)))


def reply(client: Client, note: Conversation, **more: str) -> Conversation:
    client.post(url("conversation-reply", note.public_id), {"body": "Which size?", "client_id": str(uuid.uuid4()), **more})
    return Conversation.objects.get()


@pytest.mark.parametrize(("ticked", "is_paused"), [({}, False), ({"is_question": "on"}, True)])
def test_reply__ticked_as_a_question__pauses_the_clock(
    client: Client, note: Conversation, ticked: dict[str, str], is_paused: bool
) -> None:
    assert "the clock stands still" not in said(client.get(url("conversation", note.public_id)))
    Conversation.objects.update(resolve_by=timezone.now() + timedelta(hours=3))
    assert "the clock stands still" in said(client.get(url("conversation", note.public_id)))
    assert (reply(client, note, **ticked).paused_at is not None) is is_paused


def test_reply__with_htmx__brings_the_state_as_it_is_then(client: Client, note: Conversation) -> None:
    Conversation.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert 'id="engage-pace"><span class="engage-badge engage-badge-late">' in said(
        client.get(url("conversation", note.public_id))
    )
    typed = {"body": "Tomorrow.", "client_id": str(uuid.uuid4()), "after": "0"}
    answer = said(client.post(url("conversation-reply", note.public_id), typed, headers={"HX-Request": "true"}))
    assert '<span id="engage-pace" hx-swap-oob="true"><span class="engage-badge engage-badge-open">answered' in answer


def test_desk__own_conversations__stand_in_the_order_of_their_urgency(client: Client, note: Conversation) -> None:
    client.get(url("desk"))
    now, agent = timezone.now(), Agent.objects.get()
    for reference, ahead in (("FINE", 3), ("LATE", -3), ("SOON", 2)):
        Conversation.objects.create(
            kind="note",
            agent=agent,
            visitor_id=note.visitor_id,
            created_at=now,
            due_at=now + timedelta(hours=ahead),
            reference=reference,
            warned_at=now if reference == "SOON" else None,
        )
    assert re.findall(r"<strong>(FINE|LATE|SOON)</strong>", said(client.get(url("desk")))) == ["LATE", "SOON", "FINE"]


def test_desk__escalated__stands_first_for_supervisors_alone(
    client: Client, client_of: Callable[[str], Client], note: Conversation
) -> None:
    heading = "Escalated: a promise was broken"
    assert heading not in said(client.get(url("desk")))
    Conversation.objects.update(escalated_at=timezone.now())
    assert f"{heading} (1)" in said(client.get(url("desk")))
    agents = said(client_of("agent").get(url("desk")))
    assert heading not in agents
    assert 'engage-badge-late">escalated' in agents


@pytest.mark.parametrize("number", [1, 3])
def test_desk__any_number_of_policies_behind_it__takes_one_query_more_for_supervisors(
    number: int, client: Client, note: Conversation, django_assert_num_queries: Callable[[int], Any]
) -> None:
    now = timezone.now()
    for place in range(number):
        Conversation.objects.create(
            kind="note",
            visitor_id=note.visitor_id,
            created_at=now,
            due_at=now,
            escalated_at=now,
            resolve_by=now,
            policy=Policy.objects.create(name=f"P{place}", first_minutes=5),
            reference=f"N{place}",
        )
    client.get(url("desk"))
    with django_assert_num_queries(15):  # seven of Oscar's; the agent, queues, skills, four lists and their mark
        client.get(url("desk"))


def test_pages__any__have_no_inline_script_of_ours(client: Client) -> None:
    policy = Policy.objects.create(name="Busy", first_minutes=5, document=GROUP)
    for name, *args in (("promises",), ("policy-edit", policy.pk), ("opening-hours-create",)):
        page = client.get(url(name, *args)).content.decode()
        ours = page[page.index('class="engage ') :].partition("</main>")[0]
        assert not re.search(r"<script|\sstyle=|\son[a-z]+=|hx-on|javascript:", ours)


def test_list__one_press__creates_the_ready_policies(client: Client) -> None:
    assert "Begin with four ready policies" in said(client.get(url("promises")))
    page = said(client.post(url("policies-ready"), follow=True))
    assert "4 policies are created." in page
    assert "Begin with four" not in page
    assert "Preferred customers" in page
    assert "0 policies are created." in said(client.post(url("policies-ready"), follow=True))
