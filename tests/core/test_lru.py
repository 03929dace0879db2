"""Does the store keep what was used last, and no more than it may?"""

from oscar_engage.core.lru import Lru


def test_get__kept__is_what_was_put() -> None:
    store: Lru[str, int] = Lru(2)
    store.put("a", 1)
    store.put("a", 2)
    assert (store.get("a"), store.get("b")) == (2, None)


def test_put__full__lets_go_of_what_was_not_used_for_longest() -> None:
    store: Lru[str, int] = Lru(2)
    store.put("a", 1)
    store.put("b", 2)
    store.get("a")
    store.put("c", 3)
    assert [store.get(name) for name in "abc"] == [1, None, 3]
