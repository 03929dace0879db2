"""When is a shared page over? Each limit just before and just after it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from oscar_engage.sharing.lease import ANSWER, LONGEST, PAYING, SILENT, UNSEEN, Facts, why_over

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
LIVE = Facts(
    state="live", is_theirs=True, is_paying=False, asked_at=NOW, begun_at=NOW, shopper_at=NOW, agent_at=NOW
)  # fmt: skip
LATER = NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    ("facts", "limit", "why"),
    [
        (replace(LIVE, state="asked", begun_at=None, agent_at=None), ANSWER, "unanswered"),
        (LIVE, SILENT, "shopper_gone"),
        (replace(LIVE, is_paying=True, agent_at=LATER), PAYING, "shopper_gone"),
        (replace(LIVE, shopper_at=LATER), SILENT, "agent_gone"),
        (replace(LIVE, shopper_at=LATER, agent_at=None), UNSEEN, "unseen"),
        (replace(LIVE, shopper_at=LATER, agent_at=LATER), LONGEST, "too_long"),
    ],
)
def test_why_over__at_each_limit__ends_just_after_it(facts: Facts, limit: timedelta, why: str) -> None:
    assert why_over(facts, now=NOW + limit) == ""
    assert why_over(facts, now=NOW + limit + timedelta(microseconds=1)) == why


def test_why_over__handed_on_or_over_already() -> None:
    assert why_over(replace(LIVE, is_theirs=False), now=NOW) == "conversation"
    assert why_over(replace(LIVE, state="ended", is_theirs=False), now=LATER) == ""


def test_silence__is_known_to_the_other_side_within_ten_seconds() -> None:
    clocks = timedelta(seconds=2)  # either side speaks at least so often, and so exact is what is written
    assert SILENT + clocks < timedelta(seconds=10)
