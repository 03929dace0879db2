"""How like are two questions? By the weight of what both say, never above one."""

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.answers.index import build_index
from oscar_engage.answers.likeness import collect_phrases, most_like
from oscar_engage.answers.passage import Passage
from oscar_engage.answers.rank import rank

WORDS = st.sampled_from("abcdefgh")
PHRASES = st.lists(st.tuples(st.integers(-3, 3), st.dictionaries(WORDS, st.sampled_from([0.3, 1.0, 2.0]))), max_size=8)


@given(PHRASES, st.lists(st.dictionaries(WORDS, st.floats(0, 1)), max_size=6), st.dictionaries(WORDS, st.floats(0.1, 5)))
def test_like__anything__a_share_of_owners_that_there_are(
    terms: list[tuple[int, dict[str, float]]], meanings: list[dict[str, float]], weights: dict[str, float]
) -> None:
    phrases = collect_phrases(terms, weights, 5.0)

    found = most_like(phrases, meanings, [1.0] * len(meanings))

    assert found.keys() <= {owner for owner, _stems in terms}
    assert all(0 <= like <= 1 for like in found.values())


def test_like__same_words__one_and_half_of_them_two_thirds() -> None:
    phrases = collect_phrases([(1, {"lost": 1.0, "peg": 1.0}), (2, {"lost": 1.0})], {"lost": 2.0, "peg": 2.0}, 9.0)

    assert most_like(phrases, [{"lost": 1.0}, {"peg": 1.0}], [2.0, 2.0]) == {1: 1.0, 2: 2 / 3}


def test_like__two_phrases_of_one_owner__the_nearer_counts() -> None:
    phrases = collect_phrases([(1, {"far": 1.0, "lost": 1.0}), (1, {"lost": 1.0})], {}, 1.0)

    assert most_like(phrases, [{"lost": 1.0}], [1.0]) == {1: 1.0}


def test_rank__asked_so_before__its_article_before_one_of_more_words() -> None:
    said = {"language": "en", "heading": "", "url": "/"}
    by_text = Passage(article="text", title="Pegs", text="A soft ground may swallow a peg.", **said)
    asked = "My peg is bent\nThe ground swallowed a peg"
    by_asked = Passage(article="asked", title="Parts", text="Phone us.", asked=asked, **said)

    found = rank(build_index([by_text, by_asked], language="en"), "ground swallowed my peg").found

    assert [one.passage.article for one in found] == ["asked", "text"]
    assert found[0].like == 1.0
