"""Which numbers does the model of each task read? All read the vector; that of uplift also in which way we would help.

The log keeps vector and way apart, so what was logged before there were ways can still be learnt from, and a model of uplift
that was fitted to the vector alone still speaks: of every way alike.
"""

from collections.abc import Sequence
from hashlib import sha256

from oscar_engage.learning.features.schema import NAMES, SCHEMA
from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.ways import WAY_NAMES, with_way

UPLIFT = "uplift"
UPLIFT_NAMES: tuple[str, ...] = (*NAMES, *WAY_NAMES)
UPLIFT_SCHEMA: str = sha256("\n".join((SCHEMA, *WAY_NAMES)).encode()).hexdigest()[:16]
"""Another one whenever that of the vector is, or the ways are others."""

SPEAKABLE: frozenset[str] = frozenset({SCHEMA, UPLIFT_SCHEMA})
"""Schemas of models that can speak today."""


def names_of(task: str) -> tuple[str, ...]:
    """Return what a model of ``task`` that is fitted today reads, in its order."""
    return UPLIFT_NAMES if task == UPLIFT else NAMES


def schema_of(task: str) -> str:
    """Return the schema of these names."""
    return UPLIFT_SCHEMA if task == UPLIFT else SCHEMA


def schemas_of(task: str) -> frozenset[str]:
    """Return the schemas on which a model of ``task`` can speak: today's, and the vector's alone."""
    return frozenset({SCHEMA, schema_of(task)})


def read_for(document: Document, vector: Sequence[float | None], way: str) -> tuple[float | None, ...]:
    """Return what ``document`` reads of a vector and a way."""
    return with_way(vector, way) if document.schema == UPLIFT_SCHEMA else tuple(vector)
