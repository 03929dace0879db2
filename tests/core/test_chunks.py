"""Is a long list taken in parts, each item once and in order?"""

from itertools import count, islice

import pytest

from oscar_engage.core.chunks import chunks


@pytest.mark.parametrize(("number", "sizes"), [(0, []), (1, [1]), (6, [3, 3]), (7, [3, 3, 1])])
def test_chunks__any_number__comes_whole_and_in_order(number: int, sizes: list[int]) -> None:
    parts = list(chunks(range(number), 3))
    assert [len(part) for part in parts] == sizes
    assert [item for part in parts for item in part] == list(range(number))


def test_chunks__endless__reads_no_more_than_is_asked_for() -> None:
    assert list(islice(chunks(count(), 2), 2)) == [[0, 1], [2, 3]]
