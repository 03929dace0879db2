"""Do sums of cells say what they should, and nothing where nothing is known?"""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.analytics.staffing.figures import (
    Service,
    Staff,
    by_hour,
    figures_of,
    left_out_of,
    load_by_weekday,
    queues_in,
    service_of,
    staff_of,
)

HOURS: dict[tuple[str, ...], tuple[Any, ...]] = {
    ("09", "1", "chat"): (4, 3, 1, 2, 1, 50),
    ("10", "2", "chat"): (1, 1, 0, 1, 0, 70),
    ("10", "2", "note"): (6, 5, 0, 5, 1, 0),
    ("11", "2", "left out"): (2, 0, 0, 0, 0, 0),
}
TIMES: dict[tuple[str, ...], tuple[Any, ...]] = {
    ("queue", "1", "chat", "response", "10"): (3,),
    ("queue", "2", "chat", "response", "12"): (1,),
    ("hour", "09", "chat", "response", "10"): (3,),
}
STAFF: dict[tuple[str, ...], tuple[Any, ...]] = {("09",): (3600, 60, 900, 9000, 36_000), ("12",): (0, 60, 0, 0, 0)}


def test_service_of__all_queues__adds_numbers_and_takes_the_longest_wait() -> None:
    found = service_of(HOURS, TIMES, channel="chat")
    assert (found.asked, found.answered, found.abandoned, found.kept, found.broken, found.longest) == (5, 4, 1, 3, 1, 70)
    assert found.times["response"].number == 4
    assert found.abandoned_rate is not None
    assert found.abandoned_rate.value == 0.2
    assert found.kept_rate is not None
    assert found.kept_rate.value == 0.75


def test_service_of__one_queue__is_its_own() -> None:
    found = service_of(HOURS, TIMES, queue="2", channel="chat")
    assert (found.asked, found.times["response"].number) == (1, 1)


def test_service_of__notes__are_not_abandoned() -> None:
    assert service_of(HOURS, TIMES, channel="note").abandoned_rate is None


def test_service_of__nothing__says_nothing() -> None:
    empty = service_of({}, {}, channel="chat")
    assert empty == Service()
    assert (empty.kept_rate, empty.abandoned_rate, empty.times) == (None, None, {})


def test_by_hour__chats_or_agents__have_a_row() -> None:
    found = by_hour(HOURS, TIMES, STAFF, channel="chat")
    assert list(found) == ["09", "10"]
    assert found["09"].service.times["response"].number == 3
    assert found["09"].staff.utilisation == 0.25
    assert found["10"].staff == Staff()


def test_staff__shares__are_of_what_there_was() -> None:
    staff = staff_of(STAFF)
    assert (staff.utilisation, staff.occupancy) == (0.25, 0.25)
    assert (Staff().utilisation, Staff().occupancy) == (None, None)
    assert Staff(used=20, room=10).utilisation == 1.0  # a chat that speaks again may go beyond the capacity
    assert staff_of({}) == Staff()


def test_left_out_of__staff_and_automata__are_counted_apart() -> None:
    assert left_out_of(HOURS, "left out") == 2
    assert queues_in(HOURS) == ["1", "2"]


def test_figures_of__one_agent__has_presence_times_and_promises() -> None:
    cells: dict[tuple[str, ...], tuple[Any, ...]] = {
        ("5", "had", ""): (4,),
        ("5", "kept", ""): (3,),
        ("5", "broken", ""): (1,),
        ("5", "hold", "07"): (2,),
        ("5", "online", ""): (600,),
    }
    found = figures_of(5, "Mia", cells)
    assert (found.had, found.staff.online, found.times["hold"].number) == (4, 600, 2)
    assert found.kept_rate is not None
    assert found.kept_rate.value == 0.75
    assert figures_of(5, "Mia", {}).kept_rate is None


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 23), st.sampled_from(("chat", "note", "left out"))), max_size=30))
def test_load_by_weekday__any_days__counts_each_conversation_once(began: list[tuple[int, int, str]]) -> None:
    days = [(weekday, {(f"{hour:02d}", "1", channel): (1, 0, 0, 0, 0, 0)}) for weekday, hour, channel in began]
    found = load_by_weekday(days, ("chat", "note"))
    assert sum(found.values()) == sum(channel != "left out" for _weekday, _hour, channel in began)
    assert set(found) == {(weekday, hour) for weekday, hour, channel in began if channel != "left out"}
