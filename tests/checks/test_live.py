"""Do the checks of shared pages and of talks say what is missing, and nothing where all is there?"""

from typing import Any

import pytest

from oscar_engage.checks.sharing import check_sharing
from oscar_engage.checks.voices import check_voices

TURN = {"URLS": ["turn:turn.shop.example"], "SECRET": "a-secret-of-sixteen-letters"}
READY = {"VOICES": True, "VOICES_TURN": TURN}


def words(found: list[Any], check_id: str) -> str:
    assert {one.id for one in found} <= {f"oscar_engage.{check_id}"}
    return " ".join(f"{one.msg} {one.hint}" for one in found)


def test_w018__all_there__says_nothing(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {}
    assert check_sharing(None) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OSCAR_ENGAGE", {"SNAPSHOT_PAGES": []}, "SNAPSHOT_PAGES is empty"),
        ("STATIC_URL", "/", "without the shop's styles"),
        ("MIDDLEWARE", [], "EngageMiddleware is not in MIDDLEWARE"),
    ],
)
def test_w018__something_missing__is_named(settings: Any, name: str, value: Any, said: str) -> None:
    setattr(settings, name, value)
    assert said in words(check_sharing(None), "W018")


def test_w018__shared_pages_off_or_settings_wrong__says_nothing(settings: Any) -> None:
    settings.STATIC_URL = "/"
    settings.OSCAR_ENGAGE = {"MODULES_OFF": ["shared_page"]}
    assert check_sharing(None) == []
    settings.OSCAR_ENGAGE = {"SHOP_HOLDOUT": 7}  # E001 says so
    assert check_sharing(None) == []
    assert check_voices(None) == []


def test_w019__off__says_nothing(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {}
    settings.MIDDLEWARE = []
    assert check_voices(None) == []


def test_w019__all_there__says_nothing(settings: Any) -> None:
    settings.OSCAR_ENGAGE = READY
    settings.SESSION_COOKIE_SECURE = True
    settings.PERMISSIONS_POLICY = {"microphone": ["self"], "geolocation": []}
    assert check_voices(None) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OSCAR_ENGAGE", {"VOICES": True}, "without a relay"),
        ("OSCAR_ENGAGE", {"VOICES": True, "VOICES_TURN": {"URLS": ["stun:turn.shop.example"]}}, "without a relay"),
        ("SESSION_COOKIE_SECURE", False, "HTTPS"),
        ("MIDDLEWARE", [], "EngageMiddleware is not in MIDDLEWARE"),
        ("PERMISSIONS_POLICY", {"microphone": [], "camera": ["self"]}, "takes microphone from"),
        ("OSCAR_ENGAGE", {**READY, "VOICES_ROOMS": "no.such.Rooms"}, "cannot be imported"),
        ("OSCAR_ENGAGE", {**READY, "VOICES_ROOMS": "oscar_engage.voices.rooms.Jitsi"}, "where the rooms are"),
    ],
)
def test_w019__something_missing__is_named(settings: Any, name: str, value: Any, said: str) -> None:
    settings.OSCAR_ENGAGE = READY
    settings.SESSION_COOKIE_SECURE = True
    setattr(settings, name, value)
    assert said in words(check_voices(None), "W019")


@pytest.mark.parametrize("trial", [{"SITE_URL": "http://localhost:8000"}, {"SITE_URL": "http://127.0.0.1:8000"}])
def test_w019__where_one_tries_it_out__asks_for_no_https(settings: Any, trial: dict[str, str]) -> None:
    settings.OSCAR_ENGAGE = {**READY, **trial}
    assert check_voices(None) == []
