"""Can a merchandiser choose what a balloon holds, and is told what is wrong with it?"""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oscar_engage.shop.contents.placeholders import stock_words
from oscar_engage.widgets.models import Engagement
from tests.storefront.journeys import VOUCHER, give_voucher, stock_shop
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db
TYPED = {"slug": "help", "widget": "balloon", "title": "Help", "is_active": "on"}


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


def post(client: Client, **fields: str) -> Any:
    return client.post(reverse("engage_dashboard:engage-engagement-create"), {**TYPED, **fields})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{ product.titel }}", "Did you mean {{ product.title }}?"),
        ("{{ basket.flush }}", "There is no placeholder “basket.flush”."),
        ("{{ product.title", "Two closing braces are missing after “product.title”."),
        ("{{ " * 60, "There can be 50 placeholders in one text at most."),
    ],
)
@pytest.mark.attack("F01")
def test_words__with_wrong_placeholders__are_refused_with_what_to_type(client: Client, text: str, reason: str) -> None:
    response = post(client, body=text)

    assert response.status_code == 422
    assert reason in unescape(text_of(response))
    assert not Engagement.objects.exists()


def test_words__with_placeholders__are_saved_and_previewed_with_examples(client: Client) -> None:
    typed = {"title": '{{ customer.first_name | "you" }}', "body": "{{ product.stock }}"}

    preview = text_of(post(client, **typed, preview="1"))
    post(client, **typed)

    assert preview.count("Ada") == 2
    assert preview.count("only 3 left") == 2
    assert Engagement.objects.get().body == "{{ product.stock }}"


def test_editor__lists_what_can_be_filled_in(client: Client) -> None:
    page = unescape(text_of(client.get(reverse("engage_dashboard:engage-engagement-create"))))

    assert "{{ basket.missing }}" in page
    assert "amount that is missing to free delivery" in page


def test_content__with_settings__is_saved_and_shown_again(client: Client) -> None:
    post(client, content="product_facts", **{"content-shown": "product_facts", "content-returns": "free"})

    made = Engagement.objects.get()
    assert (made.content, made.settings) == ("product_facts", {"delivery": "", "returns": "free"})
    page = text_of(client.get(reverse("engage_dashboard:engage-engagement-edit", args=[made.pk])))
    assert 'name="content-returns" value="free"' in page


def test_content__chosen_anew__brings_its_settings_with_the_preview(client: Client) -> None:
    shown = text_of(post(client, content="product_facts", preview="1", **{"content-shown": "text"}))
    again = text_of(post(client, content="product_facts", preview="1", **{"content-shown": "product_facts"}))

    assert 'name="content-returns"' in shown
    assert 'hx-swap-oob="true"' in shown
    assert 'name="content-returns"' not in again
    assert "<dt>Stock</dt>" in again


def test_content__without_what_it_needs__says_so(client: Client, settings: Any) -> None:
    give_voucher()
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ACT_VOUCHER_TEMPLATES": [VOUCHER]}

    refused = post(client, content="voucher", **{"content-shown": "text"})

    assert refused.status_code == 422
    assert "Say what this content needs." in text_of(refused)
    assert 'name="content-hours" value="48"' in text_of(refused)
    chosen = {"content-template": VOUCHER, "content-hours": "24", "content-days": "30", "content-shown": "voucher"}
    post(client, content="voucher", **chosen)
    assert Engagement.objects.get().settings == {"template": VOUCHER, "hours": 24, "days": 30}


def test_content__shop_lacks_what_it_takes__is_not_to_choose(client: Client) -> None:
    page = text_of(client.get(reverse("engage_dashboard:engage-engagement-create")))

    assert '<option value="product_facts">' in page
    assert '<option value="voucher">A voucher' not in page
    assert '<option value="article">An article' not in page


def test_field_help__without_a_field__says_what_to_type(client: Client) -> None:
    refused = post(client, widget="field")

    assert refused.status_code == 422
    assert "such as postcode" in text_of(refused)


def test_field_help__with_somebodys_value__is_refused_for_caches_keep_it(client: Client) -> None:
    refused = post(client, widget="field", anchor="postcode", body="{{ customer.first_name }}")

    assert "These can be used: {{ shop.name }}." in unescape(text_of(refused))
    assert post(client, widget="field", anchor="postcode", body="{{ shop.name }}").status_code == 302


def in_german_and_another_wording(**fields: str) -> dict[str, str]:
    return {"wordings": "A,B", "languages": "en,de", "B-share": "50", "B-en-title": "Other", "B-de-title": "Anders", **fields}


@pytest.mark.parametrize("field", ["A-de-title", "B-en-body", "B-de-button"])
def test_words__wrong_placeholder_in_any_language_or_wording__is_told_at_its_field(client: Client, field: str) -> None:
    refused = post(client, **in_german_and_another_wording(**{"A-de-title": "Hilfe", field: "{{ shop.nam }}"}))

    page = unescape(text_of(refused))
    assert refused.status_code == 422
    assert page.count("Did you mean {{ shop.name }}?") == 2
    assert f'<a href="#id_{field}">' in page
    assert 'value="{{ shop.nam }}"' in page or ">\n{{ shop.nam }}<" in page
    assert not Engagement.objects.exists()


def test_preview__every_wording_and_language__has_examples_as_that_language_writes_them(client: Client) -> None:
    typed = {"title": "{{ product.stock }}", "A-de-title": "Lager: {{ product.stock }}", "B-de-body": "{{ product.stock }}"}

    shown = text_of(post(client, preview="1", content="product_facts", **in_german_and_another_wording(**typed)))

    with translation.override("de"):
        german = stock_words(3, is_available=True)
    assert shown.count(f"Lager: {german}") == 2
    assert shown.count("<dd>") >= 4 * 2
    assert "{{" not in shown.partition("engage-content-settings")[0]


def test_page__of_the_shop__shows_the_draft_with_examples_and_content(client: Client) -> None:
    product = stock_shop()
    post(client, title="Hello {{ customer.first_name }}", content="product_facts", **{"content-shown": "product_facts"})
    page = text_of(client.get(reverse("engage_dashboard:engage-engagement-page", args=[Engagement.objects.get().pk])))
    address = unescape(page.partition('<iframe src="')[2].partition('"')[0])

    shown = text_of(client.get(address))

    assert address.startswith(product.get_absolute_url())
    assert "Hello Ada" in shown
    assert "engage-told" in shown


def test_content__of_a_draft__goes_live_when_it_is_published(client_of: Callable[[str], Client]) -> None:
    client = client_of("merchandiser")
    post(client, publish="1")
    made = Engagement.objects.get()
    address = reverse("engage_dashboard:engage-engagement-edit", args=[made.pk])
    typed = {**TYPED, "content": "product_facts", "content-shown": "product_facts", "content-returns": "free"}

    client.post(address, typed)
    made.refresh_from_db()
    assert made.content == "text"
    assert 'name="content-returns" value="free"' in text_of(client.get(address))
    client.post(address, {**typed, "publish": "1"})
    made.refresh_from_db()
    assert (made.content, made.settings["returns"]) == ("product_facts", "free")
