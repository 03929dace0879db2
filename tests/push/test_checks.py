"""Is a shop told why it cannot push, before its shoppers find out?"""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.test import override_settings
from django.urls import clear_url_caches, path

from oscar_engage.push.app import PushApplication
from tests.push.process import URL

pytestmark = pytest.mark.any_database
CONSENT = "tests.consent.consent_from_cookie"


class Mounted:
    """A shop's address list with our streams in it."""

    @staticmethod
    def patterns() -> list[Any]:
        return [path(URL.strip("/") + "/", PushApplication())]


def found(**push: Any) -> dict[str, str]:
    with override_settings(OSCAR_ENGAGE={"CONSENT": CONSENT, "PUSH": {"URL": URL, **push}}):
        messages = run_checks(databases=[])
        return {str(message.id): f"{message.msg} {message.hint}" for message in messages if "PUSH" in str(message.msg)}


def test_checks__postgresql__asked_for_where_there_is_another() -> None:
    ids = found(WAKE="postgresql")
    if connection.vendor == "postgresql":
        assert ids == {}
    else:
        assert "'WAKE': 'database'" in ids["oscar_engage.E015"]


def test_checks__database_and_redis__silent() -> None:
    assert found(WAKE="database") == {}
    assert found(WAKE="redis", WAKE_URL="redis://127.0.0.1/0") == {}


def test_checks__wrong_value__said_once() -> None:
    ids = found(WAKE="carrier pigeon")
    assert list(ids) == ["oscar_engage.E001"]
    assert "'postgresql', 'redis', 'database'" in ids["oscar_engage.E001"]


@pytest.mark.attack("H11")
def test_checks__streams_among_the_shops_own_addresses__refused(settings: Any) -> None:
    settings.ROOT_URLCONF = tuple(Mounted.patterns())
    clear_url_caches()
    try:
        assert "uvicorn oscar_engage.asgi:push" in found(WAKE="database")["oscar_engage.E016"]
    finally:
        clear_url_caches()


@pytest.mark.attack("H11")
def test_checks__streams_as_the_wsgi_application__refused(settings: Any) -> None:
    settings.WSGI_APPLICATION = "oscar_engage.asgi.push"
    assert "oscar_engage.E016" in found(WAKE="database")
