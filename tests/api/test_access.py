"""Who gets in, with what, and how often? No key, a wrong one, one of somebody who left; scopes and permissions; the pace."""

from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.test import Client, override_settings
from django.utils import timezone

from oscar_engage.keys.models import ApiKey
from oscar_engage.keys.store import SCOPES, UnknownKeyError, end_key, find_key, make_key
from oscar_engage.switch import state
from tests.api.conftest import BASE, Program

pytestmark = pytest.mark.django_db

READS = ("conversations/", "rules/", "offers/?since=2026-03-01&until=2026-03-02")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer eng_x", "Bearer eng_0123456789ab_" + "x" * 43, "Bearer " + "x" * 5000, "Basic eng"]
)
@pytest.mark.parametrize("path", READS)
def test_without_a_right_key__nothing_is_told(path: str, header: str, client: Client) -> None:
    response = client.get(BASE + path, headers={"Authorization": header})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_cookie_of_a_logged_in_superuser__opens_nothing(client: Client) -> None:
    user = get_user_model().objects.create_superuser("root", "root@example.com", "x")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(BASE + "conversations/").status_code == 401


def test_key__is_kept_as_a_digest_alone(program_of: Callable[..., Program]) -> None:
    user = get_user_model().objects.create_user("mia", "mia@example.com", is_staff=True)
    key, text = make_key(user, name="CRM", scopes=["rules:read", "nonsense"], per_minute=5, now=timezone.now())
    stored = str(ApiKey.objects.values().get())
    assert text not in stored
    assert text.rpartition("_")[2] not in stored
    assert key.scopes == ["rules:read"]
    assert find_key(text, now=timezone.now()).pk == key.pk
    with pytest.raises(UnknownKeyError):
        find_key(text[:-1] + ("a" if text[-1] != "a" else "b"), now=timezone.now())


@pytest.mark.parametrize("what", ["revoked", "inactive", "no staff", "gone"])
def test_key__of_no_use_any_more__opens_nothing(what: str, program_of: Callable[..., Program]) -> None:
    program = program_of("agent")
    assert program.get("conversations/").status_code == 200
    users = get_user_model().objects.filter(username="agent")
    if what == "revoked":
        end_key(ApiKey.objects.get(), now=timezone.now())
    elif what == "inactive":
        users.update(is_active=False)
    elif what == "no staff":
        users.update(is_staff=False)
    else:
        users.delete()
    assert program.get("conversations/").status_code == 401


@pytest.mark.attack("B07")
@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("agent", {"conversations/"}),
        ("merchandiser", {"rules/", READS[2]}),
        ("supervisor", set(READS)),
        ("privacy officer", set()),
        ("staff", set()),
    ],
)
def test_read__by_role__is_what_the_dashboard_shows_them(
    role: str, allowed: set[str], program_of: Callable[..., Program]
) -> None:
    program = program_of(role)
    assert {path for path in READS if program.client.get(BASE + path).status_code == 200} == allowed
    assert {program.client.get(BASE + path).status_code for path in READS} <= {200, 403}


@pytest.mark.parametrize("scope", SCOPES)
def test_scope__alone__opens_its_own_addresses_only(scope: str, program_of: Callable[..., Program]) -> None:
    opens = {"conversations:read": READS[0], "rules:read": READS[1], "reports:read": READS[2]}
    program = program_of("supervisor", scopes=[scope])
    for path in READS:
        assert program.client.get(BASE + path).status_code == (200 if opens.get(scope) == path else 403), path


def test_pace__each_key_has_its_own(program_of: Callable[..., Program]) -> None:
    slow, other = program_of("agent", per_minute=3), program_of("agent", per_minute=3)
    assert [slow.get("conversations/").status_code for _number in range(5)] == [200, 200, 200, 429, 429]
    assert int(slow.get("conversations/").headers["Retry-After"]) <= 60
    assert other.get("conversations/").status_code == 200


def test_module_off__its_addresses_are_not_there(program_of: Callable[..., Program]) -> None:
    program, off = program_of("supervisor"), ("desk", "chat", "calls", "shared_page")
    with override_settings(OSCAR_ENGAGE={**django_settings.OSCAR_ENGAGE, "MODULES_OFF": off}):
        assert program.get("conversations/").status_code == 404
        assert program.get("rules/").status_code == 200


def test_switched_off__nothing_is_there(program_of: Callable[..., Program], monkeypatch: pytest.MonkeyPatch) -> None:
    program = program_of("supervisor")
    monkeypatch.setattr(state, "_kept", [(False, float("inf"))])
    assert program.get("rules/").status_code == 404


@pytest.mark.parametrize("path", ["conversations/", "rules/", "offers/"])
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods__are_refused(path: str, method: str, program_of: Callable[..., Program]) -> None:
    assert getattr(program_of("supervisor").client, method)(BASE + path).status_code in {403, 405}
