"""The schema that models are fitted to: stable, documented, and nothing in it says who somebody is."""

from hashlib import sha256

import pytest

from oscar_engage.learning.features.schema import FEATURES, NAMES, PLACES, SCHEMA, VERSION

SENSITIVE = ("query", "email", "customer", "country", "postcode", "product_id", "order_id", "name", "address", "language")


def test_schema__names__are_unique_and_in_their_places() -> None:
    assert 30 <= len(NAMES) <= 40
    assert [NAMES[place] for place in PLACES.values()] == list(NAMES)
    assert len(PLACES) == len(NAMES)


def test_schema__hash__is_of_version_and_names_in_their_order() -> None:
    assert sha256("\n".join((str(VERSION), *NAMES)).encode()).hexdigest()[:16] == SCHEMA
    assert len(SCHEMA) == 16


def test_schema__changed__is_a_decision_and_not_an_accident() -> None:
    """Models of another schema do not speak: a shop falls back to its rules until it has learnt anew."""
    assert SCHEMA == "08a499387db8e93b"


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_feature__each__says_what_it_means(feature) -> None:
    assert feature.meaning
    assert feature.unit.words
    assert feature.unit.low < feature.unit.high <= 1e9


@pytest.mark.attack("I09")
def test_schema__names__name_nothing_personal() -> None:
    assert [name for name in NAMES if any(word in name for word in SENSITIVE)] == []
