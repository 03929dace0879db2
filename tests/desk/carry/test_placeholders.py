"""Are ready-made texts filled in from a closed list, with nothing run and nothing silently empty?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.carry.placeholders import KNOWN, PlaceholderError, check_placeholders, fill, find_marks
from tests.attacks.payloads import XSS

VALUES = {name: f"value of {name}" for name in KNOWN}


def named(name: str) -> str:
    return name.replace(".", " ")


def test_fill__known_names__are_replaced_whatever_the_spaces() -> None:
    text = "Hello {{ customer.first_name }}, {{conversation.reference}} and {{   agent.name}}."

    assert fill(text, {**VALUES, "customer.first_name": "Ada"}, name_of=named) == (
        "Hello Ada, value of conversation.reference and value of agent.name."
    )


@pytest.mark.parametrize("missing", [{}, {"order.number": ""}, {"order.number": " \n "}])
def test_fill__nothing_known__is_marked_by_name(missing: dict[str, str]) -> None:
    filled = fill("Order {{ order.number }} is on its way.", missing, name_of=named)

    assert filled == "Order ⟦order number⟧ is on its way."
    assert find_marks(filled) == ["⟦order number⟧"]


def test_fill__value_that_looks_like_a_placeholder__stays_text() -> None:
    assert fill("{{ customer.name }}", {**VALUES, "customer.name": "{{ agent.name }}"}, name_of=named) == "{{ agent.name }}"


def test_fill__value_with_marks_and_breaks__becomes_one_plain_line() -> None:
    assert fill("{{ customer.name }}", {"customer.name": "⟦a⟧\n" + "b" * 300}, name_of=named) == ("a " + "b" * 300)[:200]


@pytest.mark.parametrize("text", ["{{ gone.since }} and", "{{ agent.na", "{{", "{{}}"])
def test_fill__text_that_could_not_be_saved_today__is_marked_and_breaks_nothing(text: str) -> None:
    assert len(find_marks(fill(text, VALUES, name_of=named))) == 1


@pytest.mark.attack("A13", "F01")
@pytest.mark.parametrize(
    ("text", "reason", "found"),
    [
        ("{{ basket.flush }}", "unknown", "basket.flush"),
        ("{{ basket.total|safe }}", "unknown", "basket.total|safe"),
        ("{{ user.password }}", "unknown", "user.password"),
        ("{{}}", "unknown", ""),
        ("{{ {{ agent.name }} }}", "nested", "{{ agent.name"),
        ("{{{ agent.name }}}", "nested", "{ agent.name"),
        ("Dear {{ customer.name", "unclosed", "customer.name"),
        ("{% debug %}", "template", "{% debug %}"),
        ("{{constructor.constructor('alert(1)')()}}", "unknown", "constructor.constructor('alert(1)')()"),
    ],
)
def test_check_placeholders__anything_else__is_refused_with_the_reason(text: str, reason: str, found: str) -> None:
    with pytest.raises(PlaceholderError) as refused:
        check_placeholders(f"Hello {text}")

    assert (refused.value.reason, refused.value.found) == (reason, found[:40])


@pytest.mark.parametrize("text", ["", "100 % {of} it } } {", "{ agent.name }", "}}", *(f"{{{{ {name} }}}}" for name in KNOWN)])
def test_check_placeholders__plain_text_and_all_known_names__pass(text: str) -> None:
    check_placeholders(text)


PIECES = st.lists(st.sampled_from([*(f"{{{{ {name} }}}}" for name in KNOWN), "a", " ", "\n", "{", "}", *XSS]), max_size=8)


@given(pieces=PIECES, values=st.fixed_dictionaries({}, optional={name: st.text(max_size=12) for name in KNOWN}))
def test_fill__any_text_that_may_be_saved__leaves_no_known_placeholder_and_marks_each_missing_one(
    pieces: list[str], values: dict[str, str]
) -> None:
    text = "".join(pieces)
    try:
        check_placeholders(text)
    except PlaceholderError:
        return
    values = {name: value for name, value in values.items() if "{" not in value}
    filled = fill(text, values, name_of=named)

    assert not [name for name in KNOWN if f"{{{{ {name} }}}}" in filled]
    given = [piece for piece in pieces if piece.startswith("{{ ") and piece.endswith(" }}")]
    empty = [one for one in given if not " ".join(values.get(one[3:-3], "").replace("⟦", "").replace("⟧", "").split())]
    assert len(find_marks(filled)) == len(empty)
