"""A text for shoppers is text: nothing in it is looked up, called or formatted."""

import time
from collections.abc import Callable
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_engage.decisions.models import Decision
from oscar_engage.models import Engagement
from oscar_engage.widgets.registry import WIDGETS
from oscar_engage.widgets.render import render_offer
from tests.attacks.payloads import outline_of
from tests.storefront.beats import known_shopper
from tests.storefront.journeys import add_to_basket
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db

TEMPLATE = (
    "{{ user.password }}",
    "{{ request.user.password }}",
    "{{ request.session.session_key }}",
    "{{ basket.flush }}",
    "{{ request.basket.flush }}",
    "{{ request.session.flush }}",
    "{% for a in b %}{% for c in d %}x{% endfor %}{% endfor %}",
    "{{ title|ljust:300000000 }}",
    "{% include 'admin/base.html' %}",
    "{% load static %}{% static 'x' %}",
    "{% debug %}",
)
FORMAT = (
    "{visitor.__class__.__mro__}",
    "{0.__init__.__globals__}",
    "{engagement.title.__class__}",
    "%(x)s",
    "%s %n %x",
    "${7*7}",
    "#{7*7}",
    "{!r}",
    "{:>300000000}",
)
SECRET = ("{SECRET_KEY}", "%(DATABASES)s", "{{ settings.SECRET_KEY }}", "%mautic.db_password%", "{settings.DATABASES}")
QUICK = 0.25  # seconds of CPU for all of them; one looked-up loop or padded text takes more by itself


@pytest.mark.attack("F01", "F03", "F05", "E07")
@pytest.mark.parametrize("payloads", [TEMPLATE, FORMAT, SECRET], ids=["template", "format", "secret"])
@pytest.mark.parametrize("widget", ["balloon", "invitation", "note"])
def test_f01__words_of_an_offer__are_printed_as_they_were_typed(widget: str, payloads: tuple[str, ...]) -> None:
    assert widget in WIDGETS
    plain = outline_of(render(widget, "plain"))
    started = time.process_time()
    shown = [render(widget, payload) for payload in payloads]
    took = time.process_time() - started

    for payload, html in zip(payloads, shown, strict=True):
        assert unescape(html).count(payload) == 3
        assert outline_of(html) == plain
    assert took < QUICK


def render(widget: str, text: str) -> str:
    return render_offer(Decision(), Engagement(slug="x", widget=widget, title=text, body=text, button=text))


@pytest.mark.attack("F01", "F03", "F05")
def test_f01__merchandiser_who_types_a_template__changes_no_basket_and_no_session(
    client_of: Callable[[str], Client], product: object
) -> None:
    merchandiser = client_of("merchandiser")
    add_to_basket(merchandiser, product)
    address = reverse("engage_dashboard:engage-engagement-create")
    for number, payload in enumerate((*TEMPLATE, *FORMAT, *SECRET)):
        fields = {"slug": f"e{number}", "widget": "balloon", "title": payload, "body": payload, "button": payload[:40]}
        shown = text_of(merchandiser.post(address, {**fields, "preview": "1"}, headers={"HX-Request": "true"}))
        assert payload in unescape(shown)
        response = merchandiser.post(address, fields)
        if "{{" in payload or "{%" in payload:
            assert response.status_code == 422
            assert "There is no placeholder" in text_of(response) or "nothing is run" in text_of(response)

    literal = [payload for payload in (*FORMAT, *SECRET) if "{{" not in payload]
    assert list(Engagement.objects.values_list("title", flat=True)) == literal
    assert get_model("basket", "Line").objects.get().quantity == 1
    assert merchandiser.get(address).status_code == 200  # still logged in
    password = get_user_model().objects.get(username="merchandiser").password
    assert password not in text_of(merchandiser.get(reverse("engage_dashboard:engage-engagements")))


@pytest.mark.attack("F01", "F03", "F05")
def test_f01__shopper_who_types_a_template__is_read_as_typed() -> None:
    shopper = known_shopper()
    typed = "\n".join((*TEMPLATE, *FORMAT, *SECRET))

    page = shopper.post("/engage/note/", {"question": typed, "name": TEMPLATE[0], "page_title": FORMAT[0]}, follow=True)

    assert all(payload in unescape(text_of(page)) for payload in (*TEMPLATE, *FORMAT, *SECRET))
