"""Can a supervisor make a key that is shown once, and end it?"""

from collections.abc import Callable

import pytest
from django.test import Client, override_settings
from django.urls import clear_url_caches, reverse
from django.utils.html import escape

from oscar_engage.audit.models import AuditEntry
from oscar_engage.keys.models import ApiKey
from oscar_engage.keys.store import find_key
from tests.api.conftest import BASE
from tests.dashboard.conftest import NOW, client_of  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


def test_key__made__is_shown_once_works_and_can_be_ended(client_of: Callable[[str], Client], client: Client) -> None:  # noqa: F811
    staff, url = client_of("supervisor"), reverse("engage_dashboard:engage-keys")
    page = staff.post(url, {"name": "CRM", "scopes": ["conversations:read"], "per_minute": 60}).content.decode()
    text = page.partition('<code id="engage-key">')[2].partition("</code>")[0]
    assert find_key(text, now=NOW).scopes == ["conversations:read"]
    assert text not in staff.get(url).content.decode()
    headers = {"Authorization": f"Bearer {text}"}
    assert client.get(BASE + "conversations/", headers=headers).status_code == 200
    staff.post(reverse("engage_dashboard:engage-key-revoke", args=[ApiKey.objects.get().pk]))
    assert client.get(BASE + "conversations/", headers=headers).status_code == 401
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == ["key.made", "key.revoked"]


@pytest.mark.parametrize(
    "typed", [{"name": ""}, {"scopes": []}, {"scopes": ["root"]}, {"per_minute": 0}, {"per_minute": 10**9}]
)
def test_key__that_cannot_be__is_refused(typed: dict[str, object], client_of: Callable[[str], Client]) -> None:  # noqa: F811
    right = {"name": "CRM", "scopes": ["rules:read"], "per_minute": 60}
    response = client_of("supervisor").post(reverse("engage_dashboard:engage-keys"), {**right, **typed})
    assert response.status_code == 422
    assert not ApiKey.objects.exists()


def test_page__api_not_mounted__says_which_line_to_add(client_of: Callable[[str], Client]) -> None:  # noqa: F811
    staff = client_of("supervisor")
    assert "not mounted" not in staff.get(reverse("engage_dashboard:engage-keys")).content.decode()
    with override_settings(ROOT_URLCONF="tests.urls"):
        clear_url_caches()
        said = staff.get("/dashboard/engage/keys/").content.decode()
    clear_url_caches()
    assert 'include("oscar_engage.api.urls")' in said.replace("&quot;", '"') or escape("oscar_engage.api.urls") in said
