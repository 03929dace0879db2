"""Did it help, by the shoppers' own word? Each step of help, by day: the self-served beside the agent-served."""

from collections.abc import Iterator
from datetime import datetime

from oscar_engage.analytics.rollups.declare import Day, Key, Rollup, Values
from oscar_engage.analytics.rollups.fill import declare
from oscar_engage.desk.ratings.judge import read_steps
from oscar_engage.desk.ratings.models import Rating, StepRating


def count_satisfaction(day: Day, *, now: datetime) -> Iterator[tuple[Key, Values]]:
    """Return how many judged each step on the day, and how many of them it helped."""
    for step, figures in read_steps(day.starts_at, day.ends_at).items():
        yield (str(step),), (figures.judged, figures.helped)


def begins() -> datetime | None:
    """Return when the oldest word that is kept was said."""
    firsts = [model.objects.order_by("at").values_list("at", flat=True).first() for model in (Rating, StepRating)]
    return min((at for at in firsts if at is not None), default=None)


SATISFACTION = declare(
    Rollup(
        name="satisfaction",
        keys=("step",),
        values=("judged", "helped"),
        count=count_satisfaction,
        open_days=lambda: 1,
        reads=("ratings", "step_ratings"),
        begins=begins,
    )
)
