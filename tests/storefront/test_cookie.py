"""Our one cookie: who gets it, with which flags, and what a forged one leads to."""

import uuid
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from oscar_engage.models import Visitor
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.token import COOKIE_NAME, MAX_AGE
from tests.storefront.beats import body, send, shopper, signal

pytestmark = pytest.mark.django_db
SOME_ID = uuid.uuid4().hex
FORGED = {
    "unsigned": SOME_ID,
    "wrong salt": signing.Signer(salt="oscar_engage.page").sign(SOME_ID),
    "other key": signing.Signer(key="another", salt="oscar_engage.visitor").sign(SOME_ID),
    "ten kilobytes": "x" * 10_000,
    "control bytes": "\x00\x1b\x7f",
    "no uuid": signing.Signer(salt="oscar_engage.visitor").sign("admin"),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
def test_beat__forged_cookie__is_no_cookie_and_a_new_id_is_given(token: str) -> None:
    client = shopper()
    client.cookies[COOKIE_NAME] = token

    response = send(client, body(signal()))

    assert response.status_code == 204
    assert response["Cache-Control"] == "private, no-store"
    assert Visitor.objects.get().key in response.cookies[COOKIE_NAME].value
    assert SOME_ID not in response.cookies[COOKIE_NAME].value


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
def test_shop_page__forged_cookie__is_served_as_to_anybody(token: str) -> None:
    client = shopper()
    client.cookies[COOKIE_NAME] = token

    assert client.get("/catalogue/").status_code == 200
    assert not Visitor.objects.exists()


@pytest.mark.parametrize("level", ConsentLevel, ids=lambda level: level.name.lower())
def test_shop_page__whatever_the_level__sets_no_cookie_of_ours(level: ConsentLevel, product: Any) -> None:
    client = shopper(level.name.lower())
    for address in ("/catalogue/", product.get_absolute_url(), "/basket/", "/search/?q=boots", "/accounts/login/"):
        assert COOKIE_NAME not in client.get(address).cookies


def test_shop_page__kept_in_a_shared_cache__gives_nobody_anothers_id(settings: Any, product: Any) -> None:
    ours, *others = settings.MIDDLEWARE
    around = ("django.middleware.cache.UpdateCacheMiddleware", "django.middleware.cache.FetchFromCacheMiddleware")
    settings.MIDDLEWARE = [ours, around[0], *others, around[1]]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}}

    clients = [Client() for _ in range(3)]
    for client in clients:
        client.cookies["consent"] = "personalisation"
        assert COOKIE_NAME not in client.get(product.get_absolute_url()).cookies
    given = {send(client, body(signal())).cookies[COOKIE_NAME].value for client in clients}

    assert len(given) == 3


@pytest.mark.parametrize("secure", [False, True])
def test_cookie__as_it_is_set__is_short_and_closed_to_scripts(secure: bool) -> None:
    client = shopper()
    response = client.post(
        "/engage/beat/", body(signal()), content_type="text/plain", secure=secure, headers={"Sec-Fetch-Site": "same-origin"}
    )

    cookie = response.cookies[COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], bool(cookie["secure"])) == (True, "Lax", secure)
    assert cookie["max-age"] == MAX_AGE <= 13 * 31 * 24 * 3600
    assert len(cookie.OutputString()) <= 200
    assert set(response.cookies) == {COOKIE_NAME}
