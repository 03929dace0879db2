"""Are questions that ask the same put together, and is none lost?"""

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.answers.alike import group_alike

TEXTS = st.lists(st.tuples(st.text("ab cde", max_size=12), st.sampled_from(["en", "de", "de-at", ""])), max_size=30)


def test_group__questions_in_other_words__are_one() -> None:
    texts = [
        ("Do you engrave knives?", "en"),
        ("Is there gift wrap?", "en"),
        ("can knives be engraved", "en"),
        ("Gift wrapping, please?", "en"),
        ("engraving knives", "en"),
    ]
    assert group_alike(texts) == [[0, 2, 4], [1, 3]]


def test_group__of_two_that_fit__the_liker_is_taken() -> None:
    texts = [("leather boots wax", "en"), ("leather boots", "en"), ("leather boots wax now", "en")]
    assert group_alike(texts) == [[0, 1, 2]]
    texts = [("leather boots red", "en"), ("leather", "en"), ("leather boots", "en")]
    assert [0, 2] in group_alike(texts)


def test_group__without_a_word_that_says_anything__only_with_the_same() -> None:
    assert group_alike([("??", "en"), ("what is it", "en"), ("?? ", "en")]) == [[0, 2], [1]]


@given(TEXTS)
def test_group__any_texts__each_is_in_one_group_and_the_same_are_together(texts: list[tuple[str, str]]) -> None:
    groups = group_alike(texts)
    of = {number: index for index, group in enumerate(groups) for number in group}
    assert sorted(number for group in groups for number in group) == list(range(len(texts)))
    assert [len(group) for group in groups] == sorted((len(group) for group in groups), reverse=True)
    assert all(of[one] == of[other] for one in of for other in of if texts[one] == texts[other])
