"""What can answers be made of, and when has it changed?"""

from collections.abc import Callable
from typing import Any

import pytest

from oscar_engage.answers.passage import Passage
from oscar_engage.answers.sources import SOURCES
from oscar_engage.helpcenter.models import HelpArticle
from oscar_engage.helpcenter.publish import publish, save_draft, unpublish
from tests.helpcenter.conftest import NOW

pytestmark = pytest.mark.django_db
URL = "/engage/help-centre/articles/return-an-item/"


def test_read__live_articles__are_split_at_their_headings(loaded: dict[str, HelpArticle]) -> None:
    source = SOURCES.get("help centre")

    first, second = [passage for passage in source.read("en") if passage.article == "return-an-item"]

    assert first == Passage(
        article="return-an-item",
        language="en",
        title="Return an item",
        heading="",
        text="You can send anything back within 30 days.\nPut it into its box.",
        url=URL,
        topic="returns",
        words="send back, refund, wrong size",
        asked="how do I give it back\nmy shoes are too tight",
    )
    assert (second.heading, second.url) == ("How long it takes", f"{URL}#engage-part-1")
    assert second.text == "Five days by post\nSee your orders\nOnly within the country."
    assert [passage.title for passage in source.read("de")] == ["Etwas zurückgeben"] * 2
    assert source.read("fr") == []


def test_read__whatever_the_number__is_one_query(
    loaded: dict[str, HelpArticle], django_assert_num_queries: Callable[..., Any]
) -> None:
    source = SOURCES.get("help centre")
    with django_assert_num_queries(1):
        source.read("en")
    with django_assert_num_queries(1):
        source.version()


def test_version__after_each_change_that_shoppers_see__is_another(loaded: dict[str, HelpArticle]) -> None:
    source = SOURCES.get("help centre")
    article, seen = HelpArticle.objects.get(pk=loaded["en/return-an-item"].pk), [source.version()]

    article.body = "A draft"
    save_draft(article, user=None, now=NOW)
    assert source.version() == seen[-1]

    publish(article, user=None, now=NOW)
    seen.append(source.version())
    unpublish(HelpArticle.objects.get(pk=article.pk), user=None, now=NOW)
    seen.append(source.version())
    publish(HelpArticle.objects.get(pk=article.pk), user=None, now=NOW)
    seen.append(source.version())
    HelpArticle.objects.get(pk=loaded["de/return-an-item"].pk).delete()
    seen.append(source.version())

    assert len(set(seen)) == 5
    assert not any(passage.text == "A draft" for passage in source.read("de"))
