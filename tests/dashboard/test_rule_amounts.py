"""Are amounts and numbers read as the language of the dashboard writes them, and is what is read back the same?"""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.dashboard.rules.amounts import read_number, show_number
from oscar_engage.dashboard.rules.controls import build_form
from oscar_engage.dashboard.rules.draft import read_draft, to_document
from oscar_engage.rules.grammar import parse_document, to_json
from oscar_engage.rules.models import Rule
from oscar_engage.widgets.models import Engagement
from tests.dashboard.browser import submit
from tests.dashboard.conftest import DOCUMENT, ENGAGEMENTS
from tests.rules.moments import condition, rule_json

LANGUAGES = ("en", "de", "fr", "pl", "sv", "pt-br", "da")
GERMAN = {"Accept-Language": "de"}
SETTINGS = {"name": "Help in the checkout", "priority": "10", "purpose": "sales", "holdout_percent": "25"}
AMOUNT = "branches[0].when.rules[0].value.amount"
DECIMALS = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=3) | st.integers(-9999, 9999).map(Decimal)


@pytest.mark.parametrize(
    ("language", "typed", "stored"),
    [
        ("de", "50,00", "50.00"),
        ("de", "1234,50", "1234.50"),
        ("de", "1.234,50", "1234.50"),
        ("de", "1.234.567", "1234567"),
        ("de", " 50.00 ", " 50.00 "),
        ("de", "0.500", "0.500"),
        ("de", "-3,5", "-3.5"),
        ("de", "30,5 %", "30.5 %"),
        ("de", "1.23,50", "1.23,50"),
        ("de", "fünfzig", "fünfzig"),
        ("fr", "1 234,50", "1234.50"),
        ("en", "50.00", "50.00"),
        ("en", "50,00", "50,00"),
        ("en", "1,234.50", "1,234.50"),
    ],
)
def test_number__typed__is_read_by_the_language(language: str, typed: str, stored: str) -> None:
    with translation.override(language):
        assert read_number(typed) == stored


@given(number=DECIMALS, language=st.sampled_from(LANGUAGES))
def test_number__shown_and_sent_back__is_the_same(number: Decimal, language: str) -> None:
    stored = format(number, "f")
    with translation.override(language):
        shown = show_number(stored)
        assert read_number(shown) == stored
        assert show_number(read_number(shown)) == shown


@given(amount=DECIMALS, number=st.floats(-1e6, 1e6), minutes=st.integers(1, 10**4), language=st.sampled_from(LANGUAGES))
def test_rule__shown_and_sent_back__has_the_same_numbers(amount: Decimal, number: float, minutes: int, language: str) -> None:
    money = {"amount": format(amount, "f"), "currency": "EUR"}
    document = parse_document(
        rule_json(
            condition("basket.total", ">", money),
            condition("visit.pages", "between", [1, 2]),
            condition("visit.uplift", ">", number),
            condition("visit.uplift", "in", [number, 0.5]),
            condition("page.idle_seconds", ">", minutes + 0.5),
            condition("basket.total", "between", [{**money, "amount": "-1000000000.5"}, {**money, "amount": "1000000000.5"}]),
        )
    )
    written = to_json(document)
    with translation.override(language):
        form = build_form(written, engagements=ENGAGEMENTS)
        assert to_json(parse_document(to_document(read_draft(submit(form))))) == written


@pytest.mark.django_db
def test_editor__german__takes_an_amount_as_germans_write_it_and_shows_it_so(
    client_of: Callable[[str], Client], engagements: list[Engagement]
) -> None:
    client = client_of("merchandiser")
    lines = [condition("basket.total", ">", {"amount": "7", "currency": "GBP"})]
    branch = {**DOCUMENT["branches"][0], "when": {"combinator": "and", "rules": lines}}
    fields = dict(submit(build_form({**DOCUMENT, "branches": [branch]}, engagements=ENGAGEMENTS)))
    typed = {**SETTINGS, **fields, AMOUNT: ["1.234,50"], "save": "draft"}
    made = client.post(reverse("engage_dashboard:engage-rule-create"), typed, headers=GERMAN)
    rule = Rule.objects.get()
    assert rule.versions.get().document["branches"][0]["when"]["rules"][0]["value"] == {"amount": "1234.50", "currency": "GBP"}
    assert 'value="1234,50"' in client.get(made.headers["Location"], headers=GERMAN).content.decode()
    assert 'value="1234.50"' in client.get(made.headers["Location"]).content.decode()
