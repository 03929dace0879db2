"""Does the agent read in words where the shopper went, each page once and for how long?"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.test.factories import create_product

from oscar_engage.dashboard.desk.journey import Step, read_journey
from oscar_engage.desk.models import Conversation
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visit
from tests.dashboard.conftest import NOW

pytestmark = pytest.mark.django_db

Told = tuple[float, str, dict[str, Any]]


def tell(visit: Visit, *signals: Told) -> None:
    """Write the signals into the log: seconds after the visit began, kind, payload."""
    SignalRecord.objects.bulk_create(
        SignalRecord(
            event_id=uuid.uuid4(),
            visitor_id=visit.visitor_id,
            visit_id=visit.pk,
            kind=kind,
            payload=payload,
            source="browser",
            at=NOW + timedelta(seconds=seconds),
            received_at=NOW,
        )
        for seconds, kind, payload in signals
    )


def words(visit: Visit) -> list[str]:
    return [step.words for step in read_journey(visit.pk)]


def test_journey__opened_and_left__one_step_with_its_page_and_how_long(visit: Visit) -> None:
    boots = create_product(title="Alpine boots")
    page = {"page": "product", "product_id": boots.pk}
    tell(visit, (0, "page.viewed", page), (40, "page.left", {**page, "visible": 34.6}))

    assert read_journey(visit.pk) == [Step(NOW, "Looked at Alpine boots (35 seconds)", f"/catalogue/alpine-boots_{boots.pk}/")]


@pytest.mark.parametrize("gap", [-3, 0, 3])
def test_journey__server_and_browser_tell_of_one_opening__one_step(visit: Visit, gap: float) -> None:
    boots = create_product(title="Alpine boots")
    tell(
        visit,
        (10, "product.viewed", {"product_id": boots.pk}),
        (10 + gap, "page.viewed", {"page": "product", "product_id": boots.pk}),
        (300, "page.left", {"page": "product", "product_id": boots.pk, "visible": 200}),
    )

    assert words(visit) == ["Looked at Alpine boots (3 minutes)"]


def test_journey__two_tabs__each_leaving_with_its_own_page(visit: Visit) -> None:
    basket, search = {"page": "basket"}, {"page": "search"}
    tell(
        visit,
        (0, "page.viewed", search),
        (20, "page.viewed", basket),
        (30, "page.left", {**search, "visible": 1}),
        (50, "page.left", {**basket, "visible": 9}),
    )

    assert words(visit) == ["Looked at the basket (9 seconds)", "Looked at the search results (1 second)"]


def test_journey__same_page_twice__two_steps(visit: Visit) -> None:
    tell(visit, (0, "page.viewed", {"page": "home"}), (5, "page.viewed", {"page": "home"}))

    assert words(visit) == ["Looked at the home page"] * 2


def test_journey__left_but_opened_before_it_begins__says_so(visit: Visit) -> None:
    tell(visit, (0, "page.left", {"page": "home", "visible": 12}))

    assert words(visit) == ["Left the home page (12 seconds)"]


@pytest.mark.parametrize(
    ("kind", "payload", "said"),
    [
        ("page.viewed", {"page": "category"}, "Looked at the list of products"),
        ("page.viewed", {"page": "category", "category_id": 999_999}, "Looked at the list of products"),
        ("page.viewed", {"page": "product", "product_id": 999_999}, "Looked at a product"),
        ("page.viewed", {"page": "checkout", "step": "shipping-method"}, "Looked at the checkout's page “delivery method”"),
        ("checkout.step", {"step": "gift-wrap"}, "Looked at the checkout's page “gift-wrap”"),
        ("checkout.refused", {"step": "preview"}, "Was sent back from the checkout's page “last look before the order”"),
        ("page.viewed", {"page": "account"}, "Looked at the customer's account"),
        ("page.viewed", {}, "Looked at another page"),
    ],
)
def test_journey__page_of_any_kind__in_words(visit: Visit, kind: str, payload: dict[str, Any], said: str) -> None:
    tell(visit, (0, kind, payload))

    assert read_journey(visit.pk) == [Step(NOW, said)]


@pytest.mark.parametrize("count", [1, 3])
def test_journey__products_and_categories__take_one_query_each(
    visit: Visit, count: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(count):
        category = create_from_breadcrumbs(f"Camping > Tents {number}")
        boots = create_product(title=f"Boots {number}")
        tell(
            visit,
            (number, "page.viewed", {"page": "category", "category_id": category.pk}),
            (number, "page.viewed", {"page": "product", "product_id": boots.pk}),
            (number, "basket.line_added", {"product_id": boots.pk}),
        )

    with django_assert_num_queries(3):
        steps = read_journey(visit.pk)

    assert len(steps) == 3 * count
    assert all(step.path for step in steps)


def test_journey__a_hundred_pages_opened_and_left__fifty_steps(visit: Visit) -> None:
    for number in range(100):
        tell(visit, (number, "page.viewed", {"page": "home"}), (number + 0.5, "page.left", {"page": "home", "visible": 1}))

    assert words(visit) == ["Looked at the home page (1 second)"] * 50


def test_conversation__journey__leads_to_products_and_not_to_the_agents_own_pages(
    client_of: Callable[[str], Client], note: Conversation, visit: Visit
) -> None:
    boots = create_product(title="<b>Alpine</b> boots")
    tell(visit, (0, "page.viewed", {"page": "product", "product_id": boots.pk}), (9, "page.viewed", {"page": "basket"}))

    page = client_of("agent").get(reverse("engage_dashboard:engage-conversation", args=[note.public_id])).content.decode()

    assert f'<a href="{boots.get_absolute_url()}" target="_blank" rel="noopener">Looked at &lt;b&gt;Alpine' in page
    assert "<span>Looked at the basket</span>" in page


@pytest.mark.parametrize(
    ("path", "is_link"),
    [
        ("/catalogue/", True),
        ("/catalogue/boots_1/", True),
        ("/", True),
        ("/basket/", False),
        ("/accounts/logout/", False),
        ("/dashboard/engage/", False),
        ("/no/such/page/", False),
        ("", False),
    ],
)
def test_conversation__page_that_the_shopper_named__is_a_link_only_into_the_catalogue(
    client_of: Callable[[str], Client], note: Conversation, path: str, is_link: bool
) -> None:
    Conversation.objects.update(page_path=path)

    page = client_of("agent").get(reverse("engage_dashboard:engage-conversation", args=[note.public_id])).content.decode()

    assert (f'<a href="{path}" target="_blank"' in page) is is_link
