"""Is nothing lost by a button of the editor, and does the focus stay where the work is?"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.dashboard.rules.draft import apply_edit, read_draft, to_document
from oscar_engage.dashboard.rules.undo import MOST_KEPT, offer, press, put_back
from tests.dashboard.conftest import DOCUMENT

LINE = {"field": "visit.pages", "operator": ">", "value": 3}
NESTED: dict[str, Any] = {
    **DOCUMENT,
    "branches": [
        *DOCUMENT["branches"],
        {"when": {"combinator": "and", "rules": [LINE, {"combinator": "or", "rules": [LINE]}, LINE]}, "then": []},
    ],
}
WHEN = "branches[1].when.rules"


@pytest.mark.parametrize(
    "path", ["branches[0]", "branches[1]", f"{WHEN}[0]", f"{WHEN}[1]", f"{WHEN}[1].rules[0]", f"{WHEN}[2]"]
)
def test_undo__right_after_a_removal__restores_the_draft(path: str) -> None:
    removed = press(NESTED, f"remove:{path}", [])
    assert removed.raw != NESTED
    restored = press(removed.raw, "undo", removed.removed)
    assert (restored.raw, restored.place, list(restored.removed)) == (NESTED, f"{path}.remove", [])


def test_undo__two_removals__come_back_in_turn() -> None:
    once = press(NESTED, f"remove:{WHEN}[0]", [])
    twice = press(once.raw, f"remove:{WHEN}[0]", once.removed)
    first = press(twice.raw, "undo", twice.removed)
    assert first.raw == once.raw
    assert press(first.raw, "undo", first.removed).raw == NESTED


def test_undo__list_shorter_meanwhile__puts_it_last() -> None:
    removed = press(NESTED, f"remove:{WHEN}[2]", [])
    shorter, _place = apply_edit(removed.raw, f"remove:{WHEN}[1]")
    restored = press(shorter, "undo", removed.removed)
    assert (restored.raw["branches"][1]["when"]["rules"], restored.place) == ([LINE, LINE], f"{WHEN}[1].remove")


def test_undo__branch_gone_meanwhile__changes_nothing() -> None:
    removed = press(NESTED, f"remove:{WHEN}[2]", [])
    gone, _place = apply_edit(removed.raw, "remove:branches[1]")
    assert press(gone, "undo", removed.removed).raw == gone


def test_removals__more_than_are_kept__forget_the_first() -> None:
    removed = [json.dumps({"path": WHEN, "node": {}})] * MOST_KEPT
    assert len(press(NESTED, f"remove:{WHEN}[0]", removed).removed) == MOST_KEPT


@pytest.mark.parametrize(
    ("path", "place", "words"),
    [
        ("branches[1]", "branches", "A branch was removed."),
        (f"{WHEN}[1]", "branches[1].when", "A group of conditions was removed."),
        (f"{WHEN}[1].rules[0]", f"{WHEN}[1]", "A condition was removed."),
    ],
)
def test_offer__of_a_removal__stands_where_it_was(path: str, place: str, words: str) -> None:
    pressed = press(NESTED, f"remove:{path}", [])
    found = offer(pressed.raw, pressed.removed)
    assert found is not None
    assert (found.place, found.words) == (place, words)
    assert pressed.place == f"{place}.undo"


def test_offer__place_gone__stands_at_the_branches() -> None:
    pressed = press(NESTED, f"remove:{WHEN}[1].rules[0]", [])
    gone, _place = apply_edit(pressed.raw, "remove:branches[1]")
    found = offer(gone, pressed.removed)
    assert found is not None
    assert found.place == "branches"


@given(st.text() | st.sampled_from(["[" * 4000, "[]", '{"path": 3}', '{"path": "branches[0]", "node": 4}', '{"path": "x"}']))
def test_undo__of_anything__never_raises(text: str) -> None:
    assert put_back(NESTED, text) == (NESTED, "")
    assert offer(NESTED, [text]) is None


def test_undo__nothing_removed__changes_nothing() -> None:
    assert press(NESTED, "undo", []).raw == NESTED
    assert offer(NESTED, []) is None


@pytest.mark.parametrize(
    ("edit", "order", "place"),
    [
        ("down:{}[0]", [1, 0, 2], "{}[1].down"),
        ("down:{}[1]", [0, 2, 1], "{}[2].up"),
        ("up:{}[2]", [0, 2, 1], "{}[1].up"),
        ("up:{}[1]", [1, 0, 2], "{}[0].down"),
        ("up:{}[0]", [0, 1, 2], ""),
        ("down:{}[2]", [0, 1, 2], ""),
        ("duplicate:{}[1]", [0, 1, 1, 2], "{}[2].up"),
    ],
)
def test_edit__move_and_duplicate__keep_all_and_say_where_to_go_on(edit: str, order: list[int], place: str) -> None:
    before = NESTED["branches"][1]["when"]["rules"]
    changed, goes_on = apply_edit(NESTED, edit.format(WHEN))
    assert changed["branches"][1]["when"]["rules"] == [before[number] for number in order]
    assert goes_on == place.format(WHEN)


def test_edit__change__goes_on_where_it_says() -> None:
    assert apply_edit(NESTED, f"change:{WHEN}[0].operator") == (NESTED, f"{WHEN}[0].operator")


@pytest.mark.parametrize("edit", ["up:branches", "duplicate:scope", "remove:branches[0].when", "up:", "down:branches[7]"])
def test_edit__place_that_is_no_line__changes_nothing(edit: str) -> None:
    assert apply_edit(NESTED, edit)[0] == NESTED


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({"amount": "2", "unit": "60"}, 120.0),
        ({"amount": "1.5", "unit": "3600"}, 5400.0),
        ({"amount": "45", "unit": "1"}, "45"),
        ({"amount": "soon", "unit": "60"}, "soon"),
        ({"amount": "nan", "unit": "60"}, "nan"),
        ({"amount": "2", "unit": "7"}, "2"),
        ({"unit": "60"}, ""),
        ({"amount": "5", "currency": "GBP"}, {"amount": "5", "currency": "GBP"}),
        ([{"amount": "1", "unit": "60"}, "9"], [60.0, "9"]),
    ],
)
def test_value__with_a_unit__is_stored_in_seconds(typed: Any, stored: Any) -> None:
    line = {"field": "page.idle_seconds", "operator": ">", "value": typed}
    raw = {"branches": [{"when": {"combinator": "and", "rules": [line]}, "then": []}]}
    assert to_document(raw)["branches"][0]["when"]["rules"][0]["value"] == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("and", ("and", None)), ("or", ("or", None)), ("none", ("or", True)), ("some-not", ("and", True)), ("xor", ("xor", None))],
)
def test_combinator__as_people_say_it__is_stored_as_the_grammar_does(typed: str, stored: tuple[str, bool | None]) -> None:
    raw = read_draft([("branches[0].when.combinator", [typed])])
    when = to_document(raw)["branches"][0]["when"]
    assert (when["combinator"], when.get("not")) == stored
