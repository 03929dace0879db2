"""Does every page of the report menu keep the house style, at a bounded price?"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from oscar_engage.dashboard.templatetags.engage_report_menu import PAGES
from tests.dashboard.test_worth import fill_all

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15
MOST_OF_LEARNING = 16
"""What is learnt is in the same menu, and reads its own tables as well as the counted days."""

NAMES = [name for _label, name in PAGES]
BY_PERIOD = {"engage-learning", "engage-ratings", "engage-report-places", "engage-exits"}
"""Pages over the last days alone: what they show is not kept by day."""


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


@pytest.mark.parametrize("asked", [{}, {"beside": "before"}], ids=["alone", "beside"])
@pytest.mark.parametrize("is_filled", [False, True], ids=["empty", "filled"])
@pytest.mark.parametrize("name", NAMES)
def test_report_page__with_and_without_figures__stays_within_its_queries(
    name: str, is_filled: bool, asked: dict[str, str], client: Client, rule: Any, django_assert_max_num_queries: Any
) -> None:
    if is_filled:
        fill_all(rule)
    address = reverse(f"engage_dashboard:{name}")
    client.get(address, asked)  # the first look fills caches that all pages share
    with django_assert_max_num_queries(MOST_OF_LEARNING if name == "engage-learning" else MOST_QUERIES):
        page = client.get(address, asked)
    assert page.status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_report_page__any__has_the_menu_and_the_form_of_its_days(name: str, client: Client) -> None:
    page = client.get(reverse(f"engage_dashboard:{name}")).content.decode()
    assert page.count('class="engage-report-menu"') == 1
    assert page.count('aria-current="page"') >= 1
    assert ('class="engage-span"' in page) == (name not in BY_PERIOD)


FILES = {"engage-report-service": ({"as": "contacts"}, {"as": "help"})}
"""How the files of a page are asked for, where not by ``as=csv``."""


@pytest.mark.parametrize("name", NAMES)
def test_report_page__asked_for_a_file__sends_the_same_days_as_csv(name: str, client: Client, rule: Any) -> None:
    fill_all(rule)
    for asked in FILES.get(name, ({"as": "csv"},)):
        sheet = client.get(reverse(f"engage_dashboard:{name}"), {"days": "30", **asked})
        assert sheet["Content-Type"].startswith("text/csv")
        assert sheet.content.decode("utf-8-sig").splitlines()[0].count(",") >= 2
