"""What was looked at, how idly, and where did the visit leave?"""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.analytics.exits.views import IDLE_KNOTS, MOST_PAGES, MOST_VIEWS, View, find_knot, read_views
from oscar_engage.signals import shipped
from oscar_engage.signals.signal import Signal
from tests.analytics.exits.logs import START, added, idle, left, looked_at, opened, ordered, stepped, told

STORY = st.lists(
    st.tuples(
        st.sampled_from(
            [
                shipped.PageViewed(page="home"),
                shipped.PageViewed(page="product", product_id=5),
                shipped.PageLeft(page="home", idle=70),
                shipped.PageLeft(page="product", product_id=5, idle=3),
                shipped.PageIdle(seconds=30),
                shipped.PageHidden(seconds=3),
                shipped.ProductViewed(product_id=5),
                shipped.LineAdded(product_id=5),
                shipped.CheckoutStep(step="index"),
                shipped.CheckoutStep(step="preview"),
                shipped.PaymentTried(),
                shipped.OrderPlaced(order_id=1),
            ]
        ),
        st.integers(0, 60),
    ),
    max_size=30,
)


def read(*signals: Signal, is_over: bool = True) -> tuple[View, ...]:
    return read_views(signals, started_at=START, is_over=is_over)


def test_read_views__one_page__left_on_the_first() -> None:
    assert read(opened(0)) == (View("browsing", 1, 0, has_left=True),)


def test_read_views__nothing_opened__nothing_known() -> None:
    assert read() == ()
    assert read(added(1), idle(30, 30), left(31)) == ()


def test_read_views__still_running__nobody_left() -> None:
    assert read(opened(0), opened(9), is_over=False) == (View("browsing", 1, 0, False), View("browsing", 2, 0, False))


def test_read_views__moved_on__counts_anew_at_each_stage() -> None:
    views = read(opened(0), *looked_at(10), *looked_at(20, product=6), added(30), opened(31, "basket"), opened(40))
    assert views == (
        View("browsing", 1, 0, False),
        View("product", 1, 0, False),
        View("product", 2, 0, False),
        View("basket", 1, 0, False),
        View("basket", 2, 0, True),
    )


def test_read_views__stage_reached_without_a_new_page__is_left_there() -> None:
    assert read(*looked_at(0), added(5)) == (View("product", 1, 0, False), View("basket", 1, 0, True))


def test_read_views__ordered__nobody_left() -> None:
    views = read(stepped(0, "index"), opened(1, "checkout", step="index"), stepped(9, "preview"), ordered(20), opened(21))
    assert views == (View("checkout", 1, 0, False), View("payment", 1, 0, False))


def test_read_views__basket_after_an_order__can_be_left_again() -> None:
    views = read(opened(0), added(1), opened(2), ordered(3), opened(4), added(10), opened(11))
    assert views[-1] == View("basket", 2, 0, True)  # since the order: its thank-you page, and this one


def test_read_views__page_of_payment__is_one_though_no_script_tells_of_it() -> None:
    assert read(stepped(0, "payment-details"), stepped(9, "preview")) == (
        View("payment", 1, 0, False),
        View("payment", 2, 0, True),
    )


def test_read_views__more_than_a_state_remembers__are_the_last_number() -> None:
    views = read(*(opened(second) for second in range(20)))
    assert [view.views for view in views] == [*range(1, MOST_VIEWS), *[MOST_VIEWS] * 9]
    assert [view.has_left for view in views] == [*[False] * 19, True]


def test_read_views__more_pages_than_anybody_opens__are_not_counted() -> None:
    assert len(read(*(opened(second) for second in range(MOST_PAGES)))) == MOST_PAGES
    assert read(*(opened(second) for second in range(MOST_PAGES + 1))) == ()


def test_read_views__idle__is_what_the_page_told_when_it_was_left() -> None:
    views = read(opened(0), idle(40, 30), left(50, idle=48.5), opened(51, "help"), left(60, "help", idle=7))
    assert [view.idle for view in views] == [45, 0]


def test_read_views__never_said_that_it_was_left__idle_as_far_as_was_told() -> None:
    assert [view.idle for view in read(opened(0), idle(30, 30), idle(60, 60), opened(61))] == [60, 0]


def test_read_views__idle_and_never_heard_of_again__was_idle_until_the_end() -> None:
    assert [view.idle for view in read(opened(0), idle(30, 30))] == [IDLE_KNOTS[-1]]
    assert [view.idle for view in read(opened(0), idle(30, 30), is_over=False)] == [30]


def test_read_views__touched_after_the_idle_moment__was_idle_only_so_long() -> None:
    assert [view.idle for view in read(opened(0), idle(30, 30), told(40, shipped.ExitIntent()))] == [30]


def test_read_views__server_heard_after_the_idle_moment__does_not_touch_the_page() -> None:
    assert [view.idle for view in read(opened(0), idle(30, 30), told(30, shipped.PaymentTried()))] == [300, 300]


def test_read_views__two_tabs__each_gets_its_own_leaving() -> None:
    views = read(opened(0), opened(1, "help"), left(100, idle=95), left(101, "help", idle=20), left(102, "search", idle=300))
    assert [view.idle for view in views] == [90, 20]


def test_find_knot__below_the_first__is_the_first() -> None:
    assert [find_knot(seconds) for seconds in (-1, 0, 9.9, 10, 299, 86400)] == [0, 0, 0, 10, 240, 300]


@given(story=STORY, data=st.data(), is_over=st.booleans())
def test_read_views__any_order_of_the_same_signals__gives_the_same(
    story: list[Any], data: st.DataObject, is_over: bool
) -> None:
    signals = [told(second, payload) for payload, second in story]
    assert read(*data.draw(st.permutations(signals)), is_over=is_over) == read(*signals, is_over=is_over)


@given(story=STORY)
def test_read_views__any_visit__leaves_once_at_most_and_never_while_it_runs(story: list[Any]) -> None:
    signals = [told(second, payload) for payload, second in story]
    over, running = read(*signals), read(*signals, is_over=False)
    assert sum(view.has_left for view in over) <= 1
    assert not any(view.has_left for view in running)
    assert len(running) <= len(over) <= len(running) + 1
