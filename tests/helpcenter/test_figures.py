"""Do the figures say how often an article was opened, whom it helped, and who asked all the same?"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.ratings.judge import judge_step
from oscar_engage.desk.ratings.models import Step
from oscar_engage.helpcenter.figures import report_articles
from oscar_engage.helpcenter.models import HelpArticle
from oscar_engage.signals.models import SignalRecord
from tests.helpcenter.test_editor import address

NOW = timezone.now()
pytestmark = pytest.mark.django_db


def opened(slug: str, visitor_id: uuid.UUID, *, hours: int) -> None:
    at = NOW - timedelta(hours=hours)
    SignalRecord.objects.create(
        event_id=uuid.uuid4(),
        visitor_id=visitor_id,
        kind="help.opened",
        source="server",
        payload={"article": slug},
        at=at,
        received_at=at,
    )


def read() -> dict[str, Any]:
    return {report.slug: report for report in report_articles(since=NOW - timedelta(days=7), until=NOW)}


@pytest.fixture
def used(loaded: dict[str, HelpArticle]) -> None:
    """Three read about returns, one of them asks within the day; one asked before; two say whether it helped."""
    early, soon, late = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    opened("return-an-item", early, hours=2)
    opened("return-an-item", soon, hours=10)
    opened("return-an-item", late, hours=60)
    opened("", soon, hours=10)
    for visitor, hours in ((early, 3), (soon, 9), (late, 30)):
        at = NOW - timedelta(hours=hours)
        open_conversation("note", visitor_id=visitor, body="How?", language="en", now=at)
    for visitor, helped in ((early, True), (soon, False), (late, True)):
        judge_step(Step.ARTICLE, subject="return-an-item", visitor_id=visitor, helped=helped, now=NOW - timedelta(hours=1))


def test_report__of_what_was_read__is_in_all_languages_together(used: None) -> None:
    returns, parcel = read()["return-an-item"], read()["where-is-my-parcel"]
    assert (returns.opened, returns.asked_anyway, returns.judged, returns.helped) == (3, 1, 3, 2)
    assert returns.not_helped == 1
    assert set(returns.languages) == {"en", "de"}
    assert returns.asked_rate.low < 1 / 3 < returns.asked_rate.high
    assert (parcel.opened, parcel.asked_rate, parcel.helped_rate) == (0, None, None)


def test_report__any_number__takes_three_queries(
    loaded: dict[str, HelpArticle], django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in (3, 1):
        with django_assert_num_queries(3):
            assert sum(len(report.languages) for report in read().values()) == number
        HelpArticle.objects.exclude(pk=loaded["en/return-an-item"].pk).update(live=False)


def test_page__and_file__say_the_same(used: None, client_of: Callable[[str], Client]) -> None:
    client = client_of("writer")
    page = client.get(address("article-figures")).content.decode()
    lines = client.get(address("article-figures"), {"as": "csv"}).content.decode().splitlines()

    assert "66.7%" in page
    assert lines[0].startswith("slug,opened,judged,helped,asked_anyway,lost,ordered,languages,helped_rate,helped_rate_low")
    assert lines[1].startswith("return-an-item,3,3,2,1,")


def test_page__without_articles__says_what_to_do(client_of: Callable[[str], Client]) -> None:
    assert "No article is live" in client_of("writer").get(address("article-figures")).content.decode()


def test_report__baskets_after_an_article__are_lost_or_ordered_within_a_day(used: None) -> None:
    def end(kind: str, visitor: uuid.UUID, hours: int) -> None:
        at = NOW - timedelta(hours=hours)
        SignalRecord.objects.create(
            event_id=uuid.uuid4(), visitor_id=visitor, kind=kind, source="server", payload={}, at=at, received_at=at
        )

    opens = SignalRecord.objects.filter(kind="help.opened", payload__article="return-an-item").order_by("-at")
    early, soon, late = opens.values_list("visitor_id", flat=True)
    end("basket.abandoned", early, 1)
    end("basket.abandoned", soon, 8)
    end("order.placed", soon, 4)
    end("basket.abandoned", late, 2)  # more than a day later

    returns = read()["return-an-item"]

    assert (returns.lost, returns.ordered) == (1, 1)
    assert returns.lost_rate is not None
    assert returns.lost_rate.value == 0.5
    assert read()["where-is-my-parcel"].lost_rate is None
