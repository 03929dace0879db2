"""What does a browser learn that keeps unfinished forms: whose it is, our words, and nothing where the shop wants none?"""

import json
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oscar_engage.storefront.inventory import FORM_KEPT, list_stored
from oscar_engage.storefront.kept import owner_of
from oscar_engage.storefront.more import KEEP, list_more
from oscar_engage.storefront.snippet import build_snippet
from oscar_engage.visitors.page import PageFacts

BACKEND = "oscar.apps.customer.auth_backends.EmailBackend"


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user(name, f"{name}@example.com", "x"), backend=BACKEND)
    return client


def ask(client: Client, **headers: str) -> dict[str, str]:
    answer: dict[str, str] = client.get(reverse("engage:kept"), headers=headers).json()
    return answer


def test_owner__accounts__differ_and_each_stays_the_same() -> None:
    assert owner_of(1) == owner_of(1) != owner_of(2)
    assert len(owner_of(1)) == 32
    assert owner_of(None) == ""


def test_owner__another_secret_key__is_another_name(settings: Any) -> None:
    before = owner_of(1)
    settings.SECRET_KEY = "another"

    assert owner_of(1) != before


@pytest.mark.django_db
def test_kept__guest_and_customers__are_told_apart_by_nothing_that_says_who() -> None:
    anna, ben = ask(client_of("anna")), ask(client_of("ben"))

    assert ask(Client())["owner"] == ""
    assert len({anna["owner"], ben["owner"], ""}) == 3
    assert "anna" not in json.dumps(anna)


@pytest.mark.django_db
def test_kept__words__are_in_the_language_of_the_page() -> None:
    assert ask(Client())["kept"] == "We kept what you had typed."
    assert set(ask(Client())) == {"owner", "kept", "afresh"}


@pytest.mark.django_db
def test_kept__answer__is_in_no_cache_and_sets_no_cookie() -> None:
    response = Client().get(reverse("engage:kept"))

    assert response["Cache-Control"] == "private, no-store"
    assert not response.cookies
    assert Client().post(reverse("engage:kept")).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(("is_customer", "queries"), [(False, 0), (True, 2)])  # the session, the account
def test_kept__guest_and_customer__cost_no_query_and_two(is_customer: bool, queries: int) -> None:
    client = client_of("anna") if is_customer else Client()
    with CaptureQueriesContext(connection) as seen:
        ask(client)

    assert len([query for query in seen if query["sql"].startswith("SELECT")]) == queries, seen.captured_queries


def test_more__auto_save_off__is_in_no_page_and_no_list(settings: Any) -> None:
    page = PageFacts(kind="checkout")
    assert KEEP in unescape(build_snippet(page, payment=False))
    assert FORM_KEPT in {one.name for one in list_stored()}

    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "AUTO_SAVE": False}

    assert KEEP not in [path for _selector, path in list_more()]
    assert KEEP not in unescape(build_snippet(page, payment=False))
    assert FORM_KEPT not in {one.name for one in list_stored()}


def test_more__page_on_which_one_pays__has_it_not() -> None:
    assert "keep.js" not in build_snippet(PageFacts(kind="checkout"), payment=True)
