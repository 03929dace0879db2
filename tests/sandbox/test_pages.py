"""The shop's pages open, fetch nothing from elsewhere, and work in German."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

Product = get_model("catalogue", "Product")

pytestmark = pytest.mark.django_db
PAGES = ["/", "/basket/", "/accounts/login/", "/cookies/", "/information/delivery/", "/offers/"]


@pytest.mark.parametrize("address", PAGES)
def test_page__opened__fetches_from_this_host_only(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]+"', answer.content.decode()) == []


def test_home__opened__shows_every_department(client: Client) -> None:
    assert len(client.get("/").context_data["tiles"]) == 14


def test_product__with_sizes__offers_them_in_one_select(client: Client) -> None:
    product = Product.objects.get(upc="boots-01")
    html = client.get(product.get_absolute_url()).content.decode()
    assert html.count("<option") >= 9
    assert re.search(r"<option[^>]*>\s*42\s*<", html)


@pytest.mark.parametrize(("upc", "words"), [("boots-01", "Foot (mm)"), ("trousers-01", "Waist"), ("warm-layers-01", "Chest")])
def test_product__worn__has_a_table_of_sizes_that_questions_are_kept_with(client: Client, upc: str, words: str) -> None:
    product = Product.objects.get(upc=upc)
    html = client.get(product.get_absolute_url()).content.decode()
    assert f'data-engage-id="size-table" data-engage-object="product:{product.pk}"' in html
    assert words in html


def test_product__not_worn__has_no_table_of_sizes(client: Client) -> None:
    html = client.get(Product.objects.get(upc="tents-01").get_absolute_url()).content.decode()
    assert "size-table" not in html


def test_product__size_out_of_stock__cannot_be_chosen(client: Client) -> None:
    product = Product.objects.get(upc="boots-01")
    gone = product.children.get(upc="boots-01-46")
    gone.stockrecords.update(num_in_stock=0)
    html = client.get(product.get_absolute_url()).content.decode()
    assert re.search(rf'<option value="{gone.pk}"[^>]*disabled', html)


def test_information__unknown_topic__is_not_found(client: Client) -> None:
    assert client.get(reverse("information", kwargs={"topic": "secrets"})).status_code == 404


def test_language__german__is_spoken(client: Client) -> None:
    client.post(reverse("set_language"), {"language": "de", "next": "/"})
    html = client.get("/basket/").content.decode()
    assert 'lang="de"' in html
    assert "Warenkorb" in html


def test_page__german_browser__reads_the_sandboxs_own_words_in_german(client: Client) -> None:
    html = client.get("/information/returns/", headers={"Accept-Language": "de"}).content.decode()
    assert "Was nicht passt, können Sie innerhalb von 60 Tagen zurückschicken." in html
    assert "Cookie-Auswahl" in html
