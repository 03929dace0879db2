"""Do the pages on service and costs say what was counted, beside other days, and what to do where nothing was?"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.analytics.costs.models import CostPeriod
from oscar_engage.analytics.costs.ports import INCREMENTS
from oscar_engage.analytics.costs.ratio import Increment
from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.analytics.volumes.models import ContactVolume
from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.topics.models import Topic
from tests.attacks.payloads import XSS

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)
COSTS = {
    "starts_on": "2026-01-01",
    "currency": "eur",
    "agent_hour": "30",
    "chats_at_once": "2",
    "note_minutes": "4",
    "note_fee": "0.10",
    "chat_fee": "0",
    "mail_fee": "0",
    "call_fee": "0",
    "voucher": "0",
    "self_served": "0.05",
}


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


def url(name: str, *args: Any) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


def said(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", response.content.decode()))).replace("\xa0", " ")


def counted(rollup: str, day: date, *cells: list[Any]) -> None:
    now = timezone.now()
    RollupDay.objects.create(rollup=rollup, day=day, version=1, cells=list(cells), digest="", filled_at=now)


def a_day(back: int, *, contacts: int = 10, topic: str = "") -> None:
    day = timezone.localdate() - back * ONE_DAY
    counted(
        "contacts",
        day,
        ["note", topic, contacts, 2, 8, 8, 8, 6, 0, 0],
        ["chat", topic, 5, 0, 5, 0, 0, 0, 25, 6_000],
        ["uncounted", "", 3, 0, 0, 0, 0, 0, 0, 0],
    )
    counted("self_help", day, ["article", topic, 50, 15, 45, 12], ["answer", "", 10, 2, 2, 2])
    counted("satisfaction", day, ["article", 20, 15], ["chat", 10, 9])


def costs(**more: Any) -> CostPeriod:
    known = {"starts_on": date(2026, 1, 1), "currency": "GBP", "agent_hour": 30, "note_minutes": 4, "chat_minutes": 6}
    return CostPeriod.objects.create(**{**known, **more})


class Known:
    """A source that knows what came in addition."""

    def __init__(self, increment: Increment | None) -> None:
        self.increment = increment

    def read(self, since: date, until: date) -> Increment | None:
        return self.increment


def test_service__nothing_yet__says_what_to_do(client: Client) -> None:
    assert "Nobody asked in these days" in said(client.get(url("report-service")))


def test_service__some_days__says_how_many_and_how_sure(client: Client) -> None:
    Topic.objects.create(slug="delivery", name=XSS[0])
    a_day(1, topic="delivery")
    response = client.get(url("report-service"))
    page = said(response)
    assert "Contacts that an agent had to answer 13" in page
    assert "14 of 60 who were shown help" in page
    assert "6 of 8 first contacts" in page
    assert "3 contacts of staff or automata are left out." in page
    assert "Without an agent 20 15 75%" in page
    assert "not known yet Say what a contact costs" in page
    assert XSS[0] not in response.content.decode()


def test_service__days_beside__stand_beside(client: Client) -> None:
    a_day(1)
    a_day(31, contacts=40)
    assert "beside: 43" in said(client.get(url("report-service"), {"beside": "before"}))


def test_service__costs_known__says_what_was_saved(client: Client) -> None:
    costs()
    a_day(1)
    page = said(client.get(url("report-service")))
    assert "£33.38" in page  # (8 x £2 + 5 x £3) / 13 for each of 14


@pytest.mark.parametrize("days", [1, 3])
def test_service__any_number_of_days__takes_as_many_queries(
    client: Client, days: int, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    costs()
    for back in range(days):
        Topic.objects.create(slug=f"topic-{back}", name=str(back))
        a_day(back, topic=f"topic-{back}")
    client.get(url("report-service"))
    with django_assert_max_num_queries(15):
        client.get(url("report-service"), {"beside": "before"})
    with django_assert_max_num_queries(16):  # 14, and the request's savepoint
        client.get(url("report-costs"), {"beside": "before"})


def test_service__as_files__are_the_same_numbers(client: Client) -> None:
    a_day(1, topic="delivery")
    contacts = client.get(url("report-service"), {"as": "contacts"}).content.decode()
    assert "note,delivery,10,2,8,8,8,8,6" in contacts
    assert "article,delivery,50,15,45,12" in client.get(url("report-service"), {"as": "help"}).content.decode()


def test_costs__nobody_said__asks_for_them(client: Client) -> None:
    assert "Nobody has said yet what things cost." in said(client.get(url("report-costs")))


def test_costs__some__priced_by_channel_with_what_is_missing(client: Client) -> None:
    costs(note_minutes=None, chat_minutes=None, chats_at_once=2, voucher=Decimal("0.5"))
    a_day(1)
    counted("vouchers", timezone.localdate() - ONE_DAY, ["", 4, 0], ["GBP", 0, 1_200], ["EUR", 0, 300])
    page = said(client.get(url("report-costs")))
    assert "Chat 5 £1.00 £5.00" in page  # 4 minutes, two at once
    assert "and 8 contacts of which it is not known how long they take" in page
    assert "Vouchers given 4 £0.50 £2.00" in page
    assert "It cost £19.00" in page
    assert "In EUR" in page
    assert "costs and revenue are in different currencies" in page  # orders are not told apart by currency
    assert "Notes" not in page


def test_costs__increment_known__each_order_has_its_price_with_an_interval(client: Client) -> None:
    costs()
    a_day(1)
    known = Increment(orders=Estimate(10, 5, 20), revenue=Estimate(62_000, -3_100, 124_000), currency="GBP")
    with INCREMENTS.only("known", Known(known)):
        page = said(client.get(url("report-costs")))
    assert "It cost £31.00" in page
    assert "£3.10 £1.55 to £6.20 (95 % interval)" in page
    assert "20 -1 to 40 (95 % interval)" in page


def test_costs__increment_that_may_be_nothing__says_not_yet(client: Client) -> None:
    costs()
    a_day(1)
    known = Increment(orders=Estimate(10, -5, 20), revenue=None, currency="GBP")
    with INCREMENTS.only("known", Known(known)):
        page = said(client.get(url("report-costs")))
    assert "may as well be nothing" in page
    assert "is not measured in these days" in page


def test_costs__typed__are_kept_with_a_line_in_the_trail(client: Client) -> None:
    assert client.post(url("cost-create"), COSTS).status_code == 302
    period = CostPeriod.objects.get()
    assert (period.currency, period.agent_hour, period.chat_minutes) == ("EUR", 30, None)
    client.post(url("cost-edit", period.pk), {**COSTS, "agent_hour": "35"})
    created, changed = AuditEntry.objects.filter(object_kind="cost_period").order_by("pk")
    assert created.action == "cost_period.created"
    assert changed.detail == {"changed": {"agent_hour": ["30", "35"]}}
    client.post(url("cost-delete", period.pk))
    assert AuditEntry.objects.filter(action="cost_period.deleted").exists()
    assert not CostPeriod.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"currency": "XQZ"}, "There is no such currency."),
        ({"agent_hour": "-1"}, "greater than or equal to 0"),
        ({"agent_hour": "nan"}, "Enter a number."),
        ({"agent_hour": "1e99"}, "digits"),
        ({"chats_at_once": "0.5"}, "greater than or equal to 1"),
        ({"starts_on": ""}, "This field is required."),
        ({"starts_on": "2025-01-01"}, "Costs from this day on are there already"),
    ],
)
def test_costs__wrong__are_not_kept_and_it_is_said_why(client: Client, typed: dict[str, str], words: str) -> None:
    costs(starts_on=date(2025, 1, 1))
    response = client.post(url("cost-create"), {**COSTS, **typed})
    assert response.status_code == 422
    assert words in said(response)
    assert CostPeriod.objects.count() == 1


def test_costs__german__are_typed_and_shown_with_commas(client: Client) -> None:
    client.cookies["django_language"] = "de"
    assert client.post(url("cost-create"), {**COSTS, "note_fee": "0,15", "self_served": "0,05"}).status_code == 302
    assert CostPeriod.objects.get().note_fee == Decimal("0.15")
    edited = client.get(url("cost-edit", CostPeriod.objects.get().pk)).content.decode()
    assert 'value="0,15"' in edited
    assert 'value="2026-01-01"' in edited


def test_costs__new_ones__begin_as_the_latest(client: Client) -> None:
    costs(agent_hour=44)
    assert 'value="44.00"' in client.get(url("cost-create")).content.decode()


def weeks_of_volumes(number: int, *, contacts: int) -> date:
    began = timezone.localdate() - 28 * ONE_DAY
    now = timezone.now()
    for back in range(1, 7 * number + 1):
        ContactVolume.objects.create(
            day=began - back * ONE_DAY, channel="call", topic="", contacts=contacts + back % 3, imported_at=now
        )
    return began


def test_trend__nothing_imported__offers_the_template(client: Client) -> None:
    page = client.get(url("report-trend"))
    assert "Nothing is imported yet." in said(page)
    assert url("volumes-template") in page.content.decode()


def test_trend__both_sides__says_that_fewer_came(client: Client) -> None:
    weeks_of_volumes(8, contacts=90)
    for back in range(1, 29):
        a_day(back, contacts=30 + back % 2)
    page = said(client.get(url("report-trend")))
    assert "Fewer contacts came from that day on" in page
    assert "Contacts a week before 637" in page
    assert "56 days with" in page


def test_trend__day_that_is_none__says_what_to_type(client: Client) -> None:
    for typed in ("never", "2026-02-31", "0001-01-01", "9999-12-31"):
        assert "Please give the day as 2026-11-30" in said(client.get(url("report-trend"), {"began": typed}))


def test_trend__as_a_file__has_both_sides_by_week(client: Client) -> None:
    began = weeks_of_volumes(3, contacts=10)
    text = client.get(url("report-trend"), {"began": began.isoformat(), "as": "csv"}).content.decode()
    assert len(text.splitlines()) == 1 + 3 + 4
    assert text.splitlines()[-1].endswith(",0,0.0,after")


def test_report_menu__shows_both_pages(client: Client) -> None:
    page = client.get(url("report-costs")).content.decode()
    assert url("report-service") in page
    assert 'aria-current="page">Costs</a>' in page
