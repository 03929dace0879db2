"""A registry is loud."""

import pytest

from oscar_engage.core.registry import DuplicateEntryError, Registry, UnknownEntryError


@pytest.fixture
def fruits() -> Registry[str]:
    registry: Registry[str] = Registry("fruit")
    registry.register("apple", "green")
    registry.register("banana", "yellow")
    return registry


def test_register__new_name__returns_the_entry_and_finds_it(fruits):
    assert fruits.register("cherry", "red") == "red"
    assert fruits.get("cherry") == "red"


def test_register__taken_name__raises_and_keeps_the_first(fruits):
    with pytest.raises(DuplicateEntryError, match="fruit 'apple'"):
        fruits.register("apple", "red")
    assert fruits.get("apple") == "green"


def test_get__near_miss__says_what_was_meant(fruits):
    with pytest.raises(UnknownEntryError, match=r"no fruit 'aple'\. Did you mean 'apple'\?"):
        fruits.get("aple")


def test_get__nothing_near__names_only_the_unknown(fruits):
    with pytest.raises(UnknownEntryError, match=r"no fruit 'xyz'\.$"):
        fruits.get("xyz")
    assert fruits.nearest("xyz") is None


def test_registry__iterated__keeps_the_order_of_registration(fruits):
    assert fruits.names() == ("apple", "banana")
    assert list(fruits) == ["green", "yellow"]
    assert len(fruits) == 2
    assert "apple" in fruits
    assert "pear" not in fruits


def test_only__block_over__what_was_there_is_back() -> None:
    registry: Registry[int] = Registry("number")
    registry.register("one", 1)

    with registry.only("two", 2):
        assert registry.names() == ("two",)

    assert registry.names() == ("one",)
