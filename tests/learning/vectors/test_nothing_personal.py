"""Is nothing personal in what is learnt from and in what models say? Held against two people who do the same."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oscar_engage.learning.features.schema import NAMES, PLACES
from oscar_engage.learning.nightly.child import Ended
from oscar_engage.learning.nightly.models import TrainingRun
from oscar_engage.learning.nightly.run import learn
from oscar_engage.learning.registry.models import ModelVersion, Task
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.rules.models import Rule
from oscar_engage.visitors.models import Visitor
from tests.learning.nightly.models import better
from tests.learning.people import KIM, KIM_SHORT, ZOE, Person, columns_of, shop_as
from tests.learning.vectors.browser import Browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_treated")]


def vectors_of(browser: Browser) -> list[list[float | None]]:
    return list(ScoredVector.objects.filter(visit=browser.visit).order_by("pk").values_list("values", flat=True))


@pytest.mark.attack("I09")
def test_vectors__two_people_who_do_the_same__are_the_same_bit_for_bit(rule: Rule) -> None:
    zoe, kim = vectors_of(shop_as(ZOE)), vectors_of(shop_as(KIM))
    assert len(zoe) == len(kim) >= 5
    assert any(values[PLACES["basket_total"]] == 49.5 for values in zoe), "what they did is seen"
    told = [
        (place, name, one, other)
        for place, (ours, theirs) in enumerate(zip(zoe, kim, strict=True))
        for name, one, other in zip(NAMES, ours, theirs, strict=True)
        if one != other
    ]
    assert told == [], "a feature tells who somebody is, or what they looked for"


@pytest.mark.attack("I09")
def test_vectors__every_column__holds_numbers_and_no_word_of_the_person(rule: Rule) -> None:
    browser = shop_as(ZOE)
    rows = list(ScoredVector.objects.filter(visit=browser.visit))
    for row in rows:
        assert all(value is None or type(value) in (int, float) for value in row.values)
        ids = {"visit_id", "visitor_id", "decision_id"}  # random, and what erasure finds them by
        text = json.dumps({name: value for name, value in columns_of(row).items() if name not in ids}, default=str)
        assert ZOE.is_told_by(text) == []
    assert {row.occasion for row in rows} >= {"product", "moment"}


def told_in(folder: Path, *people: Person) -> list[str]:
    """Return what of these people stands in the files that training reads, as text or as a number in a row."""
    raw = b"".join(path.read_bytes() for path in folder.iterdir())
    found = [name for one in people for name in one.is_told_by(raw.decode("latin-1"))]
    visitors = list(Visitor.objects.values_list("pk", flat=True))
    return found + [str(pk) for pk in visitors if pk.bytes in raw or pk.hex.encode() in raw or str(pk).encode() in raw]


@pytest.mark.attack("I09")
@pytest.mark.parametrize("task", Task)
def test_learn__what_training_reads_and_what_is_kept_of_it__names_nobody(task: str, rule: Rule) -> None:
    zoe, kim = shop_as(ZOE), shop_as(KIM)
    read: list[list[str]] = []
    train = better(task)

    def watch(folder: Path, of: Task, seconds: int) -> Ended:
        read.append([name for name in told_in(folder, ZOE, KIM) if name not in KIM_SHORT])
        return train(folder, of, seconds)

    now = max(zoe.now, kim.now) + timedelta(days=20)  # what came of it is known by then
    learn(task, cause="night", clock=lambda: now, train=watch)

    assert read == [[]]
    kept: list[Any] = [*TrainingRun.objects.all(), *ModelVersion.objects.all()]
    text = json.dumps([columns_of(row) for row in kept], default=str)
    assert [name for one in (ZOE, KIM) for name in one.is_told_by(text) if name not in KIM_SHORT] == []
    assert [str(pk) for pk in Visitor.objects.values_list("pk", flat=True) if str(pk) in text or pk.hex in text] == []
