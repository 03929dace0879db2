"""What do the models that speak say of this instant? Asked where a vector is kept, so that the log tells what was foretold."""

from oscar_engage.learning.features.instant import Instant
from oscar_engage.learning.features.vector import take_vector
from oscar_engage.learning.registry.live import live_models
from oscar_engage.learning.vectors.write import Scored


def foretell(instant: Instant) -> Scored:
    """Return the vector of ``instant`` with the score and the version of every model that speaks; without a query."""
    vector, models = take_vector(instant), live_models(instant.now)
    return Scored(
        vector,
        scores={task: speaker.score(vector) for task, speaker in models.items()},
        versions={task: speaker.version_id for task, speaker in models.items()},
    )
