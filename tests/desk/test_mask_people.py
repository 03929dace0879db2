"""Does nobody stay recognisable in a text that everybody is to read?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.mask.people import mask_people


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Write to anna.berg+1@shop.co.example.", "Write to [e-mail]."),
        ("Order 100042 or #123, AB-12345", "Order [number] or [number], [number]"),
        ("Call +49 170 123 4567 now", "Call [number] now"),
        ("Pay with 4111 1111 1111 1111", "Pay with [card]"),
        ("Dear ANNA, Frau Berg asked", "Dear [name], Frau [name] asked"),
        ("Bergschuhe in size 42 cost 129.90", "Bergschuhe in size 42 cost 129.90"),
        ("See K7F-22Q for it", "See [number] for it"),
    ],
)
def test_mask__what_names_somebody__is_taken_out_and_the_rest_stays(text: str, masked: str) -> None:
    assert mask_people(text, names=("Anna Berg", "", "A"), known=("K7F-22Q", "")) == masked


@given(st.text(max_size=60), st.text(max_size=60), st.from_regex(r"[a-z]{1,9}@[a-z]{1,9}\.[a-z]{2,5}", fullmatch=True))
def test_mask__an_address_anywhere__is_gone(before: str, after: str, mail: str) -> None:
    assert mail not in mask_people(f"{before} {mail} {after}")
