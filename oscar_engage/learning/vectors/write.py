"""How is a scored vector kept? With the beat that it was scored in, in the same trip as what the visit remembers of it.

Nothing is asked of the database. A snapshot costs one trip where the driver takes several statements at once; a beat in which
none is due costs microseconds. It stands in a savepoint: what fails here is undone alone, noted, and tried no more for a while.
"""

import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
from django.db import DatabaseError, connections, router

from oscar_engage.conf import get_settings
from oscar_engage.decisions.decide import Drawn
from oscar_engage.learning.features.instant import Instant
from oscar_engage.learning.features.schema import SCHEMA
from oscar_engage.learning.features.vector import Vector, take_vector
from oscar_engage.learning.vectors.due import Due, find_due
from oscar_engage.learning.vectors.models import Occasion, ScoredVector
from oscar_engage.learning.ways import way_of
from oscar_engage.signals.breaker import Breaker
from oscar_engage.signals.faults import note_fault
from oscar_engage.statements.rows import inserting_new, updating_row
from oscar_engage.statements.together import Statement, run
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.state import to_json

BREAKER = Breaker()
"""Keeps a table that cannot be written from costing every beat a savepoint."""

_SAVEPOINT = "engage_vectors"


@dataclass(frozen=True, slots=True)
class Scored:
    """A vector and what the models that speak said of it.

    ``scores``: by task (``registry.models.Task``) the value with its low and high end; ``versions``: by task the id of the
    ``ModelVersion`` that spoke. ``way``: in which way help was thought of (``scoring.ways``). ``explored`` are the rules that
    the model advised against and that went on all the same, to learn where it is sure. ``is_far``: the model of uplift has not
    learnt from such as this, so what it says speaks against nobody. ``may_outrank``: it is of a kind that may keep an agent's
    place for others. Example: ``Scored(vector, {"uplift": (0.02, 0.01, 0.03)}, {"uplift": 7})``.
    """

    vector: Vector
    scores: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    explored: frozenset[int] = frozenset()
    way: str = ""
    is_far: bool = False
    may_outrank: bool = True


Foretell = Callable[[Instant, str], Scored]
"""Takes the vector of an instant and has the models score it, help thought of by an action of this name (empty: by none).

Asked where a row is written, once for each."""


def foretell_nothing(instant: Instant, action: str = "") -> Scored:
    """Return the vector alone: no model speaks."""
    return Scored(take_vector(instant), way=way_of(action) if action else "")


def may_keep(visitor: Visitor, consent: int) -> bool:
    """Whether this visitor's visits are put down in numbers: shoppers who agreed to statistics, where ``LEARNING`` is on."""
    return get_settings().has("learning") and consent >= ConsentLevel.STATISTICS and not visitor.is_uncounted


def keep_vectors(
    visitor: Visitor,
    visit: Visit,
    instant: Instant,
    *,
    consent: int,
    drawn: Drawn | None = None,
    foretell: Foretell = foretell_nothing,
) -> None:
    """Write the snapshot that is due at ``instant``, if one is, and the moment whose arm was drawn, if one was.

    Without the consent to personalisation no model is asked: the vector is counted, nothing is foretold of anybody. Call it
    last in the transaction that holds the visit; ``instant.state`` is what stands there. Raises only where the connection
    itself is lost.
    """
    try:
        if not may_keep(visitor, consent):
            return
        due = find_due(instant.state, instant.idle_seconds)
        if (due is None and drawn is None) or not BREAKER.admits(now=time.monotonic()):
            return
        ask = partial(_ask, foretell if consent >= ConsentLevel.PERSONALISATION else foretell_nothing, instant)
        rows = [{**_row(visitor, visit, instant), **columns} for columns in _rows(ask, due, drawn)]
        statements = [inserting_new(ScoredVector, rows, key="decision_id"), *_remembering(visit, instant, due)]
    except Exception:  # noqa: BLE001 - what is learnt from a beat must not cost the beat
        note_fault("vectors")
        return
    _write(statements)


def _ask(foretell: Foretell, instant: Instant, action: str) -> Scored:
    """Return what is foretold; where that fails, the vector alone: a broken model must not blind what replaces it."""
    try:
        return foretell(instant, action)
    except Exception:  # noqa: BLE001 - as in keep_vectors
        note_fault("foretell")
        return foretell_nothing(instant, action)


def _row(visitor: Visitor, visit: Visit, instant: Instant) -> dict[str, Any]:
    """Return what every row of this instant holds."""
    return {"visit_id": visit.pk, "visitor_id": visitor.unit_id, "at": instant.now}


def columns_of(scored: Scored) -> dict[str, Any]:
    """Return the columns of ``ScoredVector`` that say what was scored."""
    values = {"schema": SCHEMA, "values": list(scored.vector), "versions": dict(scored.versions), "way": scored.way}
    return {**values, **_columns(scored.scores)}


def _rows(ask: Callable[[str], Scored], due: Due | None, drawn: Drawn | None) -> Iterable[dict[str, Any]]:
    """Give the columns of each row to insert; all have the same. A moment is scored for what its rule was about to do."""
    if due is not None:
        yield {**columns_of(ask("")), "occasion": due.occasion, **_of_moment(None, frozenset())}
    if drawn is not None:
        scored = ask(drawn.action)
        yield {**columns_of(scored), "occasion": Occasion.MOMENT.value, **_of_moment(drawn, scored.explored)}


def _columns(scores: Mapping[str, tuple[float, float, float]]) -> dict[str, float | None]:
    nothing = (None, None, None)
    value, low, high = scores.get("uplift", nothing)
    return {
        "propensity": scores.get("propensity", nothing)[0],
        "exit": scores.get("exit", nothing)[0],
        "uplift": value,
        "uplift_low": low,
        "uplift_high": high,
    }


def _of_moment(drawn: Drawn | None, explored: frozenset[int]) -> dict[str, uuid.UUID | int | str | float | bool | None]:
    return {
        "decision_id": drawn.decision_id if drawn else None,
        "rule_id": drawn.rule_id if drawn else None,
        "arm": str(drawn.arm) if drawn else "none",
        "probability": drawn.probability if drawn else None,
        "chance": drawn.chance if drawn else None,
        **explored_columns(drawn is not None and drawn.rule_id in explored),
    }


def explored_columns(is_explored: bool) -> dict[str, Any]:
    """Return the columns of ``ScoredVector`` that say whether a moment went on against the advice, and what it stands for."""
    return {"is_explored": is_explored, "explored_share": get_settings().learning_explores if is_explored else None}


def _remembering(visit: Visit, instant: Instant, due: Due | None) -> Iterable[Statement]:
    """Give what has the visit remember the snapshot."""
    if due is not None:
        state = msgspec.structs.replace(instant.state, snapshots=due.snapshots)
        visit.state = to_json(state)
        yield updating_row(Visit, visit.pk, state=visit.state)


def _write(statements: Sequence[Statement]) -> None:
    """Run them in a savepoint of their own, all in one trip."""
    connection = connections[router.db_for_write(ScoredVector)]
    try:
        run(connection, Statement(f"SAVEPOINT {_SAVEPOINT}"), *statements, Statement(f"RELEASE SAVEPOINT {_SAVEPOINT}"))
    except DatabaseError:
        BREAKER.record_failure(now=time.monotonic())
        note_fault("vectors")
        run(connection, Statement(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}"))
    else:
        BREAKER.record_success()
