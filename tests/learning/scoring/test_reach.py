"""Is a vector read no farther than a model learnt, by whoever scores or explains, and as it is where that is not known?"""

import msgspec
from hypothesis import given

from oscar_engage.learning.scoring.contributions import contributions
from oscar_engage.learning.scoring.document import Document, read_document, write_document
from oscar_engage.learning.scoring.reach import cut
from oscar_engage.learning.scoring.score import score
from tests.learning.scoring.examples import documents, make_document, vectors

REACH = ((0.0, 10.0), (-1.0, 1.0), (5.0, 5.0), (0.0, 1.0))
Vector = tuple[float | None, ...]


def test_cut__beyond_an_edge__is_the_edge_and_missing_stays_missing() -> None:
    assert list(cut(REACH, (11.0, -2.0, 7.0, None))) == [10.0, -1.0, 5.0, None]
    assert list(cut(REACH, (3.0, 0.5, None, 1.0))) == [3.0, 0.5, None, 1.0]


@given(vector=vectors)
def test_cut__any__lies_within_and_a_second_time_changes_nothing(vector: Vector) -> None:
    found = cut(REACH, vector)
    assert all(one is None or low <= one <= high for one, (low, high) in zip(found, REACH, strict=True))
    assert list(cut(REACH, found)) == list(found)
    assert [one is None for one in found] == [one is None for one in vector]


@given(document=documents, vector=vectors)
def test_score__any__is_that_of_the_nearest_it_learnt_from(document: Document, vector: Vector) -> None:
    near = tuple(cut(document.reach, vector))
    assert score(document, vector) == score(document, near)
    assert contributions(document, vector) == contributions(document, near)


@given(vector=vectors)
def test_score__written_before_models_said_how_far_they_reach__speaks_as_it_did(vector: Vector) -> None:
    with_reach = make_document(3, task="uplift", replicas=2, has_reach=True)
    before = msgspec.structs.replace(with_reach, format=1, reach=())
    text = write_document(before).replace(',"reach":[]', "")
    assert '"reach"' not in text
    old = read_document(text)
    assert score(old, vector) == score(before, vector)
    assert score(with_reach, cut(with_reach.reach, vector)) == score(before, cut(with_reach.reach, vector))
