"""Can a merchandiser start from a ready rule with one press, and see what is still to be done?"""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from oscar_engage.models import Engagement, Rule
from oscar_engage.rules.library import READY

pytestmark = pytest.mark.django_db
LIBRARY = "engage_dashboard:engage-rule-library"


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


def read(client: Client, url: str, *args: Any) -> str:
    return unescape(client.get(reverse(url, args=args)).content.decode())


def test_page__all_rules__are_said_with_their_reason_and_words(client: Client) -> None:
    page = read(client, LIBRARY)
    for ready in READY:
        assert str(ready.name) in page
        assert str(ready.why) in page
        assert str(ready.offers[0].body) in page
    assert "basket total is at least 100.00 GBP" in page


def test_page__rule_that_lacks_a_variable__says_which_and_has_no_button(client: Client) -> None:
    page = read(client, LIBRARY)
    for ready in READY:
        assert (f'name="ready" value="{ready.slug}"' in page) != bool(ready.missing())
        assert all(name in page for name in ready.missing())


def test_start__one_press__opens_a_draft_and_says_that_its_words_are_not_active(client: Client) -> None:
    response = client.post(reverse(LIBRARY), {"ready": "price-copied"})
    rule = Rule.objects.get()
    assert response.headers["Location"] == reverse("engage_dashboard:engage-rule-edit", args=[rule.pk])
    assert not Engagement.objects.get().is_active

    page = read(client, "engage_dashboard:engage-rule-edit", rule.pk)
    assert "is a draft now" in page
    assert "“ready-price” is not active yet" in page
    assert reverse("engage_dashboard:engage-engagement-edit", args=[Engagement.objects.get().pk]) in page
    assert "You have one already" in read(client, LIBRARY)
    assert "created the rule" in read(client, "engage_dashboard:engage-rule-history", rule.pk)


@pytest.mark.parametrize("slug", ["", "nothing", "__class__"])
def test_start__no_such_rule__is_not_found(client: Client, slug: str) -> None:
    assert client.post(reverse(LIBRARY), {"ready": slug}).status_code == 404
    assert not Rule.objects.exists()


def test_list__without_a_rule__leads_to_the_ready_ones(client: Client) -> None:
    page = read(client, "engage_dashboard:engage-rules")
    assert "Start from a ready rule" in page
    assert reverse(LIBRARY) in page
