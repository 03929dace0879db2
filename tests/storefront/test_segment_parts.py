"""Does a visitor see the part of a page that is meant for them, nobody else, and is the page the same for all?"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.template import TemplateSyntaxError
from django.template.loader import get_template, render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from docs.generate import FOLDER
from oscar_engage.decisions.arms import is_in_shop_holdout
from oscar_engage.models import Segment, Visitor
from oscar_engage.storefront.personal_part import Part, read_part, sign_part
from oscar_engage.visitors.page import PageFacts
from tests.storefront.beats import body, send, shopper, signal
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db
LOOKED = PageFacts(kind="product", product_id=1)
PAGE = """{% load engage_tags %}<h1>Shop</h1>{% engage_segment "lookers" %}<p>Back again, {{ request.GET.name }}?</p>
{% engage_else %}<p>Welcome.</p>{% endengage_segment %}{% engage_segment "lookers" %}<p>Second</p>{% endengage_segment %}
{% engage_segment "buyers" %}<p>Thanks</p>{% engage_else %}<p>Try us.</p>{% endengage_segment %}"""
HELLO = Part("hello.html", "lookers", 0)


@pytest.fixture(autouse=True)
def shop(settings: Any, tmp_path: Path) -> Path:
    """A shop with templates in a folder of their own, two segments, and nobody left alone."""
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "SHOP_HOLDOUT": 0}
    (tmp_path / "hello.html").write_text(PAGE)
    for slug, least in (("lookers", 1), ("buyers", 9)):
        condition = {"field": "visit.product_views", "operator": ">=", "value": least}
        Segment.objects.create(slug=slug, name=slug, document={"combinator": "and", "rules": [condition]})
    return tmp_path


def looker(consent: str = "personalisation") -> Client:
    """A browser that has looked at a product."""
    client = shopper(consent)
    send(client, body(signal(), page=LOOKED))
    return client


def ask(client: Client, *refs: Part | str, **more: str) -> Any:
    asked = [("ref", ref if isinstance(ref, str) else sign_part(ref)) for ref in refs]
    return client.get(f"{reverse('engage:segments')}?{urlencode([*asked, *more.items()])}")


@pytest.mark.attack("K01")
def test_page__whoever_asks__has_the_default_and_is_the_same() -> None:
    first, second = render_to_string("hello.html"), render_to_string("hello.html")

    assert first == second
    assert "Welcome." in first
    assert "Back again" not in first
    assert f'data-engage-segment="{sign_part(HELLO)}"' in first


def test_page__switched_off__is_the_default_alone(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ENABLED": False}

    assert "data-engage-segment" not in render_to_string("hello.html")
    assert "Welcome." in render_to_string("hello.html")


def test_parts__visitor_in_the_segment__gets_theirs_and_no_other() -> None:
    response = ask(looker(), HELLO, Part("hello.html", "buyers", 0))

    assert "Back again" in text_of(response)
    assert "Thanks" not in text_of(response)
    assert sign_part(HELLO) in text_of(response)
    assert response["Cache-Control"] == "private, no-store"


def test_parts__second_of_a_segment__is_that_one() -> None:
    assert "Second" in text_of(ask(looker(), Part("hello.html", "lookers", 1)))


@pytest.mark.parametrize("consent", ["none", "functional", "statistics"])
def test_parts__less_than_the_consent_for_it__are_none(consent: str) -> None:
    assert ask(looker(consent), HELLO).status_code == 204


def test_parts__nobody_we_know_or_a_program__are_none() -> None:
    assert ask(shopper(), HELLO).status_code == 204
    client = looker()
    Visitor.objects.update(is_automaton=True)
    assert ask(client, HELLO).status_code == 204


def test_parts__visitor_of_the_shops_holdout__are_none(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "SHOP_HOLDOUT": 0.5}
    for client in (looker() for _turn in range(12)):
        visitor = Visitor.objects.latest("created_at")
        is_left_alone = is_in_shop_holdout(visitor.unit_id, salt="oscar-engage", share=0.5)
        assert ask(client, HELLO).status_code == (204 if is_left_alone else 200)


@pytest.mark.parametrize(
    "ref", ["", "hello.html", '["hello.html","lookers",0]', sign_part(HELLO)[:-1] + "x", sign_part(HELLO).swapcase()]
)
def test_parts__reference_that_we_did_not_sign__names_nothing(ref: str) -> None:
    assert read_part(ref) is None
    assert ask(looker(), ref).status_code == 204


def test_parts__template_or_part_gone_since_the_page_was_cached__keep_the_default(shop: Path) -> None:
    client = looker()

    assert ask(client, Part("gone.html", "lookers", 0)).status_code == 204
    assert ask(client, Part("hello.html", "lookers", 7)).status_code == 204
    Segment.objects.filter(slug="lookers").delete()
    assert ask(client, HELLO).status_code == 204


def test_parts__template_that_fails__keeps_the_default(shop: Path) -> None:
    (shop / "bad.html").write_text(
        '{% load engage_tags %}{% engage_segment "lookers" %}{% include "nowhere.html" %}{% endengage_segment %}'
    )

    assert ask(looker(), Part("bad.html", "lookers", 0)).status_code == 204


def test_parts__what_the_visitor_writes__is_escaped() -> None:
    assert "<script>" not in text_of(ask(looker(), HELLO, name="<script>alert(1)</script>"))


def test_parts__in_blocks_conditions_and_includes__are_found_in_their_own_template(shop: Path) -> None:
    (shop / "base.html").write_text("<body>{% block content %}{% endblock %}</body>")
    (shop / "child.html").write_text(
        '{% extends "base.html" %}{% load engage_tags %}{% block content %}{% if 1 %}{% include "hello.html" %}'
        '{% engage_segment "lookers" %}Child{% endengage_segment %}{% endif %}{% endblock %}'
    )
    page = render_to_string("child.html")

    assert sign_part(Part("child.html", "lookers", 0)) in page
    assert sign_part(HELLO) in page
    assert "Child" in text_of(ask(looker(), Part("child.html", "lookers", 0)))


@pytest.mark.parametrize("refs", [1, 3])
def test_parts__one_or_three__cost_the_same_queries(refs: int) -> None:
    client = looker()
    parts = [HELLO, Part("hello.html", "lookers", 1), Part("hello.html", "buyers", 0)]
    with CaptureQueriesContext(connection) as seen:
        ask(client, *parts[:refs])

    selects = [query["sql"] for query in seen if query["sql"].startswith("SELECT")]
    assert len(selects) == 4, selects  # the visitor, the segments, the visit, its state


@pytest.mark.parametrize(
    "source",
    [
        "{% engage_segment lookers %}{% endengage_segment %}",
        '{% engage_segment "no good" %}{% endengage_segment %}',
        '{% engage_segment "a" "b" %}{% endengage_segment %}',
        '{% engage_segment "a" %}',
        '{% engage_segment "a" %}{% engage_segment "b" %}{% endengage_segment %}{% endengage_segment %}',
    ],
)
def test_tag__written_wrongly__is_refused_when_the_template_is_read(shop: Path, source: str) -> None:
    (shop / "wrong.html").write_text("{% load engage_tags %}" + source)

    with pytest.raises(TemplateSyntaxError):
        get_template("wrong.html")


def test_docs__example__works_as_it_stands(shop: Path) -> None:
    example, *_wagtails = re.findall(
        r"^```django\n(.*?)^```$", (FOLDER / "personal-pages.md").read_text(), re.DOTALL | re.MULTILINE
    )
    (shop / "example.html").write_text(example)
    condition = {"field": "visit.product_views", "operator": ">=", "value": 1}
    Segment.objects.create(slug="regulars", name="Regulars", document={"combinator": "and", "rules": [condition]})

    assert "New here?" in render_to_string("example.html")
    assert "Good to see you again." in text_of(ask(looker(), Part("example.html", "regulars", 0)))


def test_parts__more_than_a_page_may_ask_for__are_cut_off() -> None:
    refs = [Part("hello.html", "buyers", number) for number in range(10)]

    assert ask(looker(), *refs, HELLO).status_code == 204
