"""Did this step help? The one place where articles, automatic answers and calls say so; and all steps side by side."""

import uuid
from datetime import datetime

from oscar_engage.desk.ratings.models import Rating, Step, StepRating
from oscar_engage.desk.ratings.steps import StepFigures, figures_by_step, has_helped

LONGEST_SUBJECT = 64


def judge_step(step: Step, *, subject: str, visitor_id: uuid.UUID, helped: bool, now: datetime) -> StepRating:
    """Keep whether ``step`` helped this visitor, or change it, and return it.

    ``subject`` says which of its kind it was: the slug of an article, the id of an answer or a call. A note or a chat is rated
    with ``give.rate``; here it raises ``ValueError``.
    """
    if step in (Step.NOTE, Step.CHAT):
        raise ValueError(f"A {step} is rated as a conversation.")
    told = {"helped": helped, "at": now}
    rating, _is_new = StepRating.objects.update_or_create(
        visitor_id=visitor_id, step=step, subject=subject[:LONGEST_SUBJECT], defaults=told
    )
    return rating


def read_steps(since: datetime, until: datetime) -> dict[str, StepFigures]:
    """Return the figures of each step that was judged in ``[since, until)``; two queries."""
    alone = StepRating.objects.filter(at__gte=since, at__lt=until).values_list("step", "helped")
    rated = Rating.objects.filter(at__gte=since, at__lt=until).values_list("conversation__kind", "score")
    return figures_by_step([*alone, *((kind, has_helped(score)) for kind, score in rated)])
