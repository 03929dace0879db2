"""The tags for the shop's own templates."""

from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import resolve

TAG = Template("{% load engage_tags %}{% engage_widgets %}")


def test_engage_widgets__without_a_request__writes_nothing() -> None:
    assert TAG.render(Context()) == ""


def test_engage_widgets__switched_off__writes_nothing(rf: RequestFactory, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"ENABLED": False}

    assert TAG.render(Context({"request": rf.get("/")})) == ""


def test_engage_widgets__unusable_settings__writes_nothing(rf: RequestFactory, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"NO_SUCH": 1}

    assert TAG.render(Context({"request": rf.get("/")})) == ""


def test_engage_widgets__payment_page__writes_no_script(rf: RequestFactory) -> None:
    request = rf.get("/checkout/preview/")
    request.resolver_match = resolve("/checkout/preview/")

    html = TAG.render(Context({"request": request}))

    assert "engage-help" in html
    assert "<script" not in html


@pytest.mark.django_db
def test_engage_anchor__product__names_slot_and_object(product: Any) -> None:
    html = Template('{% load engage_tags %}<b {% engage_anchor product "size-table" %}>').render(Context({"product": product}))

    assert html == f'<b data-engage-id="size-table" data-engage-object="product:{product.pk}">'


def test_engage_anchor__hostile_slot__is_escaped() -> None:
    html = Template('{% load engage_tags %}<b {% engage_anchor "" slot %}>').render(Context({"slot": '"><script>'}))

    assert html == '<b data-engage-id="&quot;&gt;&lt;script&gt;">'
