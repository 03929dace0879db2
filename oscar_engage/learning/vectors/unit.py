"""Whose vectors are they once two devices turn out to be one customer's? The older unit's, as its arms are."""

import uuid

from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.visitors.identity import on_join


def join_vectors(younger: uuid.UUID, older: uuid.UUID) -> None:
    """Let the vectors of one unit become those of another, so that learning splits by person and not by device.

    Called once the visitors are joined, inside the caller's transaction; found by the visitors, of whom a customer has few.
    """
    ScoredVector.objects.filter(visit__visitor__unit_of=older, visitor_id=younger).update(visitor_id=older)


on_join(join_vectors)
