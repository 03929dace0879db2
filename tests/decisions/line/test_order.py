"""Is nobody passed over by one of equal rank who came later, in whatever order browsers come back?"""

from datetime import timedelta
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from oscar_engage.decisions.line.order import Standing, ahead_of
from tests.rules.moments import NOW


def standing(number: int, since: int, *, yields: bool = False) -> Standing:
    return Standing(number=number, since=NOW + timedelta(seconds=since), yields=yields)


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("beat"), st.integers(0, 7), st.booleans()),
        st.tuples(st.just("freed"), st.integers(1, 2), st.just(False)),
        st.tuples(st.just("gone"), st.integers(0, 7), st.just(False)),
    ),
    max_size=60,
)


@settings(max_examples=300, deadline=None)
@given(events=EVENTS)
def test_ahead_of__any_order_of_beats__passes_nobody_over_and_lets_the_first_have_it(
    events: list[tuple[str, int, bool]],
) -> None:
    waiting: dict[int, Standing] = {}
    places, numbers = 0, count(1)
    for second, (what, who, yields) in enumerate(events):
        if what == "freed":
            places += who
            continue
        own = waiting.pop(who, None)
        if what == "gone":
            continue
        ahead = ahead_of(own, waiting.values(), yields=yields)
        now = own or standing(next(numbers), second // 3)  # three beats a second: some come at the same time
        now = Standing(number=now.number, since=now.since, yields=yields)
        if places <= len(ahead):
            waiting[who] = now
            assert not places or ahead, "a free place waits for nobody"
            continue
        places -= 1
        equals = [one for one in waiting.values() if one.yields == yields]
        earlier = [one for one in equals if (one.since, one.number) < (now.since, now.number)]
        above = [one for one in waiting.values() if yields and not one.yields]
        assert places >= len(earlier) + len(above), "who is passed over has no place left"


def test_ahead_of__who_has_just_come__stands_behind_all_equals_and_before_who_yields() -> None:
    early, late, yielding = standing(2, 5), standing(3, 9), standing(1, 0, yields=True)
    assert ahead_of(None, [late, yielding, early], yields=False) == (early, late)
    assert ahead_of(None, [late, yielding, early], yields=True) == (early, late, yielding)
    assert ahead_of(standing(9, 7), [late, yielding, early], yields=False) == (early,)
    assert ahead_of(standing(9, 7), [], yields=False) == ()


def test_ahead_of__same_moment__goes_by_who_was_noted_first() -> None:
    one, other = standing(1, 5), standing(2, 5)
    assert ahead_of(other, [one], yields=False) == (one,)
    assert ahead_of(one, [other], yields=False) == ()
