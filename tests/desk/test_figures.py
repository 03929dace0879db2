"""Do the figures say what the rows do?"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.ratings.figures import Row, by_agent, figures_of

START = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


def row(*, answer: float | None = None, end: float | None = None, **more: object) -> Row:
    """A chat of agent 1 that was answered after so many seconds, and ended so many later."""
    replied = None if answer is None else START + timedelta(seconds=answer)
    values: dict[str, object] = {"agent": 1, "is_chat": True, **more}
    closed = None if end is None else (replied or START) + timedelta(seconds=end)
    return Row(created_at=START, first_reply_at=replied, closed_at=closed, **values)  # type: ignore[arg-type]  # a shorthand


def test_figures__nothing__nothing_to_tell() -> None:
    found = figures_of([])

    assert (found.asked, found.answered, found.rated, found.average, found.share_rated) == (0, 0, 0, None, None)
    assert (found.first_response, found.handle_time) == (None, None)


def test_figures__some_of_each__counted_as_what_they_are() -> None:
    found = figures_of(
        [
            row(),
            row(end=5),  # closed by the shopper before anybody came
            row(answer=10, end=100, score=5),
            row(answer=30, end=300, score=2),
            row(answer=50),  # goes on
            row(answer=90, is_chat=False),
            row(answer=70, end=9000, is_chat=False, score=4),
        ]
    )

    assert (found.asked, found.answered, found.resolved) == (7, 5, 3)
    assert (found.rateable, found.rated, found.average, found.share_rated) == (4, 3, 11 / 3, 3 / 4)
    assert (found.first_response, found.handle_time) == (50, 200)


def test_figures__one_left_open_overnight__moves_no_median_far() -> None:
    usual = [row(answer=60, end=300) for _ in range(9)]

    assert figures_of([*usual, row(answer=40_000, end=80_000)]).handle_time == 300


def test_by_agent__each_has_their_own_and_nobodys_stand_apart() -> None:
    found = by_agent([row(), row(agent=2, answer=1), row(agent=None)])

    assert {agent: figures.asked for agent, figures in found.items()} == {1: 1, 2: 1, None: 1}


def test_row__nothing_happened__no_time() -> None:
    assert (row().first_response, row().handle_time) == (0.0, 0.0)


@given(
    st.lists(
        st.builds(lambda agent, score: row(agent=agent, answer=1, end=1, score=score), st.integers(1, 3), st.integers(1, 5))
    )
)
def test_by_agent__any_rows__add_up(rows: list[Row]) -> None:
    whole, parts = figures_of(rows), by_agent(rows).values()

    assert whole.asked == sum(part.asked for part in parts)
    assert whole.rated == sum(part.rated for part in parts)
    if whole.average is not None:
        assert 1 <= whole.average <= 5
