"""Can a merchandiser write an engagement and see it as shoppers will?"""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from oscar_engage.audit.models import AuditEntry
from oscar_engage.widgets.models import Engagement

pytestmark = pytest.mark.django_db
CREATE = "engage_dashboard:engage-engagement-create"
TYPED = {"slug": "delivery", "widget": "balloon", "title": "Delivery <b>times</b>", "body": "Two days.", "is_active": "on"}


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


def test_create__complete__is_saved_and_audited(client: Client) -> None:
    client.post(reverse(CREATE), TYPED)
    made = Engagement.objects.get()
    assert (made.slug, made.widget, made.is_active) == ("delivery", "balloon", True)
    assert AuditEntry.objects.get().action == "engagement.created"


def test_preview__what_is_typed__is_rendered_escaped_and_not_saved(client: Client) -> None:
    page = client.post(reverse(CREATE), {**TYPED, "preview": "1"}).content.decode()
    assert page.count("Delivery &lt;b&gt;times&lt;/b&gt;") == 2
    assert page.count("inert") == 2
    assert not Engagement.objects.exists()


def test_preview__half_typed__does_not_fail(client: Client) -> None:
    assert client.post(reverse(CREATE), {"preview": "1", "title": "", "widget": "nonsense"}).status_code == 200


def test_create__wrong__keeps_what_was_typed(client: Client) -> None:
    response = client.post(reverse(CREATE), {**TYPED, "slug": "not a slug"})
    assert response.status_code == 422
    assert 'value="not a slug"' in response.content.decode()
    assert 'href="#id_slug"' in response.content.decode()


def test_edit__switched_off__is_saved(client: Client, engagements: list[Engagement]) -> None:
    client.post(
        reverse("engage_dashboard:engage-engagement-edit", args=[engagements[0].pk]),
        {"slug": "delivery-times", "widget": "balloon", "title": "New words"},
    )
    engagements[0].refresh_from_db()
    assert (engagements[0].title, engagements[0].is_active) == ("New words", False)


def test_list__nothing_yet__says_what_to_do(client: Client) -> None:
    assert "Create the first engagement" in client.get(reverse("engage_dashboard:engage-engagements")).content.decode()


def test_list__each_engagement__names_its_widget_as_the_form_does(client: Client, engagements: list[Engagement]) -> None:
    Engagement.objects.create(slug="gone", widget="carousel", title="Of an app that was removed")
    page = client.get(reverse("engage_dashboard:engage-engagements")).content.decode()
    for words in ("<td>Balloon</td>", "<td>Chat invitation</td>", "<td>carousel</td>"):
        assert words in page
