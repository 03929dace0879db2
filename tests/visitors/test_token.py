"""The visitor's cookie."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from oscar_engage.core.ids import new_key
from oscar_engage.visitors.token import COOKIE_NAME, forget_visitor_cookie, read_visitor_key, write_visitor_cookie

KEYS = st.builds(new_key)


def read(token: str) -> str | None:
    request = RequestFactory().get("/")
    request.COOKIES = {COOKIE_NAME: token}
    return read_visitor_key(request)


@settings(deadline=None)
@given(key=KEYS)
def test_read_visitor_key__of_our_own_cookie__gives_the_key(key: str) -> None:
    response = HttpResponse()
    write_visitor_cookie(response, key, secure=True)

    assert read(response.cookies[COOKIE_NAME].value) == key


@pytest.mark.attack("C06")
@settings(deadline=None)
@given(token=st.text(st.characters(), max_size=300))
def test_read_visitor_key__anything_else__is_nobody(token: str) -> None:
    assert read(token) is None


@settings(deadline=None)
@given(key=KEYS, position=st.integers(0, 75), letter=st.sampled_from("09afZ:_-"))
def test_read_visitor_key__one_letter_changed__is_nobody_or_the_same(key: str, position: int, letter: str) -> None:
    response = HttpResponse()
    write_visitor_cookie(response, key, secure=False)
    token = response.cookies[COOKIE_NAME].value
    changed = token[:position] + letter + token[position + 1 :]

    # Base64's last letter has unused bits, so another one may spell the same signature; never another key.
    assert read(changed) in {None, key}


def test_forget_visitor_cookie__expires_it() -> None:
    response = HttpResponse()

    forget_visitor_cookie(response)

    assert response.cookies[COOKIE_NAME]["max-age"] == 0


@pytest.mark.attack("C12")
def test_secret_rotated__cookie_of_the_fallback_key__still_reads(settings: Any) -> None:
    key, response = new_key(), HttpResponse()
    write_visitor_cookie(response, key, secure=False)
    settings.SECRET_KEY_FALLBACKS = ["tests-only"]
    settings.SECRET_KEY = "a new one"

    assert read(response.cookies[COOKIE_NAME].value) == key
