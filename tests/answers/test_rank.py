"""Is the right article first for what people really type?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.answers.confidence import probability, suggest
from oscar_engage.answers.index import build_index
from oscar_engage.answers.passage import Passage
from oscar_engage.answers.rank import MOST_FOUND, rank
from tests.answers.library import index, passages

ENGLISH, GERMAN = index("en"), index("de")


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("Can I return this?", "returns"),
        ("how do i send somthing bakc", "returns"),
        ("forgoten my pasword", "password"),
        ("wen do I get my reimbursment", "refund"),
        ("do you deliver to Malta", "abroad"),
        ("washing my jackets", "wash"),
        ("where does the coupon go", "voucher"),
        ("how much is postage", "delivery"),
    ],
)
def test_rank__english_question__its_article_first(question: str, article: str) -> None:
    assert rank(ENGLISH, question).found[0].passage.article == article


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("Wie schicke ich etwas zurück?", "returns"),
        ("wo ist das Etikett für die Rücksendung", "returns"),
        ("pasword vergesen", "password"),
        ("Größe Schuhe", "size"),
        ("GROESSE DER SCHUHE", "size"),
        ("Was kostet der Versand", "delivery"),
        ("Bestellungsrechnung", "invoice"),
        ("kontolöschung", "account"),
    ],
)
def test_rank__german_question__its_article_first(question: str, article: str) -> None:
    assert rank(GERMAN, question).found[0].passage.article == article


@pytest.mark.parametrize("question", ["", "   ", "how do I", "???", "\x00", "a" * 5000])
def test_rank__nothing_meant__nothing_found(question: str) -> None:
    assert not rank(ENGLISH, question).found


def test_rank__no_passages__nothing_found() -> None:
    empty = build_index([], language="en")

    assert not rank(empty, "Can I return this?").found
    assert suggest(rank(empty, "Can I return this?")) is None


def test_rank__more_than_three_fit__three_articles_each_once() -> None:
    found = rank(ENGLISH, "parcels paid code table days").found

    assert len({one.passage.article for one in found}) == len(found) == MOST_FOUND


def test_rank__same_question_twice__same_answer() -> None:
    assert rank(ENGLISH, "delivery parcels") == rank(index("en"), "delivery parcels")


def test_rank__two_words_side_by_side__before_both_apart() -> None:
    apart, together = passages("en")[0], passages("en")[1]
    texts = ("gift is wrapped in paper card", "paper is wrapped in gift card")
    both = [
        type(one)(**{**_fields(one), "text": text, "title": "", "heading": "", "words": ""})
        for one, text in zip((apart, together), texts, strict=True)
    ]

    assert rank(build_index(both, language="en"), "gift card").found[0].passage.article == together.article


def test_rank__longer_than_can_be_looked_up__beginning_counts() -> None:
    question = "return " + " ".join(f"word{number}" for number in range(500))

    assert rank(ENGLISH, question).words == 24


def test_probability__question_of_its_words__surer_than_of_others() -> None:
    sure = probability(rank(ENGLISH, "forgotten password"))

    assert sure > 0.6
    assert probability(rank(ENGLISH, "do you hire astronauts for the summer password festival")) < 0.45


def test_suggest__below_the_threshold__honest_no() -> None:
    ranking = rank(ENGLISH, "is your packaging made of recycled plastic")

    assert suggest(ranking) is None
    assert suggest(ranking, threshold=0.0) is not None or not ranking.found


def test_suggest__sure__passages_with_confidence() -> None:
    suggestion = suggest(rank(ENGLISH, "forgotten password"))

    assert suggestion is not None
    assert suggestion.found[0].passage.article == "password"
    assert 0.5 <= suggestion.confidence <= 1


@given(st.text(max_size=200))
def test_rank__any_text__a_probability_and_no_error(text: str) -> None:
    for built in (ENGLISH, GERMAN):
        ranking = rank(built, text)
        assert 0 <= probability(ranking) <= 1
        assert 0 <= ranking.unknown <= 1
        assert all(0 <= one.covered <= 1 + 1e-9 for one in ranking.found)


def test_index__no_splitting_language__words_stay_whole() -> None:
    assert not ENGLISH.splits
    assert GERMAN.splits


def _fields(one: object) -> dict[str, str]:
    return {name: getattr(one, name) for name in ("article", "language", "title", "heading", "text", "url", "topic", "words")}


def test_rank__two_passages_of_one_article__are_found_as_one_by_the_better() -> None:
    said = {"language": "en", "title": "Care of down", "url": "/down/", "article": "down"}
    pieces = [
        Passage(heading="Washing", text="Wash your down jacket by hand.", **said),
        Passage(heading="Drying", text="Dry your down jacket slowly, with a tennis ball.", **said),
    ]
    found = rank(build_index([*passages("en"), *pieces], language="en"), "dry a down jacket").found
    assert [one.passage.article for one in found].count("down") == 1
    assert found[0].passage.heading == "Drying"
