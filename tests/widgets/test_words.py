"""Does everybody get words they can read, and the same wording each time?"""

from collections import Counter
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.wordings import draw_variant, language_shown, wordings_of, words_of
from oscar_engage.widgets.words import FIRST, Wording, Words, draw, find_language

CODES = st.sampled_from(["en", "en-gb", "de", "de-at", "de-ch", "pt-br", "zh-hans"])
NAMES = "ABCD"


@pytest.mark.parametrize(
    ("languages", "wanted", "shown"),
    [
        (["en", "de", "de-at"], "de-at", "de-at"),
        (["en", "de", "de-ch"], "de-at", "de"),
        (["en", "de-ch"], "de-at", "de-ch"),
        (["en", "de"], "DE-AT", "de"),
        (["en", "de"], "fr", "en"),
        (["it", "de"], "fr", "de"),
        (["en", "de"], "", "en"),
    ],
)
def test_find_language__what_there_is__that_or_a_like_one_or_the_shops_own(
    languages: list[str], wanted: str, shown: str
) -> None:
    assert find_language(languages, wanted, own="en") == shown


def test_find_language__none_at_all__is_refused() -> None:
    with pytest.raises(ValueError, match="no words"):
        find_language([], "de", own="en")


@given(st.sets(CODES, min_size=1), CODES, CODES)
def test_find_language__any__is_one_of_them_and_like_the_wanted_one_if_one_is(
    languages: set[str], wanted: str, own: str
) -> None:
    shown = find_language(languages, wanted, own=own)

    assert shown in languages
    if any(code[:2] == wanted[:2] for code in languages):
        assert shown[:2] == wanted[:2]


def wordings(*shares: int) -> list[Wording]:
    return [Wording(name, share, {"en": Words(name)}) for name, share in zip(NAMES, shares, strict=False)]


@pytest.mark.parametrize(("position", "name"), [(0.0, "A"), (0.4999, "A"), (0.5, "B"), (0.79, "B"), (0.8, "C"), (0.999, "C")])
def test_draw__position__falls_into_the_share_it_lies_in(position: float, name: str) -> None:
    assert draw(wordings(50, 30, 20), position) == name


def test_draw__one_wording__nothing_is_drawn() -> None:
    assert draw(wordings(100), 0.5) == ""


def test_draw__shares_that_do_not_add_up__falls_back_to_the_first() -> None:
    assert draw(wordings(10, 10), 0.9) == FIRST


@given(st.lists(st.integers(1, 49), min_size=2, max_size=2), st.floats(0, 1, exclude_max=True))
def test_draw__any_position__is_one_of_them(shares: list[int], position: float) -> None:
    assert draw(wordings(100 - sum(shares), *shares), position) in {"A", "B", "C"}


def engagement(**fields: object) -> Engagement:
    variants = [{"name": "B", "share": 30, "texts": {"en": {"title": "Second", "body": "", "button": ""}}}]
    return Engagement(
        **{  # type: ignore[arg-type]  # fields of the model
            "pk": 7,
            "slug": "help",
            "widget": "note",
            "title": "First",
            "translations": {"de": {"title": "Erstens", "body": "", "button": ""}},
            "variants": variants,
            **fields,
        }
    )


def test_words_of__wording_and_language__those_or_the_nearest() -> None:
    made = engagement()
    found = [
        words_of(made, language, variant).title for language, variant in (("de-at", ""), ("de", "B"), ("fr", "A"), ("de", "Z"))
    ]

    assert found == ["Erstens", "Second", "First", "Erstens"]
    assert (language_shown(made, "de-at"), language_shown(made, "de", "B")) == ("de", "en")
    assert [(one.name, one.share) for one in wordings_of(made)] == [("A", 70), ("B", 30)]


def test_draw_variant__thousands_of_visitors__as_many_as_the_shares_and_each_the_same_again() -> None:
    visitors = [uuid5(UUID(int=0), str(number)) for number in range(4000)]
    drawn = [draw_variant(engagement(), visitor, salt="s") for visitor in visitors]

    assert 0.27 < Counter(drawn)["B"] / len(drawn) < 0.33
    assert drawn == [draw_variant(engagement(), visitor, salt="s") for visitor in visitors]
    assert drawn != [draw_variant(engagement(pk=8), visitor, salt="s") for visitor in visitors]
    assert drawn != [draw_variant(engagement(), visitor, salt="other") for visitor in visitors]


def test_draw_variant__one_wording__none() -> None:
    assert draw_variant(engagement(variants=[]), UUID(int=1), salt="s") == ""
