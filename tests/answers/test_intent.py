"""Is a fact asked for, and is everything else left to the articles?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.answers.intent import Asked, Intent, recognise


@pytest.mark.parametrize(
    ("language", "question", "asked"),
    [
        ("en", "Is it in stock?", Asked(intent=Intent.STOCK)),
        ("en", "is this available in 42", Asked(intent=Intent.STOCK, option="42")),
        ("en", "Do you have these in size XL?", Asked(intent=Intent.STOCK, option="xl")),
        ("en", "is size 43 sold out", Asked(intent=Intent.STOCK, option="43")),
        ("en", "in stock?", Asked(intent=Intent.STOCK)),
        ("en", "Where is my order?", Asked(intent=Intent.ORDER)),
        ("en", "wheres my parcel 100023", Asked(intent=Intent.ORDER, number="100023")),
        ("en", "When will my order arrive?", Asked(intent=Intent.ORDER)),
        ("en", "Has my order been shipped?", Asked(intent=Intent.ORDER)),
        ("en", "Can I return this?", Asked(intent=Intent.RETURNS)),
        ("en", "Could I send it back?", Asked(intent=Intent.RETURNS)),
        ("de", "Ist das noch lieferbar?", Asked(intent=Intent.STOCK)),
        ("de", "Haben Sie den Artikel in Größe 42?", Asked(intent=Intent.STOCK, option="42")),
        ("de", "gibt es das auch in blau?", Asked(intent=Intent.STOCK, option="blau")),
        ("de", "Ist der Artikel in 43 auf Lager?", Asked(intent=Intent.STOCK, option="43")),
        ("de", "Auf Lager?", Asked(intent=Intent.STOCK)),
        ("de", "Wo ist meine Bestellung?", Asked(intent=Intent.ORDER)),
        ("de", "wann kommt mein paket 100023?", Asked(intent=Intent.ORDER, number="100023")),
        ("de", "Wurde meine Bestellung schon verschickt?", Asked(intent=Intent.ORDER)),
        ("de", "Kann ich das zurückgeben?", Asked(intent=Intent.RETURNS)),
    ],
)
def test_recognise__fact_of_the_shop__intent(language: str, question: str, asked: Asked) -> None:
    assert recognise(question, language) == asked


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", ""),
        ("en", "How do I return a gift?"),
        ("en", "Where is your shop?"),
        ("en", "Can I return shoes that I have worn outside?"),
        ("en", "Do you have a newsletter?"),
        ("en", "Can I change my order?"),
        ("en", "Where is my order " + "and my other things " * 4),
        ("de", "Wie storniere ich meine Bestellung?"),
        ("de", "Wo finde ich die Rechnung?"),
        ("de", "Haben Sie einen Laden in Berlin?"),
        ("fr", "Where is my order?"),
    ],
)
def test_recognise__anything_else__left_to_the_articles(language: str, question: str) -> None:
    assert recognise(question, language) is None


@given(st.text(max_size=300), st.sampled_from(["en", "de", ""]))
def test_recognise__any_text__no_error_and_short_values(text: str, language: str) -> None:
    asked = recognise(text, language)

    assert asked is None or (len(asked.option) <= 12 and len(asked.number) <= 20)
