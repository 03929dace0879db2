"""Do questions that look alike resemble one another, whatever their small words and slips?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.answers import resemblance
from oscar_engage.answers.resemblance import collect_runs, resemble

ASKED = [
    (0, "it won't let me in"),
    (0, "I can't remember my password"),
    (0, "reset the password"),
    (1, "where is my parcel"),
    (1, "still nothing in the post"),
    (-1, "do you have a job for me"),
]


def test_resemble__only_small_words_in_common__is_nearest_to_who_is_asked_so() -> None:
    found = resemble(collect_runs(ASKED), "it wont let me")

    assert max(found, key=found.__getitem__) == 0


def test_resemble__slip_of_the_finger__still_resembles() -> None:
    found = resemble(collect_runs(ASKED), "pasword forgoten")

    assert max(found, key=found.__getitem__) == 0


def test_resemble__compound__resembles_its_parts() -> None:
    assert resemble(collect_runs([(0, "Karte gesperrt"), (1, "Zelt flicken")]), "Kreditkartensperre").keys() == {0}


def test_resemble__who_is_asked_so_once__counts_less_than_who_is_thrice() -> None:
    runs = collect_runs([(0, "where is it"), *((1, f"where is it {end}") for end in ("now", "today", "then"))])

    found = resemble(runs, "where is it")

    assert found[0] == pytest.approx(1 / 3)
    assert found[1] > found[0]


@pytest.mark.parametrize("question", ["", "?!", "xyzq"])
def test_resemble__nothing_in_common__is_like_nobody(question: str) -> None:
    assert resemble(collect_runs(ASKED), question) == {}
    assert resemble(collect_runs([]), question) == {}


def test_resemble__more_than_is_read__takes_the_rarest_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resemblance, "MOST_READ", 1)
    runs = collect_runs([(0, "parcel lost"), (1, "parcel"), (2, "parcel")])

    assert resemble(runs, "parcel lost").keys() == {0}


@given(st.lists(st.tuples(st.integers(-3, 5), st.text(max_size=40)), max_size=8), st.text(max_size=40))
def test_resemble__anything__is_from_nothing_to_one(phrases: list[tuple[int, str]], question: str) -> None:
    found = resemble(collect_runs(phrases), question)

    assert all(0 < amount <= 1 + 1e-9 for amount in found.values())
