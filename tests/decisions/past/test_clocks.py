"""What do the browser's signals leave open of its clocks?"""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from oscar_engage.conf import EngageSettings
from oscar_engage.decisions.past.clocks import Pages, Span, find_beats, find_pages, read_steps
from oscar_engage.decisions.past.moment import rebuild
from oscar_engage.rules.engine.tree import Condition
from oscar_engage.rules.engine.values import UNKNOWN
from oscar_engage.signals.kinds import Payload
from oscar_engage.signals.shipped import ExitIntent, PageHidden, PageIdle, PageLeft, PageViewed, ProductViewed
from oscar_engage.signals.signal import Signal, Source
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.recall import Heard
from oscar_engage.visitors.state import begin

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
STEPS = {"checkout": (20.0, 45.0), "seconds": (30.0,)}


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def heard(payload: Payload, seconds: float, after: float = 0.3, source: Source = Source.BROWSER) -> Heard:
    signal = Signal(kind="x", payload=payload, at=at(seconds), event_id=uuid.uuid4(), source=source)
    return Heard(signal, at(seconds + after))


def opened(seconds: float = 0, page: str = "checkout", after: float = 0.3) -> Heard:
    return heard(PageViewed(page=page), seconds, after)


def pages(*more: Heard) -> Pages:
    return find_pages([opened(), *more])


def idle(found: Pages, seconds: float) -> tuple[Span, ...]:
    page = found.at(at(seconds))
    assert page is not None
    return page.idle_spans(at(seconds), STEPS)


def test_read_steps__changed_sensors__are_the_shops() -> None:
    assert read_steps(EngageSettings()) == {"seconds": (30.0, 60.0, 120.0), "checkout": (20.0, 45.0, 90.0)}
    shops = EngageSettings.from_mapping({"SENSORS": {"idle": {"checkout": [10, 15]}}})
    assert read_steps(shops) == {"seconds": (30.0, 60.0, 120.0), "checkout": (10.0, 15.0)}
    assert read_steps(EngageSettings.from_mapping({"SENSORS": {"idle": None}})) == {"seconds": (), "checkout": ()}


def test_idle__moment_that_was_told_later__is_exact() -> None:
    found = pages(heard(PageIdle(seconds=20), 25), heard(PageIdle(seconds=45), 50))
    assert idle(found, 15) == (Span(10.0, 10.0),)
    assert idle(found, 50.3) == (Span(45.3, 45.3),)


def test_idle__nothing_told__lies_below_the_first_step() -> None:
    assert idle(pages(), 10) == (Span(0.0, 10.0),)
    assert idle(pages(), 300) == (Span(0.0, 23.0),)


def test_idle__told_a_while_ago__goes_on_or_began_anew() -> None:
    told = pages(heard(PageIdle(seconds=20), 20))
    assert idle(told, 40) == (Span(0.0, 23.0), Span(40.0, 40.0))
    assert idle(told, 60) == (Span(0.0, 23.0),), "45 seconds would have been told"
    last = pages(heard(PageIdle(seconds=45), 45))
    assert idle(last, 100) == (Span(0.0, 23.0), Span(100.0, 100.0))


def test_idle__touched_or_away_since__began_anew() -> None:
    assert idle(pages(heard(PageIdle(seconds=20), 20), heard(ExitIntent(), 25)), 30) == (Span(0.0, 5.0),)
    assert idle(pages(heard(PageHidden(seconds=10), 30)), 34) == (Span(0.0, 4.0),)


def test_idle__sensor_off__may_be_anything_since_the_page_was_opened() -> None:
    page = pages().at(at(300))
    assert page is not None
    assert page.idle_spans(at(300), {"checkout": (), "seconds": ()}) == (Span(0.0, 300.0),)


def test_visible__time_away__does_not_count() -> None:
    page = pages(heard(PageHidden(seconds=10), 30)).at(at(40))
    assert page is not None
    assert (page.visible_seconds(at(40)), page.is_hidden(at(25)), page.is_hidden(at(35))) == (30.0, True, False)


def test_visible__page_that_was_left__counts_as_it_said() -> None:
    page = pages(heard(PageLeft(visible=42), 40)).at(at(40))
    assert page is not None
    assert page.visible_seconds(at(40)) == 42.0, "its clock runs since before our script did"


def test_visible__tab_opened_behind__counts_since_it_was_looked_at() -> None:
    page = find_pages([opened(after=20)]).at(at(30))
    assert page is not None
    assert page.visible_seconds(at(30)) == 10.0


def test_find_pages__none_opened__there_is_no_page() -> None:
    assert find_pages([heard(ProductViewed(product_id=1), 0)]).at(at(10)) is None


def test_find_pages__two__the_later_is_in_view_from_when_it_was_heard() -> None:
    found = find_pages([opened(), opened(10, "product")])
    kinds = [page.facts.kind for seconds in (5, 10.2, 11) if (page := found.at(at(seconds)))]
    assert kinds == ["checkout", "checkout", "product"]
    assert found.pages[0].facts == PageFacts(kind="checkout")


@pytest.mark.parametrize(
    ("more", "count"),
    [
        (heard(PageIdle(seconds=20), 20), 2),
        (heard(PageLeft(visible=20), 20), 1),
        (heard(ProductViewed(product_id=1), 20, source=Source.SERVER), 1),
    ],
)
def test_find_beats__what_the_browser_waited_for__counts(more: Heard, count: int) -> None:
    signals = [opened(), more]
    assert len(find_beats(signals, find_pages(signals))) == count


def test_find_beats__sent_as_the_page_went_out_of_view__was_not_answered() -> None:
    signals = [opened(), heard(ExitIntent(), 20, after=0.1), heard(PageHidden(seconds=10), 30)]
    assert [beat.at for beat in find_beats(signals, find_pages(signals))] == [at(0.3), at(30.3)]


def test_truths__limit_within_the_possible_time__is_open_on_both_sides() -> None:
    page = pages().at(at(10))
    past = rebuild(begin(START), page, consent=3, is_customer=False, at=at(10), steps=STEPS)
    told = {limit: past.truths(Condition("page.idle_seconds", ">", limit)) for limit in (0.0, 5.0, 9.9995, 10.0)}
    assert told == {0.0: {True, False}, 5.0: {True, False}, 9.9995: {False}, 10.0: {False}}
    assert past.truths(Condition("page.idle_seconds", "between", (20.0, 30.0))) == {False}
    assert past.truths(Condition("page.idle_seconds", "null", None)) == {False}
    assert past.moment.free_agents() == 0, "nobody counted them"
    assert (past.is_said("page.idle_seconds"), past.value("page.idle_seconds")) == (False, UNKNOWN)
