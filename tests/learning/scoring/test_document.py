"""Is a document read back as it was written, and refused in words where it cannot be used?"""

import json
import random
from typing import Any

import msgspec
import pytest
from hypothesis import given

from oscar_engage.learning.scoring.check import LARGEST, MOST_FEATURES, MOST_NODES
from oscar_engage.learning.scoring.document import LONGEST_TEXT, BadDocumentError, Document, read_document, write_document
from oscar_engage.learning.scoring.parts import Difference, Ensemble, Isotonic, Logistic, Platt
from tests.learning.scoring.examples import documents, make_document, make_sum, make_tree, make_trees

CHANCE = random.Random(5)
SUM = make_sum(CHANCE)
TREES = make_trees(CHANCE)


def plain(document: Document) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(write_document(document))
    return raw


@given(document=documents)
def test_document__any__is_read_back_and_written_alike(document: Document) -> None:
    text = write_document(document)
    assert read_document(text) == document
    assert write_document(read_document(text.encode())) == text


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", "\ud800", '{"format": 3}', "[" * 100_000, "x" * (LONGEST_TEXT + 1)], ids=range(8)
)
def test_read__no_document_at_all__is_refused(text: str) -> None:
    with pytest.raises(BadDocumentError):
        read_document(text)


@pytest.mark.parametrize(
    "more",
    [
        {"task": "wealth"},
        {"format": 2},
        {"format": 3},
        {"reach": [[0, 1]] * 4},
        {"colour": "blue"},
        {"model": {"kind": "pickle"}},
        {"model": None},
        {"features": "abcd"},
    ],
    ids=str,
)
def test_read__what_is_not_in_the_form__is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(BadDocumentError):
        read_document(json.dumps({**plain(make_document(task="exit")), **more}))


def bad_models() -> dict[str, Any]:
    change = msgspec.structs.replace
    deep: Any = SUM
    for _ in range(4):
        deep = Difference(treated=deep, control=SUM)  # type: ignore[arg-type]  # sums
    tree = make_tree(CHANCE)
    return {
        "too short": change(SUM, coefficients=(1.0,)),
        "flags short": change(SUM, logs=(True,)),
        "not finite": change(SUM, means=(float("nan"), 0.0, 0.0, 0.0)),
        "ran away": change(SUM, intercept=LARGEST * 2),
        "scale": change(SUM, scales=(1.0, 1e-10, 1.0, 1.0)),
        "too deep": deep,
        "no member": Ensemble(members=(), weights=()),
        "weights short": Ensemble(members=(SUM,), weights=()),  # type: ignore[arg-type]  # a sum
        "weight": Ensemble(members=(SUM,), weights=(float("inf"),)),  # type: ignore[arg-type]  # a sum
        "base": change(TREES, base=float("inf")),
        "too many trees": change(TREES, trees=(tree,) * 501),
        "no node": change(TREES, trees=(change(tree, feature=()),)),
        "nodes short": change(TREES, trees=(change(tree, value=(1.0,)),)),
        "leaf": change(TREES, trees=(change(tree, value=(float("nan"),) * 7),)),
        "feature": change(TREES, trees=(change(tree, feature=(9, 0, 0, -1, -1, -1, -1)),)),
        "below a leaf": change(TREES, trees=(change(tree, feature=(-2, 0, 0, -1, -1, -1, -1)),)),
        "circle": change(TREES, trees=(change(tree, left=(0, 3, 5, 0, 0, 0, 0)),)),
        "beyond": change(TREES, trees=(change(tree, right=(2, 4, MOST_NODES, 0, 0, 0, 0)),)),
    }


@pytest.mark.parametrize("name", bad_models())
def test_write__model_that_cannot_be_used__is_refused(name: str) -> None:
    model = bad_models()[name]
    good = make_document(task="uplift")
    for document in (msgspec.structs.replace(good, model=model), msgspec.structs.replace(good, replicas=(model,))):
        with pytest.raises(BadDocumentError):
            write_document(document)


@pytest.mark.parametrize(
    "more",
    [
        {"features": ()},
        {"features": ("a", "a", "b", "c")},
        {"features": ("", "a", "b", "c")},
        {"features": tuple(map(str, range(MOST_FEATURES + 1)))},
        {"rung": "x" * 65},
        {"replicas": (SUM,) * 51},
        {"metrics": {"auc": float("nan")}},
        {"metrics": dict.fromkeys(map(str, range(201)), 1.0)},
        {"calibration": Platt(a=-1.0, b=0.0)},
        {"calibration": Platt(a=1.0, b=float("inf"))},
        {"calibration": Isotonic(x=(), y=())},
        {"calibration": Isotonic(x=(0.1, 0.2), y=(0.1,))},
        {"calibration": Isotonic(x=(0.2, 0.1), y=(0.1, 0.2))},
        {"calibration": Isotonic(x=(0.1, 0.2), y=(0.2, 0.1))},
        {"calibration": Isotonic(x=(0.1, 0.2), y=(0.1, 1.2))},
        {"calibration": Isotonic(x=(0.1, float("nan")), y=(0.1, 0.2))},
        {"format": 2, "reach": ((0.0, 1.0),) * 3},
        {"format": 2, "reach": ((1.0, 0.0),) * 4},
        {"format": 2, "reach": ((0.0, float("inf")),) * 4},
        {"format": 2, "reach": ((float("nan"), 1.0),) * 4},
    ],
    ids=range(20),
)
def test_write__frame_that_cannot_be_used__is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(BadDocumentError):
        write_document(msgspec.structs.replace(make_document(3, task="exit"), **more))


def test_read__written_elsewhere_and_not_checked__is_checked_here() -> None:
    raw = plain(msgspec.structs.replace(make_document(task="exit"), model=SUM))
    raw["model"]["scales"][0] = 0
    with pytest.raises(BadDocumentError, match="scale"):
        read_document(json.dumps(raw))
    assert isinstance(SUM, Logistic)
