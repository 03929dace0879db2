"""Do bars and lines stand where their numbers say?"""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.dashboard.reports.chart import BOTTOM, LEFT, MOST_TICKS, RIGHT, TOP, Line, Value, draw_bars, draw_lines

DAYS = [date(2026, 11, 1) + timedelta(days=number) for number in range(30)]
NUMBERS = st.floats(-1e6, 1e9, allow_nan=False).map(lambda number: round(number, 2))


def points(text: str) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in (point.split(",") for point in text.split())]


@given(st.lists(st.none() | NUMBERS, min_size=1, max_size=30))
def test_draw_lines__any_numbers__stay_in_the_field_and_in_their_order(values: list[float | None]) -> None:
    chart = draw_lines(DAYS[: len(values)], [Line("all", values)], say=str, say_day=str)
    known = [value for value in values if value is not None]
    if not known:
        assert chart is None
        return
    assert chart is not None
    dots = [point for part in chart.series[0].parts for point in points(part)]
    assert len(dots) == len(known)
    assert all(LEFT <= x <= RIGHT and TOP - 1 <= y <= BOTTOM + 1 for x, y in dots)
    assert len(chart.across) <= MOST_TICKS
    for (value, (_x, y)), (other, (_other_x, other_y)) in zip(
        zip(known, dots, strict=True), zip(known[1:], dots[1:], strict=False), strict=False
    ):
        assert (value >= other) == (y <= other_y) or y == other_y


def test_draw_lines__gap__is_two_lines() -> None:
    chart = draw_lines(DAYS[:5], [Line("all", [1, 2, None, 3, 4])], say=str, say_day=str)
    assert chart is not None
    assert [len(points(part)) for part in chart.series[0].parts] == [2, 2]


def test_draw_lines__band__goes_there_and_back() -> None:
    line = Line("all", [1, 2, 3], low=[0, None, 2], high=[2, None, 4])
    chart = draw_lines(DAYS[:3], [line], say=str, say_day=str)
    assert chart is not None
    assert len(points(chart.series[0].band)) == 4


def test_draw_lines__no_days__is_none() -> None:
    assert draw_lines([], [Line("all", [])], say=str, say_day=str) is None


@given(st.lists(NUMBERS, min_size=1, max_size=8))
def test_draw_bars__any_numbers__begin_at_zero_and_are_as_long_as_they_say(values: list[float]) -> None:
    chart = draw_bars([Value(str(value), value, str(value), value - 1, value + 1) for value in values])
    assert chart is not None
    longest = max(chart.bars, key=lambda bar: bar.width)
    assert abs(float(longest.label)) >= max(map(abs, values)) * 0.99
    for bar in chart.bars:
        assert chart.zero in (bar.x, bar.x + bar.width)
        assert bar.low is not None
        assert bar.high is not None
        assert bar.low <= bar.high


def test_draw_bars__nothing__is_none() -> None:
    assert draw_bars([]) is None
