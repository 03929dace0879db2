"""Does a shopper read the words meant for them: in the page's language, in their wording, in its time?"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from oscar_engage.models import Decision, Engagement, Visitor
from oscar_engage.widgets.live import forget_engagements
from oscar_engage.widgets.wordings import draw_variant
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.test_offer import CHECKOUT, _everybody_is_treated, offered, rule  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rule")]
GERMAN = {"de": {"title": "Lieferzeit", "body": "", "button": "Fragen"}}
VARIANTS = [{"name": "B", "share": 50, "texts": {"en": {"title": "How long?", "body": "", "button": ""}}}]


def change(**fields: Any) -> None:
    Engagement.objects.update(**fields)
    forget_engagements()


def answer(language: str = "", **changes: Any) -> str:
    client, page = known_shopper(), replace(CHECKOUT, language=language)
    send(client, body(signal(), page=page))
    return str(send(client, body(page=page, idle=46_000, **changes)).content.decode())


@pytest.mark.parametrize(
    ("language", "shown", "marked"),
    [("de", "Lieferzeit", False), ("de-at", "Lieferzeit", False), ("en", "times", False), ("fr", "times", True)],
)
def test_beat__page_in_a_language__its_words_or_the_nearest_and_ours_with_them(language: str, shown: str, marked: bool) -> None:
    change(translations=GERMAN)
    html = answer(language)

    assert shown in html
    assert ('lang="en"' in html) is marked


def test_beat__two_wordings__the_one_of_the_visitors_hash_is_offered_and_kept() -> None:
    change(variants=VARIANTS)
    for _number in range(12):
        html = answer()
        decision = Decision.objects.latest("eligible_at")
        visitor = Visitor.objects.get(pk=decision.visitor_id)
        assert decision.variant == draw_variant(Engagement.objects.get(), visitor.unit_id, salt="oscar-engage")
        assert ("How long?" in html) is (decision.variant == "B")
    assert len(Counter(Decision.objects.values_list("variant", flat=True))) == 2


def test_beat__a_wording_named_by_the_browser__is_not_heard() -> None:
    change(variants=[{**VARIANTS[0], "share": 1}])
    assert "How long?" not in answer(variant="B", wording="B")
    assert Decision.objects.get().variant == "A"


def test_beat__one_wording__nothing_is_noted() -> None:
    offered(known_shopper())
    assert Decision.objects.get().variant == ""


def test_beat__before_its_start__is_not_offered() -> None:
    change(starts_at=timezone.now() + timedelta(hours=1))
    assert answer() == ""
    assert Decision.objects.get().reason == "no_engagement"


def test_beat__rule_with_wordings__costs_only_the_queries_that_keep_the_draw() -> None:
    from django.db import connection  # noqa: PLC0415 - counted here alone
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - the same

    counts = []
    for fields in ({}, {"variants": VARIANTS, "translations": GERMAN, "starts_at": timezone.now()}):
        change(**fields)
        client = known_shopper()
        send(client, body(signal(), page=CHECKOUT))
        with CaptureQueriesContext(connection) as queries:
            send(client, body(page=CHECKOUT, idle=46_000))
        counts.append(len(queries))
    assert counts[1] == counts[0] + 5  # what is kept; and the draw: a look, the row, and the savepoint around it


def test_beat__values_in_translations_and_wordings__are_filled_in_as_the_pages_language_writes_them() -> None:
    texts = {"en": {"title": "At {{ shop.name }}", "body": "", "button": ""}, "de": {"title": "Bei {{ shop.name }}"}}
    change(variants=[{"name": "B", "share": 99, "texts": texts}])

    answers = (answer("de") for _number in range(12))
    html = next(html for html in answers if Decision.objects.latest("eligible_at").variant == "B")

    assert "Bei Oscar" in html


def test_beat__value_missing_in_the_visitors_wording__is_not_offered_and_who_reads_the_other_is() -> None:
    variant = {"name": "B", "share": 50, "texts": {"en": {"title": "{{ visit.search }}?", "body": "", "button": ""}}}
    change(variants=[variant])

    for _number in range(12):
        html = answer()
        decision = Decision.objects.latest("eligible_at")
        visitor = Visitor.objects.get(pk=decision.visitor_id)
        drawn = draw_variant(Engagement.objects.get(), visitor.unit_id, salt="oscar-engage")
        assert (html == "", decision.reason == "no_engagement") == (drawn == "B", drawn == "B")
