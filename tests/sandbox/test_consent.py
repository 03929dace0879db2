"""The banner asks once, its answer is what the engine reads, and it can be changed."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.token import COOKIE_NAME as VISITOR_COOKIE
from sandbox.consent import COOKIE, consent_level

pytestmark = pytest.mark.django_db


def asks(client: Client) -> bool:
    return 'aria-labelledby="shop-consent-title"' in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        ("all", ConsentLevel.PERSONALISATION),
        ("statistics", ConsentLevel.STATISTICS),
        ("needed", ConsentLevel.FUNCTIONAL),
        ("", ConsentLevel.NONE),
        ("ALL; drop", ConsentLevel.NONE),
    ],
)
def test_consent_level__by_cookie__follows_the_answer(rf: RequestFactory, answer: str, level: ConsentLevel) -> None:
    request = rf.get("/")
    request.COOKIES[COOKIE] = answer
    assert consent_level(request) is level


def test_banner__answered__does_not_ask_again(client: Client) -> None:
    assert asks(client)
    answer = client.post(reverse("consent"), {"answer": "statistics", "next": "/basket/"})
    assert answer.url == "/basket/"
    assert client.cookies[COOKIE].value == "statistics"
    assert not asks(client)
    assert "statistics only" in client.get(reverse("consent")).content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_banner__foreign_next__stays_in_the_shop(client: Client, target: str) -> None:
    assert client.post(reverse("consent"), {"answer": "all", "next": target}).url == reverse("home")


def test_banner__unknown_answer__asks_again(client: Client) -> None:
    assert client.post(reverse("consent"), {"answer": "maybe"}).url == reverse("consent")
    assert COOKIE not in client.cookies


def test_demobar__without_visitor__is_a_fragment_nobody_stores(client: Client) -> None:
    answer = client.get(reverse("demobar"))
    assert "no-store" in answer["Cache-Control"]
    assert "NONE" in answer.content.decode()


def test_fresh_visitor__pressed__forgets_the_browser(client: Client) -> None:
    client.cookies[VISITOR_COOKIE] = "known"
    client.cookies[COOKIE] = "all"
    client.post(reverse("demobar-fresh-visitor"))
    assert client.cookies[VISITOR_COOKIE].value == ""
    assert client.cookies[COOKIE].value == "all"
