"""Is the promised time of a solution always the open time that was promised plus that of the pauses, whatever happens?"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.promises.clock import open_between
from oscar_engage.desk.promises.course import after_answer, after_question, begin, owes_answer
from oscar_engage.desk.promises.models import OpeningHours, Policy
from oscar_engage.desk.promises.terms import terms_of
from tests.desk.promises.conftest import utc

OFFICE = OpeningHours(name="Office", time_zone="Europe/Berlin", weekly={"mon-fri": "9:00-17:00", "sat": "1:00-4:00"})
BEGUN = utc("03-26 10:00")  # three days before clocks are put forward

steps = st.lists(
    st.tuples(st.integers(1, 20_000), st.sampled_from(["answer", "question", "shopper"])), max_size=12
)  # minutes until then, and what comes


@given(happened=steps, kind=st.sampled_from(ConversationKind.values), has_hours=st.booleans())
def test_course__any__keeps_the_open_time_that_was_promised(
    happened: Sequence[tuple[int, str]], kind: str, has_hours: bool
) -> None:
    policy = Policy(name="All", first_minutes=40, resolve_minutes=100_000, opening_hours=OFFICE if has_hours else None)
    terms = terms_of(policy)
    one = Conversation(kind=kind, created_at=BEGUN, policy=policy)
    begin(one, terms, now=BEGUN)
    now, paused, since = BEGUN, timedelta(), None
    for minutes, what in happened:
        now += timedelta(minutes=minutes)
        is_late = one.resolve_by is not None and one.paused_at is None and one.resolve_by <= now
        if what == "shopper":
            paused += open_between(since, now, terms.opening) if since else timedelta()
            since = None
            _write(one, now)
        else:
            since = since or (now if what == "question" else None)
            after_answer(one, now=now, was_owed=owes_answer(one), is_question=what == "question")
            one.first_reply_at, one.status = one.first_reply_at or now, ConversationStatus.OPEN
        if is_late:
            return  # what was late stays late, however long one waits then
        assert one.paused_at == since
        assert one.watch_at is None or BEGUN <= one.watch_at <= max(one.due_at, one.resolve_by or BEGUN)
        assert (one.watch_at is None) is (since is not None)
    assert one.resolve_by is not None
    assert open_between(BEGUN, one.resolve_by, terms.opening) == timedelta(minutes=100_000) + paused


def _write(one: Conversation, now: datetime) -> None:
    is_new = one.kind == ConversationKind.NOTE and one.status == ConversationStatus.OPEN
    if is_new:
        one.status = ConversationStatus.WAITING
    after_question(one, now=now, is_new=is_new)
