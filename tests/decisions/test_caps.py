"""A rule's own caps: laws that hold whatever the sequence of moments."""

import uuid
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.decisions.caps import Spent, by_rule, is_paused, is_spent, reach_of
from oscar_engage.rules.caps import NO_CAPS, Caps
from tests.rules.moments import NOW

VISITS = [uuid.UUID(int=number) for number in range(3)]
CAPS = st.builds(
    Caps,
    offers=st.none() | st.integers(1, 4),
    days=st.integers(1, 10),
    visit=st.none() | st.integers(1, 3),
    pause_days=st.none() | st.integers(1, 10),
)
MOMENTS = st.lists(st.tuples(st.integers(0, 60 * 24), st.sampled_from(VISITS), st.booleans()), max_size=40)
"""Hours since the beginning, in which visit, and whether it was answered with a no an hour later."""


def act(caps: Caps, moments: list[tuple[int, uuid.UUID, bool]]) -> list[Spent]:
    """Return the moments that the caps let the rule have, in their order."""
    spent = [Spent(2, VISITS[0], NOW)]  # another rule's, which counts nothing here
    for hours, visit, is_refused in sorted(moments, key=lambda one: one[0]):
        now = NOW + timedelta(hours=hours)
        own = by_rule(spent).get(1, ())
        if is_spent(caps, own, visit_id=visit, now=now) or is_paused(caps, own, now=now):
            continue
        spent.append(Spent(1, visit, now, dismissed_at=now + timedelta(hours=1) if is_refused else None))
    return spent[1:]


@given(CAPS, MOMENTS)
def test_caps__whatever_the_sequence__are_never_passed(caps: Caps, moments: list[tuple[int, uuid.UUID, bool]]) -> None:
    had = act(caps, moments)
    for one in had:
        if caps.offers is not None:
            window = [other for other in had if one.at - timedelta(days=caps.days) < other.at <= one.at]
            assert len(window) <= caps.offers
        if caps.visit is not None:
            assert sum(other.visit_id == one.visit_id for other in had) <= caps.visit
        if caps.pause_days is not None and one.dismissed_at is not None:
            until = one.dismissed_at + timedelta(days=caps.pause_days)
            assert not [other for other in had if one.dismissed_at <= other.at < until]


@given(CAPS, MOMENTS)
def test_caps__refused_moments__would_have_passed_one_of_them(caps: Caps, moments: list[tuple[int, uuid.UUID, bool]]) -> None:
    assert len(act(NO_CAPS, moments)) == len(moments)
    if caps.offers is None and caps.visit is None and caps.pause_days is None:
        assert len(act(caps, moments)) == len(moments)


@given(CAPS, MOMENTS, MOMENTS)
def test_caps__what_lies_beyond_their_reach__counts_nothing(
    caps: Caps, moments: list[tuple[int, uuid.UUID, bool]], earlier: list[tuple[int, uuid.UUID, bool]]
) -> None:
    old = VISITS[0]
    far = [Spent(1, None, NOW - reach_of([caps]) - timedelta(hours=hours)) for hours, _visit, _no in earlier]
    for hours, visit, _no in moments:
        now = NOW + timedelta(hours=hours)
        assert is_spent(caps, far, visit_id=visit, now=now) is False
    assert reach_of([caps]) >= timedelta(days=8)
    assert not is_spent(caps, [Spent(1, old, NOW + timedelta(days=1))], visit_id=old, now=NOW)
