"""Caches, and browsers without scripts: everybody gets the same page, and the shop works without us."""

from pathlib import PurePath
from typing import Any

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings

from oscar_engage.models import Conversation, SignalRecord
from oscar_engage.storefront.snippet import SCRIPTS
from tests.attacks.addresses import all_addresses
from tests.attacks.conftest import Scene
from tests.storefront.beats import known_shopper
from tests.storefront.journeys import walk_to_order
from tests.storefront.shopping import ask, submit, text_of
from tests.storefront.test_isolation import OFF

LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "attacks-k"}}


@pytest.mark.attack("K01")
@pytest.mark.django_db
@pytest.mark.parametrize("page", ["template", "plain"])
def test_k01__view_that_is_cached__is_one_page_for_all_with_our_tags(page: str, settings: Any) -> None:
    settings.ROOT_URLCONF, settings.CACHES = "tests.attacks.urls_cached", LOCAL
    cache.clear()
    ann, bob = known_shopper(), known_shopper()
    ask(ann, name="Ann")

    answers = [client.get(f"/cached/{page}/") for client in (ann, bob, Client(), ann)]

    assert len({answer.content for answer in answers}) == 1
    assert answers[0].content.count(b"data-engage-beat") == 1
    assert not [answer for answer in answers if answer.cookies]


@pytest.mark.attack("K02")
@pytest.mark.django_db
def test_k02__every_answer_of_ours__is_private_and_kept_by_nobody(scene: Scene) -> None:
    people = [(scene.client_of(role), True) for role in ("anonymous", "staff", "superuser")]
    for client, is_staff in [*people, (scene.shopper, False), (Client(), False)]:
        for address in all_addresses(scene):
            if address.is_dashboard == is_staff:
                answers = (client.get(address.url), client.post(address.url), client.head(address.url))
                for answer in (answer for answer in answers if answer.status_code != 403):  # which nobody may keep unasked
                    said = answer.get("Cache-Control", "").split(", ")
                    assert {"private", "no-store"} <= set(said), (address, answer.status_code)


@pytest.mark.attack("K02")
@pytest.mark.django_db
def test_k02__page_and_panel_of_one_address__are_told_apart_by_caches(scene: Scene) -> None:
    for address in all_addresses(scene):
        answer = scene.shopper.get(address.url)
        if not address.is_dashboard and answer.status_code == 200 and "events" not in address.name:
            assert {"HX-Request", "X-Engage-Fragment", "Cookie"} <= set(answer["Vary"].split(", ")), address


class Hashed(StaticFilesStorage):
    """Names each file with a hash, as ``ManifestStaticFilesStorage`` does."""

    def url(self, name: str | None) -> str:
        path = PurePath(str(name))
        return f"/static/{path.with_stem(path.stem + '.0123456789ab')}"


@pytest.mark.attack("K02")
@pytest.mark.django_db
def test_k02__all_files_of_ours__have_hashed_names_where_the_shop_hashes(settings: Any, product: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "tests.attacks.test_k.Hashed"}}

    html = text_of(Client().get(product.get_absolute_url()))

    for path in (*SCRIPTS.values(), "oscar_engage/dist/engage.css"):
        name = PurePath(path)
        assert f"/static/{name.with_stem(name.stem + '.0123456789ab')}" in html
        assert path not in html


@pytest.mark.attack("K05")
@pytest.mark.django_db(transaction=True)
def test_k05__no_scripts__the_shop_sells_and_a_question_is_asked_by_plain_pages(product: Any) -> None:
    with override_settings(OSCAR_ENGAGE=OFF):
        expected = walk_to_order(Client(), product)
    client = Client()

    assert walk_to_order(client, product) == expected

    help_page = text_of(client.get(product.get_absolute_url()))
    assert 'href="/engage/help/"' in help_page
    assert "<noscript" not in help_page.partition("engage.css")[2]
    assert 'href="/engage/note/new/"' in text_of(client.get("/engage/help/"))
    receipt = submit(client, client.get("/engage/note/new/"), question="Do you ship to Malta?")
    assert Conversation.objects.get().reference in text_of(client.get(receipt["Location"]))
    assert not SignalRecord.objects.exists()
