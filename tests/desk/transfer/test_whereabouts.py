"""Does what somebody saw come back from a form as it was, and nothing else?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.transfer.whereabouts import Whereabouts, read_whereabouts

ids = st.none() | st.integers(1, 10**17)


@given(st.sampled_from(["waiting", "open", "closed"]), ids, ids)
def test_whereabouts__any__come_back_as_they_were(status: str, agent: int | None, queue: int | None) -> None:
    seen = Whereabouts(status, agent, queue)
    assert read_whereabouts(str(seen)) == seen


@pytest.mark.parametrize("text", ["", "waiting", "waiting..", "open.1.2.3", "gone.1.2", "open.-1.2", "open.1.2\n", "open.१.2"])
def test_whereabouts__anything_else__is_nothing(text: str) -> None:
    assert read_whereabouts(text) == (Whereabouts("waiting") if text == "waiting.." else None)
