"""Is each vector what the log says, bit for bit, and do later signals leave it alone?"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.learning.vectors.replay import Replayed, replay
from oscar_engage.models import Rule, SignalRecord
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.page import PageFacts
from tests.learning.vectors.browser import CHECKOUT, NOW, PRODUCT, Browser, basket
from tests.storefront.beats import signal

pytestmark = pytest.mark.django_db

HOME = PageFacts(kind="home")


def browse(browser: Browser) -> None:
    """Look at products, put one into the basket, hesitate in the checkout, and be refused."""
    browser.beat("page.viewed", page=PRODUCT, visible=600)
    browser.beat("page.exit_intent", page=PRODUCT, visible=4000, after=3.3)
    browser.beat("page.viewed", page=HOME, after=7.123)
    browser.on_server(("product.viewed", {"product_id": 5}), ("basket.line_added", {"product_id": 5, "basket_id": 3}))
    browser.on_server(basket(59.9, saved=5.05), after=0.001)
    browser.beat("page.viewed", page=PageFacts(kind="basket"), after=4)
    browser.beat(signal("page.hidden", data={"seconds": 3.7}), page=PageFacts(kind="basket"), idle=31_005, after=31)
    browser.on_server(("checkout.step", {"step": "shipping-address"}), ("form.invalid", {"form": "a", "fields": ["line1"]}))
    browser.beat("page.viewed", "page.exit_intent", page=CHECKOUT, after=0.5)
    browser.beat(page=CHECKOUT, idle=46_321, visible=50_000, after=46.4)


def test_replay__real_beats__every_vector_is_rebuilt_bit_for_bit(rule: Rule) -> None:
    browser = Browser()
    browse(browser)

    found = replay(browser.visit)

    assert len(found) == ScoredVector.objects.count() >= 6
    assert {row.occasion for row in ScoredVector.objects.all()} >= {"product", "signal", "basket", "idle"}
    assert [one for one in found if not one.is_same] == []


def test_replay__later_signals__change_no_vector() -> None:
    browser = Browser()
    browse(browser)
    before = replay(browser.visit)

    browser.beat("page.viewed", "page.exit_intent", page=HOME, after=20)
    browser.on_server(basket(99), ("order.placed", {"order_id": 1}))

    assert replay(browser.visit)[: len(before)] == before


@pytest.mark.parametrize("consent", [ConsentLevel.STATISTICS, ConsentLevel.PERSONALISATION])
def test_replay__second_visit_and_each_consent__is_the_same(consent: ConsentLevel) -> None:
    browser = Browser(consent)
    browse(browser)
    browser.seconds += 3 * 24 * 3600
    browser.beat("page.viewed", page=HOME)

    (row,) = replay(browser.visit)

    assert row.is_same
    assert row.logged is not None
    assert row.logged[-3:] == ((2.0, 3.0, 0.0) if consent == ConsentLevel.PERSONALISATION else (None, None, None))


def test_replay__browser_that_refuses_the_link__is_the_same() -> None:
    browser = Browser()
    browser.beat("page.viewed", page=PRODUCT)
    browser.on_server(basket(12.5), is_linked=False)
    browser.beat(page=PRODUCT)

    assert [one.is_same for one in replay(browser.visit)] == [True, True]


def test_replay__server_wrote_later_what_it_noted_earlier__is_the_same() -> None:
    """A request takes its time before the beat does, and waits for the visit's row until the beat is through."""
    browser = Browser()
    browser.beat("page.viewed", page=PRODUCT)
    browser.beat("page.exit_intent", "page.exit_intent", page=PRODUCT, after=10)
    browser.on_server(basket(12.5), after=-5)
    browser.beat(page=PRODUCT, after=10)

    assert [one.is_same for one in replay(browser.visit)] == [True, True, True]


@pytest.mark.parametrize("what", ["schema", "damaged", "gone", "uninstalled", "agreed late"])
def test_replay__log_cannot_say__says_so(what: str) -> None:
    browser = Browser(ConsentLevel.FUNCTIONAL if what == "agreed late" else ConsentLevel.PERSONALISATION)
    browser.beat("page.viewed")
    browser.consent = ConsentLevel.PERSONALISATION
    browser.beat("page.exit_intent", "page.exit_intent", "page.exit_intent")
    browser.on_server(basket(1), basket(2), basket(3), basket(4))  # as many as the log misses
    if what == "schema":
        ScoredVector.objects.update(schema="another")
    elif what == "damaged":
        ScoredVector.objects.update(values=["many"])
    elif what == "gone":
        SignalRecord.objects.all().delete()
    elif what == "uninstalled":
        SignalRecord.objects.filter(kind="page.viewed").update(kind="shop.gone")

    found = replay(browser.visit)

    assert found
    assert {(one.rebuilt, one.is_same) for one in found} == {(None, False)}


@pytest.mark.parametrize("times", [1, 3])
def test_replay__any_number_of_vectors__takes_two_queries(times: int, django_assert_num_queries: Any) -> None:
    browser = Browser()
    for _turn in range(times):
        browser.beat("page.viewed", "page.exit_intent", "page.exit_intent", page=HOME)
    visit = browser.visit

    with django_assert_num_queries(2):
        assert all(one.is_same for one in replay(visit))


PAGES = st.sampled_from([HOME, PRODUCT, CHECKOUT, PageFacts(kind="basket"), PageFacts(kind="category", category_id=2)])
BROWSER_TOLD = st.sampled_from(["page.viewed", "page.exit_intent"])
SERVER_TOLD = st.one_of(
    st.floats(0, 500).map(lambda total: basket(round(total, 2))),
    st.sampled_from([("product.viewed", {"product_id": 6}), ("basket.line_removed", {"product_id": 5, "basket_id": 3})]),
)
MOVES = st.lists(
    st.one_of(
        st.tuples(
            st.just("beat"),
            st.lists(BROWSER_TOLD, max_size=3),
            PAGES,
            st.integers(0, 400_000),
            st.floats(0.001, 90).map(lambda one: round(one, 3)),
        ),
        st.tuples(st.just("server"), st.lists(SERVER_TOLD, min_size=1, max_size=2), st.floats(0.001, 9)),
    ),
    max_size=12,
)


@given(moves=MOVES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_replay__any_visit__is_the_same_at_each_snapshot_and_stays_so(moves: list[Any]) -> None:
    browser, kept = Browser(), list[Replayed]()
    browser.beat("page.viewed", page=HOME)
    for move in moves:
        if move[0] == "beat":
            _word, told, page, idle, after = move
            browser.beat(*told, page=page, idle=idle, visible=idle // 2, after=after)
        else:
            browser.on_server(*move[1], after=move[2])
        found = replay(browser.visit)
        assert [one for one in found if not one.is_same] == []
        assert found[: len(kept)] == kept
        kept = found
    assert browser.now >= NOW
