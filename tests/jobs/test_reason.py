"""Does a kept reason say what failed without saying about whom?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.jobs.reason import reason_of


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("bad"), "ValueError: bad"),
        (ValueError(), "ValueError"),
        (RuntimeError("to <mia@example.com> refused"), "RuntimeError: to … refused"),
        (RuntimeError("Key (email)=(mia@example.com) exists\nDETAIL: all"), "RuntimeError: Key … exists"),
        (RuntimeError("Failing row contains (7, Mia, 30)"), "RuntimeError: Failing row contains …"),
        (KeyError("Mia"), "KeyError: …"),
    ],
)
def test_reason_of__error__class_and_message_without_values(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason


@given(st.text(max_size=2000), st.emails())
def test_reason_of__any_text__short_and_without_the_address(text: str, address: str) -> None:
    reason = reason_of(ValueError(f"{text} {address}"))

    assert len(reason) <= 120
    assert address not in reason
