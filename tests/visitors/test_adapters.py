"""Do the ready-made answers to ``CONSENT`` read what the shop's banner keeps?"""

import importlib.util
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import RequestFactory

from oscar_engage.visitors.adapters import cookie_consent, plain_cookie
from oscar_engage.visitors.adapters.levels import climb
from oscar_engage.visitors.consent import ConsentLevel
from tests.architecture.source import ROOT


def request_with(**cookies: str) -> Any:
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    return request


@pytest.fixture
def groups(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {
        "CONSENT": "oscar_engage.visitors.adapters.plain_cookie.consent_level",
        "CONSENT_COOKIE": "shop_consent",
        "CONSENT_GROUPS": {"needed": "functional", "statistics": "STATISTICS", "all": "PERSONALISATION"},
    }


@pytest.mark.parametrize(
    ("value", "level"),
    [("needed", "FUNCTIONAL"), ("statistics", "STATISTICS"), ("all", "PERSONALISATION"), ("ALL", "NONE"), ("", "NONE")],
)
def test_plain_cookie__each_value__gives_its_level(value: str, level: str, groups: None) -> None:
    assert plain_cookie.consent_level(request_with(shop_consent=value)) is ConsentLevel[level]


def test_plain_cookie__no_cookie__is_no_consent(groups: None) -> None:
    assert plain_cookie.consent_level(request_with()) is ConsentLevel.NONE


@pytest.mark.parametrize(
    ("accepted", "level"),
    [
        ("", "NONE"),
        ("functional", "FUNCTIONAL"),
        ("functional statistics", "STATISTICS"),
        ("functional statistics marketing", "PERSONALISATION"),
        ("functional marketing", "FUNCTIONAL"),
        ("statistics marketing", "NONE"),
    ],
)
def test_climb__accepted_groups__reach_as_far_as_nothing_is_refused(accepted: str, level: str) -> None:
    assert climb(accepted.split().__contains__) is ConsentLevel[level]


def test_climb__level_without_a_group__is_passed_and_several_groups_are_all_needed(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT_GROUPS": {"analytics": "STATISTICS", "heatmaps": "STATISTICS"}}

    assert climb({"analytics", "heatmaps"}.__contains__) is ConsentLevel.STATISTICS
    assert climb({"analytics"}.__contains__) is ConsentLevel.NONE


def test_cookie_consent__browser_without_its_cookie__needs_no_library() -> None:
    assert cookie_consent.consent_level(request_with()) is ConsentLevel.NONE
    assert "cookie_consent" not in sys.modules


def test_check__group_with_a_word_that_is_no_level__is_an_error(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "CONSENT_GROUPS": {"ads": "EVERYTHING"}}

    (error,) = [found for found in run_checks(tags=["oscar_engage"]) if found.id == "oscar_engage.E007"]
    assert "EVERYTHING" in error.msg
    assert "PERSONALISATION" in (error.hint or "")


@pytest.mark.skipif(
    importlib.util.find_spec("cookie_consent") is None,
    reason="NO DJANGO-COOKIE-CONSENT: pip install django-cookie-consent; its adapter was not tested against the real library",
)
def test_cookie_consent__cookie_as_the_library_writes_it__gives_the_level() -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.visitors.cookie_consent_shop"],
        cwd=ROOT,
        env={**os.environ, "ENGAGE_TEST_DB": ""},  # a shop of its own, in memory
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {
        "unanswered": "NONE",
        "all declined": "NONE",
        "chat": "FUNCTIONAL",
        "chat and analytics": "STATISTICS",
        "chat and marketing": "FUNCTIONAL",
        "all": "PERSONALISATION",
        "nonsense": "NONE",
        "all, before a cookie was added to analytics": "FUNCTIONAL",
    }
