"""What does the one that speaks say of these rows? Asked as the web process asks it."""

from datetime import datetime

import numpy as np

from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.score import prepare
from oscar_engage.learning.training.data import Data, Floats
from oscar_engage.learning.training.export import vector_of


def fits(champion: Document | None, task: str, data: Data) -> Document | None:
    """Return the champion if it speaks about the same features for the same task, else nobody."""
    if champion is None or champion.task != task:
        return None
    return champion if (champion.schema, tuple(champion.features)) == (data.schema, data.names) else None


def ask(champion: Document, values: Floats) -> Floats:
    """Return what it says of each row."""
    say = prepare(champion)
    return np.array([say(vector_of(row)).value for row in values], dtype=np.float64)


def seen_until(champion: Document | None) -> float | None:
    """Return the time of the newest row that it learnt from, in seconds since 1970; None where it does not say."""
    if champion is None or not champion.window.until:
        return None
    return datetime.fromisoformat(champion.window.until).timestamp()
