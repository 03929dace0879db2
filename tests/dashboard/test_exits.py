"""Does the page on leaving show curve, numbers and what it waits for, at a constant price?"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.analytics.exits.curve import Count, Key, Step, by_views
from oscar_engage.analytics.exits.kept import add_counts
from oscar_engage.analytics.interval import wilson
from oscar_engage.dashboard.reports.exit_chart import BOTTOM, LEFT, RIGHT, TOP, draw
from oscar_engage.dashboard.reports.exits import describe_exits

COUNTS: dict[Key, Count] = {
    ("basket", 1, 0): Count(60, 60),
    ("basket", 1, 120): Count(40, 1040),
    ("basket", 2, 60): Count(150, 50),
    ("basket", 12, 0): Count(1, 2),
    ("payment", 1, 0): Count(30, 170),
    ("checkout", 1, 0): Count(30, 69),
}


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


def learn(counts: dict[Key, Count]) -> None:
    add_counts({timezone.now().date(): counts})


def open_page(client: Client, language: str = "en") -> str:
    return client.get(reverse("engage_dashboard:engage-exits"), headers={"Accept-Language": language}).content.decode()


def section(page: str, stage: str) -> str:
    return page.partition(f'aria-labelledby="engage-stage-{stage}"')[2].partition("</section>")[0]


@pytest.mark.django_db
def test_exits__nothing_counted__says_what_every_stage_waits_for(client: Client) -> None:
    page = open_page(client)
    assert page.count("Needs 100 more page views at this stage") == 5
    assert "<svg" not in page


@pytest.mark.django_db
def test_exits__counted__has_a_curve_and_a_table_by_pages_and_by_idle_seconds(client: Client) -> None:
    learn(COUNTS)
    basket = section(open_page(client), "basket")
    assert basket.count("<svg") == basket.count("<polygon") == basket.count("<table") == 2
    cells = [re.sub(r"\s*<[^>]*>\s*", " ", row) for row in re.findall(r'<tr data-views="1">.*?</tr>', basket, re.DOTALL)]
    assert [cell.split()[:4] for cell in cells] == [["1", "1,200", "100", "8.3%"]]
    assert "12 and later" in basket
    assert "half of the shoppers would have left after 2 pages" in basket


@pytest.mark.django_db
def test_exits__one_page_view_missing__says_so(client: Client) -> None:
    learn(COUNTS)
    assert "Needs 1 more page view at this stage" in section(open_page(client), "checkout")


@pytest.mark.django_db
def test_exits__where_shoppers_pay__says_why_idle_time_is_not_known(client: Client) -> None:
    learn(COUNTS)
    payment = section(open_page(client), "payment")
    assert payment.count("<svg") == 1
    assert "no script of ours runs" in payment


@pytest.mark.django_db
def test_exits__policy_without_inline_anything__is_kept(client: Client) -> None:
    learn(COUNTS)
    main = open_page(client).partition('<main class="engage')[2].partition("</main>")[0]
    assert re.findall(r"<script|<style|\sstyle=|\son\w+=", main) == []


@pytest.mark.django_db
def test_exits__in_german__writes_its_numbers_so_and_draws_as_before(client: Client) -> None:
    learn(COUNTS)
    page = open_page(client, "de")
    assert "1.200" in page
    assert re.findall(r'points="([^"]*)"', page) == re.findall(r'points="([^"]*)"', open_page(client))


@pytest.mark.django_db
@pytest.mark.parametrize("stages", [1, 3])
def test_exits__any_number_of_stages__takes_the_same_queries(
    stages: int, client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for stage in ("browsing", "basket", "payment")[:stages]:
        learn({(stage, nth, 0): Count(50, 50) for nth in range(1, 13)})
    open_page(client)
    with django_assert_num_queries(8):  # session, user, permissions (2), savepoints (2), notifications, counts
        open_page(client)


@pytest.mark.django_db
def test_reports__list__leads_to_the_page(client: Client) -> None:
    page = client.get(reverse("engage_dashboard:engage-reports")).content.decode()
    assert f'href="{reverse("engage_dashboard:engage-exits")}"' in page


def test_draw__nothing_known__is_nothing() -> None:
    assert draw([Step(1, 5, 1, None)], range(1, 13)) is None


def test_draw__known_steps__lie_inside_the_field_from_the_first_mark_to_the_last() -> None:
    chart = draw([Step(1, 100, 90, wilson(90, 100)), Step(12, 100, 0, wilson(0, 100))], range(1, 13))
    assert chart is not None
    (first, high), (last, low) = chart.dots
    assert (first, last, low) == (LEFT, RIGHT, BOTTOM)
    assert TOP < high < BOTTOM
    assert [tick.value for tick in chart.up] == [0, 0.5, 1]
    assert len(chart.band.split()) == 4


@pytest.mark.parametrize(("left", "top"), [(0, 0.05), (30, 0.05), (50, 0.1), (200, 0.25), (400, 0.5), (1000, 1)])
def test_draw__small_shares__get_a_scale_of_their_own(left: int, top: float) -> None:
    chart = draw([Step(1, 1000, left, wilson(left, 1000))], range(1, 13))
    assert chart is not None
    assert chart.up[-1].value == top


def test_describe_exits__half_never_leave__says_nothing_of_a_half() -> None:
    counts = {("browsing", 1, 0): Count(10, 190)}
    browsing = describe_exits(counts)[0]
    assert (browsing.half_after, browsing.page_views, browsing.left, browsing.missing) == (None, 200, 10, 0)
    assert by_views(counts, "browsing")[0] == browsing.views.steps[0]
