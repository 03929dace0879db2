"""Can staff look at a draft on a page of their choice, at both sizes?"""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from oscar_engage.storefront.preview_token import PARAMETER
from oscar_engage.widgets.models import Engagement
from tests.storefront.journeys import stock_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


def look(client: Client, engagement: Engagement, **query: str) -> Any:
    return client.get(reverse("engage_dashboard:engage-engagement-page", args=[engagement.pk]), query)


def frames(response: Any) -> list[str]:
    return [unescape(source) for source in re.findall(r'<iframe src="([^"]+)"', response.content.decode())]


def test_page__nothing_chosen__the_first_example_in_two_frames_that_show_the_draft(
    client: Client, engagements: list[Engagement]
) -> None:
    product = stock_shop()
    desktop, phone = frames(look(client, engagements[1]))
    assert desktop == phone
    assert desktop.startswith(f"{product.get_absolute_url()}?{PARAMETER}=")
    assert "Checkout Help" in client.get(desktop).content.decode()


def test_page__typed_with_a_query__is_kept(client: Client, engagements: list[Engagement]) -> None:
    (address, _phone) = frames(look(client, engagements[0], page="/search/?q=boots"))
    assert address.startswith(f"/search/?q=boots&{PARAMETER}=")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("https://evil.example/", "first slash"),
        ("//evil.example/", "first slash"),
        ("javascript:alert(1)", "first slash"),
        ("/" + "x" * 500, "first slash"),
        ("/no-such-page/", "no page at this address"),
        ("/checkout/preview/", "one pays"),
        ("/dashboard/", "EXCLUDED_PATHS"),
    ],
)
def test_page__none_that_can_show_it__says_why(client: Client, engagements: list[Engagement], page: str, said: str) -> None:
    response = look(client, engagements[0], page=page)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not frames(response)


def test_page__wording_and_language__are_chosen(client: Client, engagements: list[Engagement]) -> None:
    texts = {
        "de": {"title": "Brauchen Sie Hilfe?", "body": "", "button": ""},
        "en": {"title": "Help?", "body": "", "button": ""},
    }
    Engagement.objects.update(variants=[{"name": "B", "share": 50, "texts": texts}])
    (address, _phone) = frames(look(client, engagements[1], page="/catalogue/", wording="B", language="de"))
    assert "Brauchen Sie Hilfe?" in client.get(address).content.decode()
    (address, _phone) = frames(look(client, engagements[1], page="/catalogue/", wording="Z", language="xx"))
    assert "Checkout Help" in client.get(address).content.decode()


def test_page__help_with_a_field__is_looked_at_where_something_is_filled_in(client: Client) -> None:
    made = Engagement.objects.create(slug="postcode", widget="field", title="Your postcode", anchor="postcode")

    (desktop, _phone) = frames(look(client, made))

    assert desktop.startswith(f"{reverse('customer:address-create')}?{PARAMETER}=")
