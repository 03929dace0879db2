"""Can a merchandiser pick a place, see how well it is found, and delete it when nothing points to it?"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from oscar_engage.analytics.models import AnchorCount
from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.anchors.forms import is_own_path
from oscar_engage.dashboard.anchors.reading import known_places
from oscar_engage.widgets.anchors.models import PickedAnchor, PickedCount
from oscar_engage.widgets.anchors.token import PARAMETER, read_token
from oscar_engage.widgets.models import Engagement
from tests.widgets.anchors.test_description import PRICE

pytestmark = pytest.mark.django_db
LIST, PICK, BAR = (reverse(f"engage_dashboard:engage-{name}") for name in ("anchors", "anchor-pick", "anchor-bar"))
PICKED = {
    "label": "The price",
    "slot": "the-price",
    "page_kind": "product",
    "example_path": "/catalogue/tent_1/",
    "described": json.dumps(PRICE),
}


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


def make(slot: str = "the-price", **fields: Any) -> PickedAnchor:
    return PickedAnchor.objects.create(
        slot=slot,
        label=slot.title(),
        page_kind="product",
        example_path="/x/",
        described=PRICE,
        picked_at=timezone.now(),
        **fields,
    )


def test_list__nothing_picked__says_what_to_do(client: Client) -> None:
    page = client.get(LIST).content.decode()
    assert "No place has been picked yet" in page
    assert "Open the page and pick" in page


def test_list__broken_place__stands_on_top_with_the_way_to_pick_it_again(client: Client) -> None:
    make("a-fine-one")
    broken = make("broken-one")
    PickedCount.objects.create(anchor=broken, day=timezone.localdate(), found=1, missed=9)
    page = client.get(LIST).content.decode()
    assert page.index("Broken-One") < page.index("A-Fine-One")
    assert "1 of 10 pages" in page
    assert f"{PICK}?path=%2Fx%2F&amp;anchor={broken.pk}" in page
    assert page.count("Pick again") == 1


def test_list__who_may_only_look__is_offered_nothing_to_change(client_of: Callable[[str], Client]) -> None:
    make()
    page = client_of("supervisor").get(LIST).content.decode()
    assert "The-Price" in page
    assert "Open the page and pick" not in page
    assert "Delete" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_list__any_number__same_queries(number: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for place in range(number):
        make(f"place-{place}")
    client.get(LIST)
    with django_assert_num_queries(9):
        client.get(LIST)


def test_pick__page_of_the_shop__leads_there_with_a_token(client: Client) -> None:
    target = urlsplit(client.get(PICK, {"path": "/catalogue/?page=2"})["Location"])
    query = parse_qs(target.query)
    assert (target.netloc, target.path, query["page"]) == ("", "/catalogue/", ["2"])
    assert read_token(query[PARAMETER][0], client.session["_auth_user_id"]) == BAR


def test_pick__again__names_the_place(client: Client) -> None:
    anchor = make()
    assert f"engage-anchor={anchor.pk}" in client.get(PICK, {"path": "/", "anchor": anchor.pk})["Location"]
    assert client.get(PICK, {"path": "/", "anchor": "999999"}).status_code == 404
    assert client.get(PICK, {"path": "/", "anchor": "x"}).status_code == 404


@pytest.mark.parametrize(
    "path", ["", "catalogue/", "//evil.example/", "/\\evil.example", "https://evil.example/", "javascript:alert(1)"]
)
def test_pick__elsewhere__is_refused_with_what_to_type(path: str, client: Client) -> None:
    response = client.get(PICK, {"path": path})
    assert response.status_code == 422
    assert not is_own_path(path)
    if path:
        assert "beginning with a slash" in response.content.decode()


def test_bar__new_place__has_the_form_and_no_page_around_it(client: Client) -> None:
    html = client.get(BAR).content.decode()
    assert "csrfmiddlewaretoken" in html
    assert 'data-engage-begin="pick"' in html
    assert "<html" not in html


def test_bar__saved__is_kept_audited_and_tried_at_once(client: Client) -> None:
    html = client.post(BAR, PICKED).content.decode()
    anchor = PickedAnchor.objects.get()
    assert (anchor.slot, anchor.page_kind, anchor.state) == ("the-price", "product", "unknown")
    assert anchor.described["path"] == PRICE["path"]
    assert f'data-anchor="{anchor.pk}"' in html
    assert "data-kept=" in html
    assert AuditEntry.objects.get().action == "anchor.picked"


def test_bar__picked_again__changes_the_place_and_judges_it_anew(client: Client) -> None:
    anchor = make(state="broken", checked_at=timezone.now())
    PickedAnchor.objects.update(picked_at=timezone.now() - timedelta(days=9))
    other = {**PRICE, "marks": ["p.cost"]}
    client.post(f"{BAR}?anchor={anchor.pk}", {**PICKED, "described": json.dumps(other)})
    anchor.refresh_from_db()
    assert anchor.described["marks"] == ["p.cost"]
    assert (anchor.state, anchor.checked_at) == ("unknown", None)
    assert anchor.picked_at > timezone.now() - timedelta(minutes=1)
    assert AuditEntry.objects.get().action == "anchor.changed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"slot": "price"}, "Oscar"),
        ({"slot": "two words"}, "engage-picker-slot"),
        ({"label": ""}, "engage-picker-label"),
        ({"example_path": "//evil.example/"}, "no page of the shop"),
        ({"described": "{}"}, "cannot be read"),
        ({"described": json.dumps({**PRICE, "extra": 1})}, "cannot be read"),
    ],
)
def test_bar__wrong__says_so_and_keeps_nothing(change: dict[str, str], said: str, client: Client) -> None:
    response = client.post(BAR, {**PICKED, **change})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert 'data-engage-begin="save"' in response.content.decode()
    assert not PickedAnchor.objects.exists()


def test_bar__without_csrf_token__is_refused(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(BAR, PICKED).status_code == 403


def test_delete__place_in_use__stays_and_says_why(client: Client) -> None:
    anchor = make()
    Engagement.objects.create(slug="e", widget="balloon", title="Hm?", anchor="the-price")
    address = reverse("engage_dashboard:engage-anchor-delete", args=[anchor.pk])
    assert "still used" in client.post(address, follow=True).content.decode()
    Engagement.objects.all().delete()
    client.post(address)
    assert not PickedAnchor.objects.exists()
    assert AuditEntry.objects.get().action == "anchor.deleted"


def test_engagement__form__offers_shipped_seen_and_picked_places(client: Client) -> None:
    make()
    today = timezone.localdate()
    AnchorCount.objects.create(day=today, slot="size-table", thing="product:1", seen=1)
    AnchorCount.objects.create(day=today, slot="size-table", thing="product:2", seen=1)
    AnchorCount.objects.create(day=today - timedelta(days=31), slot="of-old", seen=1)
    places = known_places(today)
    assert {"price", "size-table", "the-price"} <= set(places)
    assert places.count("size-table") == 1
    assert "of-old" not in places
    html = client.get(reverse("engage_dashboard:engage-engagement-create")).content.decode()
    assert '<option value="the-price">' in html
    assert 'list="id_anchor-places"' in html
