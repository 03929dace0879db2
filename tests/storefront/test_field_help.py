"""Does every page's script get the help of its fields, the same for everybody, whatever anybody agreed to?"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from oscar_engage.models import Engagement, Visitor
from oscar_engage.switch import state
from tests.storefront.beats import known_shopper

pytestmark = pytest.mark.django_db


def help_with(field: str = "postcode", **fields: Any) -> Engagement:
    made = {"slug": f"help-{field}", "widget": "field", "title": "Your postcode", "body": "As on a letter.", "anchor": field}
    return Engagement.objects.create(**{**made, **fields})


def test_field_help__before_any_consent__is_told_and_leaves_no_trace() -> None:
    help_with()
    client = Client()

    response = client.get("/engage/fields/en/")

    told = {"slug": "help-postcode", "field": "postcode", "title": "Your postcode", "body": "As on a letter."}
    assert response.json() == {"ask": "Help with this field", "fields": [told]}
    assert (dict(client.cookies), Visitor.objects.count()) == ({}, 0)


def test_field_help__for_everybody__is_the_same_and_caches_may_keep_it() -> None:
    help_with(title="At {{ shop.name }}")

    answers = [client.get("/engage/fields/en/") for client in (Client(), known_shopper())]

    assert answers[0].content == answers[1].content
    assert answers[0].json()["fields"][0]["title"] == "At Oscar"
    assert answers[0]["Cache-Control"] == "public, max-age=300"
    assert "Vary" not in answers[0]


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"widget": "balloon"}, {"anchor": ""}, {"title": "{{ customer.first_name }}"}]
)
def test_field_help__switched_off_no_help_or_somebodys__is_not_told(fields: Any) -> None:
    help_with(**fields)

    assert Client().get("/engage/fields/en/").json()["fields"] == []


@pytest.mark.parametrize("language", ["xx", "en-gb", "x"])
def test_field_help__language_the_shop_does_not_have__its_own(language: str) -> None:
    assert Client().get(f"/engage/fields/{language}/").json()["ask"] == "Help with this field"


def test_field_help__switched_off_as_a_whole__none() -> None:
    help_with()
    state._kept[:] = [(False, float("inf"))]

    assert Client().get("/engage/fields/en/").json()["fields"] == []


def test_field_help__many__one_query(django_assert_num_queries: Any) -> None:
    for number in range(3):
        help_with(f"field{number}")

    with django_assert_num_queries(1):
        Client().get("/engage/fields/en/")


def test_field_help__pages_language__its_words_and_a_date_that_is_over_none() -> None:
    german = {"title": "Ihre Postleitzahl bei {{ shop.name }}", "body": "", "button": ""}
    help_with(translations={"de": german})
    help_with("phone", ends_at=timezone.now() - timedelta(hours=1))

    told = {code: Client().get(f"/engage/fields/{code}/").json()["fields"] for code in ("en", "de")}

    assert [one["title"] for one in told["en"]] == ["Your postcode"]
    assert [one["title"] for one in told["de"]] == ["Ihre Postleitzahl bei Oscar"]
